-- name: find
SELECT v.dataset, v.version FROM app.dataset_version v
JOIN app.dataset d ON d.id = v.dataset
WHERE d.name = $name AND v.sha256 = $sha256 AND v.options::VARCHAR = $options
ORDER BY v.version DESC LIMIT 1;

-- name: by_name
SELECT d.id, (SELECT max(version) FROM app.dataset_version v WHERE v.dataset = d.id) AS last
FROM app.dataset d WHERE d.name = $name;

-- name: add_dataset
INSERT INTO app.dataset (id, name, created_at, description, tags) VALUES ($id, $name, $at, '', []);

-- name: add_version
INSERT INTO app.dataset_version (
    dataset, version, filename, sha256, row_count, column_count, size_bytes, synthetic,
    table_name, notes, created_at, source, added_by, options, questions, original, rejects, rejected
) VALUES (
    $dataset, $version, $filename, $sha256, $rows, $columns, $size_bytes, $synthetic,
    $table_name, $notes, $at, $source, $added_by, $options, $questions, $original, $rejects,
    $rejected
);

-- name: add_column
INSERT INTO app.dataset_column VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: get
SELECT v.*, d.name, d.description, d.tags FROM app.dataset_version v JOIN app.dataset d ON d.id = v.dataset
WHERE v.dataset = $dataset
ORDER BY v.version DESC;

-- name: latest
SELECT v.*, d.name, d.description, d.tags FROM app.dataset_version v JOIN app.dataset d ON d.id = v.dataset
WHERE (v.created_at, v.dataset) < ($at, $id)
  AND v.version = (SELECT max(o.version) FROM app.dataset_version o WHERE o.dataset = v.dataset)
ORDER BY v.created_at DESC, v.dataset DESC
LIMIT $limit;

-- name: columns
SELECT dataset, version, name, type, missing, distinct_count, words FROM app.dataset_column
WHERE dataset IN (SELECT unnest($datasets))
ORDER BY dataset, version, position;

-- name: tables
SELECT version, table_name, original, rejects FROM app.dataset_version WHERE dataset = $dataset;

-- name: delete_versions
DELETE FROM app.dataset_version WHERE dataset = $dataset AND version IN (SELECT unnest($versions));

-- name: delete_columns
DELETE FROM app.dataset_column WHERE dataset = $dataset AND version IN (SELECT unnest($versions));

-- name: delete_profiles
DELETE FROM app.dataset_profile WHERE dataset = $dataset AND version IN (SELECT unnest($versions));

-- name: delete_dataset
DELETE FROM app.dataset WHERE id = $dataset
AND NOT EXISTS (SELECT 1 FROM app.dataset_version v WHERE v.dataset = $dataset);

-- name: origin
SELECT source, added_by, options, questions, original, rejects, rejected
FROM app.dataset_version WHERE dataset = $dataset AND version = $version;

-- name: set_questions
UPDATE app.dataset_version SET questions = $questions
WHERE dataset = $dataset AND version = $version;

-- name: describe
UPDATE app.dataset SET name = coalesce($name, name),
    description = coalesce($description, description), tags = coalesce($tags, tags)
WHERE id = $dataset;

-- name: name_taken
SELECT 1 AS found FROM app.dataset WHERE name = $name AND id <> $dataset;

-- name: orphans
SELECT table_name FROM duckdb_tables()
WHERE schema_name = 'data' AND table_name NOT IN (SELECT table_name FROM app.dataset_version);
