"""The only part that speaks DuckDB: one file, one owner, one writer, a store for each noun."""
