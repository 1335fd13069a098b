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

-- name: rules
SELECT * FROM app.deployment_rule WHERE deployment = $name;

-- name: set_rules
INSERT OR REPLACE INTO app.deployment_rule VALUES (
    $name, $challenger_alias, $challenger_version, $share, $by_key, $shadow_alias,
    $shadow_version, $needs_key, $log_share, $log_inputs, $log_days
);

-- name: note_served
INSERT INTO app.deployment_served
SELECT s.deployment, s.version, $at FROM app.deployment_serves s
WHERE s.role = 'champion' AND s.version IS NOT NULL
  AND s.version IS DISTINCT FROM (
      SELECT last(o.version ORDER BY o.since) FROM app.deployment_served o
      WHERE o.deployment = s.deployment
  );

-- name: served
SELECT s.version, s.since, v.version IS NULL AS deleted
FROM app.deployment_served s
JOIN app.deployment d ON d.name = s.deployment
LEFT JOIN app.model_version v ON v.model = d.model AND v.version = s.version
WHERE s.deployment = $name ORDER BY s.since DESC;

-- name: delete_rules
DELETE FROM app.deployment_rule WHERE deployment = $name;

-- name: delete_served
DELETE FROM app.deployment_served WHERE deployment = $name;

-- name: delete_log
DELETE FROM app.prediction WHERE deployment = $name;
