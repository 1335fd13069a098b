-- name: add
INSERT INTO app.prediction
SELECT nextval('app.prediction_seq'), e.deployment, e.model, e.version, e.role, e.request,
       e.row_number, e.answered_at, e.took_ms, e.api_key, e.prediction, e.probabilities,
       e.decision, e.warnings, e.inputs
FROM prediction_entries e
WHERE e.deployment IN (SELECT name FROM app.deployment);

-- name: expire
DELETE FROM app.prediction p
USING app.deployment d LEFT JOIN app.deployment_rule r ON r.deployment = d.name
WHERE p.deployment = d.name
  AND p.answered_at < $now - to_days(coalesce(r.log_days, $days));

-- name: traffic
-- the first row of each request stands for it: a large request counts once
SELECT version, role, count(*) AS rows, count_if(row_number = 0) AS requests,
       quantile_cont(took_ms, 0.5) FILTER (row_number = 0) AS p50_ms,
       quantile_cont(took_ms, 0.95) FILTER (row_number = 0) AS p95_ms,
       quantile_cont(took_ms, 0.99) FILTER (row_number = 0) AS p99_ms,
       count_if(warnings > 0) AS warned,
       max(answered_at) AS last_at
FROM app.prediction WHERE deployment = $name AND answered_at >= $since
GROUP BY version, role ORDER BY role, version;

-- name: minutes
SELECT date_trunc('minute', answered_at) AS minute, count(*) AS rows,
       count(DISTINCT request) AS requests
FROM app.prediction WHERE deployment = $name AND answered_at >= $since AND role <> 'shadow'
GROUP BY minute ORDER BY minute;

-- name: spans
SELECT time_bucket(to_seconds($step), answered_at) AS began, version, role, count(*) AS requests
FROM app.prediction
WHERE deployment = $name AND answered_at >= $since AND role <> 'shadow' AND row_number = 0
GROUP BY began, version, role ORDER BY began, version, role;

-- name: latencies
SELECT time_bucket(to_seconds($step), answered_at) AS began,
       quantile_cont(took_ms, 0.5) AS p50_ms, quantile_cont(took_ms, 0.95) AS p95_ms,
       quantile_cont(took_ms, 0.99) AS p99_ms
FROM app.prediction
WHERE deployment = $name AND answered_at >= $since AND role <> 'shadow' AND row_number = 0
GROUP BY began ORDER BY began;

-- name: agreement
SELECT count(*) AS compared, count(*) FILTER (s.prediction = p.prediction) AS same
FROM app.prediction s
JOIN app.prediction p
  ON p.deployment = s.deployment AND p.request = s.request AND p.row_number = s.row_number
 AND p.role <> 'shadow'
WHERE s.deployment = $name AND s.role = 'shadow' AND s.answered_at >= $since;

-- name: apart
SELECT p.prediction AS said, s.prediction AS shadow_said, count(*) AS rows
FROM app.prediction s
JOIN app.prediction p
  ON p.deployment = s.deployment AND p.request = s.request AND p.row_number = s.row_number
 AND p.role <> 'shadow'
WHERE s.deployment = $name AND s.role = 'shadow' AND s.answered_at >= $since
  AND s.prediction <> p.prediction
GROUP BY said, shadow_said ORDER BY rows DESC, said, shadow_said LIMIT 10;

-- name: distance
SELECT avg(abs(TRY_CAST(s.prediction AS DOUBLE) - TRY_CAST(p.prediction AS DOUBLE))) AS mean
FROM app.prediction s
JOIN app.prediction p
  ON p.deployment = s.deployment AND p.request = s.request AND p.row_number = s.row_number
 AND p.role <> 'shadow'
WHERE s.deployment = $name AND s.role = 'shadow' AND s.answered_at >= $since;

-- name: answered
SELECT p.request, p.row_number AS "row", p.role, p.model, p.version, nullif(v.run, '') AS run,
       nullif(v.candidate, '') AS candidate, nullif(r.dataset, '') AS dataset, r.dataset_name,
       r.dataset_version, p.answered_at, p.took_ms, p.prediction, p.probabilities, p.decision,
       p.warnings, p.inputs
FROM app.prediction p
LEFT JOIN app.model_version v ON v.model = p.model AND v.version = p.version
LEFT JOIN app.run r ON r.id = v.run
WHERE p.deployment = $name AND p.request = $request
ORDER BY p.row_number, p.role, p.seq
LIMIT $limit;
