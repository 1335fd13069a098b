"""`freemlops serve-model`: one model over HTTP, without warehouse, pages or training libraries."""
