-- name: space
SELECT block_size, total_blocks, used_blocks, free_blocks
FROM pragma_database_size() WHERE database_name = current_database();

-- name: migration
SELECT max(number) AS number FROM app.migration;

-- name: tables
SELECT schema_name, table_name, estimated_size FROM duckdb_tables()
WHERE database_name = current_database() AND NOT internal
ORDER BY schema_name, table_name;
