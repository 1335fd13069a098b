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

-- name: unused
SELECT sha256 FROM app.artifact
WHERE sha256 NOT IN (SELECT sha256 FROM app.candidate_artifact)
  AND sha256 NOT IN (SELECT original FROM app.dataset_version WHERE original IS NOT NULL)
  AND sha256 NOT IN (SELECT rejects FROM app.dataset_version WHERE rejects IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM app.model_version m WHERE contains(m.artifacts::VARCHAR, sha256));
