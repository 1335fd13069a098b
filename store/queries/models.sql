-- name: last
SELECT max(version) AS last FROM app.model_version WHERE model = $model;

-- name: add
INSERT INTO app.model_version VALUES (
    $model, $version, $run, $candidate, $family, $signature, $artifacts, $metric, $score, $at
);

-- name: point
INSERT INTO app.model_alias VALUES ($model, $alias, $version, $at)
ON CONFLICT (model, alias) DO UPDATE SET version = excluded.version, moved_at = excluded.moved_at;

-- name: versions
SELECT v.*, (SELECT list(a.alias ORDER BY a.alias) FROM app.model_alias a
             WHERE a.model = v.model AND a.version = v.version) AS aliases
FROM app.model_version v WHERE v.model = $model
ORDER BY v.version DESC;

-- name: get
SELECT v.*, (SELECT list(a.alias ORDER BY a.alias) FROM app.model_alias a
             WHERE a.model = v.model AND a.version = v.version) AS aliases
FROM app.model_version v WHERE v.model = $model AND v.version = $version;

-- name: alias
SELECT version FROM app.model_alias WHERE model = $model AND alias = $alias;

-- name: latest
SELECT v.*, (SELECT list(a.alias ORDER BY a.alias) FROM app.model_alias a
             WHERE a.model = v.model AND a.version = v.version) AS aliases
FROM app.model_version v
WHERE (v.created_at, v.model) < ($at, $id)
  AND v.version = (SELECT max(o.version) FROM app.model_version o WHERE o.model = v.model)
ORDER BY v.created_at DESC, v.model DESC
LIMIT $limit;
