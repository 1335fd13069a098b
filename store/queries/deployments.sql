-- name: get
SELECT name, model, status, alias, version, created_at FROM app.deployment WHERE name = $name;

-- name: list
SELECT name, model, status, alias, version, created_at FROM app.deployment
ORDER BY created_at DESC, name;

-- name: add
INSERT INTO app.deployment VALUES ($name, $model, $status, $alias, $version, $at);

-- name: set_status
UPDATE app.deployment SET status = $status WHERE name = $name RETURNING name;

-- name: set_target
UPDATE app.deployment SET alias = $alias, version = $version WHERE name = $name RETURNING name;

-- name: delete
DELETE FROM app.deployment WHERE name = $name RETURNING name;

-- name: depends_on_dataset
SELECT d.name FROM app.deployment d
LEFT JOIN app.model_alias a ON a.model = d.model AND a.alias = d.alias
JOIN app.model_version v ON v.model = d.model AND v.version = coalesce(d.version, a.version)
JOIN app.run r ON r.id = v.run
WHERE r.dataset = $dataset
ORDER BY d.name;
