-- name: get
SELECT sha256, format, size_bytes FROM app.artifact WHERE sha256 = $sha256;

-- name: add
INSERT INTO app.artifact VALUES ($sha256, $format, $size_bytes, $at);

-- name: delete
DELETE FROM app.artifact WHERE sha256 = $sha256;

-- name: orphans
SELECT table_name FROM duckdb_tables()
WHERE schema_name = 'blob'
  AND table_name NOT IN (SELECT 'b_' || sha256 FROM app.artifact);
