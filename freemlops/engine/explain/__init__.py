"""Explains any exported graph by asking it: nothing here knows what kind of model is inside."""
