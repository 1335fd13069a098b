"""How good a candidate is, where it fails, and how sure that is: from its stored answers."""
