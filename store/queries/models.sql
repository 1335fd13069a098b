-- name: last
SELECT max(version) AS last FROM app.model_version WHERE model = $model;

-- name: last_ever
SELECT max(version) AS last FROM (
    SELECT version FROM app.model_version WHERE model = $model
    UNION ALL SELECT version FROM app.model_version_deleted WHERE model = $model
);

-- name: add
INSERT INTO app.model_version VALUES (
    $model, $version, $run, $candidate, $family, $signature, $artifacts, $metric, $score, $at
);

-- name: add_detail
INSERT INTO app.model_version_detail
VALUES ($model, $version, $notes, $tags, $approval, $imported)
ON CONFLICT (model, version) DO UPDATE SET
    notes = excluded.notes, tags = excluded.tags, approval = excluded.approval;

-- name: point
INSERT INTO app.model_alias VALUES ($model, $alias, $version, $at)
ON CONFLICT (model, alias) DO UPDATE SET version = excluded.version, moved_at = excluded.moved_at;

-- name: unpoint
DELETE FROM app.model_alias WHERE model = $model AND alias = $alias RETURNING alias;

-- name: versions
SELECT v.*, d.notes, d.tags, d.approval, d.imported,
       (SELECT list(a.alias ORDER BY a.alias) FROM app.model_alias a
        WHERE a.model = v.model AND a.version = v.version) AS aliases
FROM app.model_version v
LEFT JOIN app.model_version_detail d ON d.model = v.model AND d.version = v.version
WHERE v.model = $model
ORDER BY v.version DESC;

-- name: get
SELECT v.*, d.notes, d.tags, d.approval, d.imported,
       (SELECT list(a.alias ORDER BY a.alias) FROM app.model_alias a
        WHERE a.model = v.model AND a.version = v.version) AS aliases
FROM app.model_version v
LEFT JOIN app.model_version_detail d ON d.model = v.model AND d.version = v.version
WHERE v.model = $model AND v.version = $version;

-- name: alias
SELECT version FROM app.model_alias WHERE model = $model AND alias = $alias;

-- name: latest
SELECT v.*, d.notes, d.tags, d.approval, d.imported,
       (SELECT list(a.alias ORDER BY a.alias) FROM app.model_alias a
        WHERE a.model = v.model AND a.version = v.version) AS aliases
FROM app.model_version v
LEFT JOIN app.model_version_detail d ON d.model = v.model AND d.version = v.version
WHERE (v.created_at, v.model) < ($at, $id)
  AND v.version = (SELECT max(o.version) FROM app.model_version o WHERE o.model = v.model)
ORDER BY v.created_at DESC, v.model DESC
LIMIT $limit;

-- name: used_by
SELECT DISTINCT s.deployment AS name FROM app.deployment_serves s
WHERE s.model = $model
  AND coalesce(
      s.version, (SELECT max(o.version) FROM app.model_version o WHERE o.model = s.model)
  ) = $version
ORDER BY name;

-- name: follow
SELECT d.name FROM app.deployment d LEFT JOIN app.deployment_rule r ON r.deployment = d.name
WHERE d.model = $model AND $alias IN (d.alias, r.challenger_alias, r.shadow_alias)
ORDER BY d.name;

-- name: remove
DELETE FROM app.model_version WHERE model = $model AND version = $version RETURNING run, candidate;

-- name: remove_detail
DELETE FROM app.model_version_detail WHERE model = $model AND version = $version;

-- name: remove_aliases
DELETE FROM app.model_alias WHERE model = $model AND version = $version;

-- name: remove_threshold
DELETE FROM app.model_threshold WHERE model = $model AND version = $version;

-- name: bury
INSERT INTO app.model_version_deleted VALUES ($model, $version, $run, $candidate, $at);

-- name: lineage
SELECT nullif(r.dataset, '') AS dataset, r.dataset_version, r.dataset_name,
       nullif(v.run, '') AS run, nullif(v.candidate, '') AS candidate, v.model, v.version,
       d.imported,
       (SELECT list(a.alias ORDER BY a.alias) FROM app.model_alias a
        WHERE a.model = v.model AND a.version = v.version) AS aliases,
       (SELECT list(DISTINCT s.deployment ORDER BY s.deployment) FROM app.deployment_serves s
        WHERE s.model = v.model AND s.version = v.version) AS deployments,
       (SELECT count(*) FROM app.prediction p
        WHERE p.model = v.model AND p.version = v.version) AS logged
FROM app.model_version v
LEFT JOIN app.run r ON r.id = v.run
LEFT JOIN app.model_version_detail d ON d.model = v.model AND d.version = v.version
WHERE ($model IS NULL OR v.model = $model)
  AND ($version IS NULL OR v.version = $version)
  AND ($run IS NULL OR v.run = $run)
  AND ($dataset IS NULL OR r.dataset = $dataset)
  AND ($dataset_version IS NULL OR r.dataset_version = $dataset_version)
  AND ($deployment IS NULL OR EXISTS (
      SELECT 1 FROM app.deployment_serves s
      WHERE s.deployment = $deployment AND s.model = v.model AND s.version = v.version))
  AND ($request IS NULL OR EXISTS (
      SELECT 1 FROM app.prediction p
      WHERE p.request = $request AND p.model = v.model AND p.version = v.version))
ORDER BY v.created_at DESC, v.model, v.version DESC
LIMIT $limit;
