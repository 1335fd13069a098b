"""A training or a model as one self-contained page: drawn by pure functions, no script."""
