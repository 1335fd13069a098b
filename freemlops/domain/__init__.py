"""The nouns of the product and the rules between them: plain data, standard library only."""
