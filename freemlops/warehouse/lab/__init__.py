"""The SQL lab: a published copy of what researchers may see, and children that query it."""
