-- name: list
SELECT id, name, about, sql, changed_at FROM app.saved_query ORDER BY lower(name), id;

-- name: count
SELECT count(*) AS n FROM app.saved_query;

-- name: by_name
SELECT id FROM app.saved_query WHERE lower(name) = lower($name);

-- name: get
SELECT id, name, about, sql, changed_at FROM app.saved_query WHERE id = $id;

-- name: add
INSERT INTO app.saved_query VALUES ($id, $name, $about, $sql, $at, $at);

-- name: change
UPDATE app.saved_query SET name = $name, about = $about, sql = $sql, changed_at = $at WHERE id = $id;

-- name: remove
DELETE FROM app.saved_query WHERE id = $id RETURNING id;
