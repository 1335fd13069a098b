-- name: prepare
CREATE TABLE IF NOT EXISTS live.main.shape (shape VARCHAR);
CREATE TABLE IF NOT EXISTS live.main.seen (run VARCHAR, mark UBIGINT);

-- name: shape
SELECT shape FROM live.main.shape;

-- name: views
SELECT view_name AS name, coalesce(comment, '') AS about
FROM duckdb_views() WHERE schema_name = 'lab' AND database_name = current_database()
ORDER BY view_oid;

-- name: columns
SELECT table_name AS view, column_name AS name, data_type AS type, coalesce(comment, '') AS about
FROM duckdb_columns() WHERE schema_name = 'lab' AND database_name = current_database()
ORDER BY table_name, column_index;

-- name: marked
SELECT column_name AS name
FROM duckdb_columns()
WHERE schema_name = 'app' AND table_name = 'run' AND database_name = current_database()
  AND data_type NOT IN ('VARIANT') AND column_name <> 'signature'
ORDER BY column_index;

-- name: mark
CREATE OR REPLACE TEMP TABLE marks AS
SELECT id AS run, hash(row($marked)) AS mark,
       status IN ('queued', 'running')
       OR epoch(finished_at) > epoch(now()) - 60 AS moving
FROM app.run;

-- name: changed
SELECT m.run FROM marks m LEFT JOIN live.main.seen s ON s.run = m.run
WHERE m.moving OR s.mark IS DISTINCT FROM m.mark
UNION
SELECT s.run FROM live.main.seen s WHERE s.run NOT IN (SELECT run FROM marks);

-- name: remember
DELETE FROM live.main.seen;

-- name: put
INSERT INTO live.main.seen SELECT run, mark FROM marks;

-- name: drop_answers
DELETE FROM live.lab.predictions WHERE run NOT IN (SELECT run FROM $here.app.holdout);

-- name: add_answers
INSERT INTO live.lab.predictions
SELECT p.* FROM $here.lab.predictions p
ANTI JOIN (SELECT DISTINCT run, candidate FROM live.lab.predictions) known
    ON known.run = p.run AND known.candidate = p.candidate;

-- name: datasets
SELECT d.id AS dataset, d.name, v.version, v.table_name
FROM app.dataset_version v JOIN app.dataset d ON d.id = v.dataset
ORDER BY d.created_at, d.id, v.version;

-- name: data_columns
SELECT v.dataset, v.version, c.column_name AS name, c.data_type AS type
FROM app.dataset_version v
JOIN duckdb_columns() c
  ON c.table_name = v.table_name AND c.schema_name = 'data' AND c.database_name = current_database()
ORDER BY v.dataset, v.version, c.column_index;
