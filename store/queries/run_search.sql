-- The word after a comment /*part*/ stands for what freemlops/warehouse/run_search.py puts there.

-- name: page
SELECT id, name, dataset, dataset_name, dataset_version, target, task, metric, status, created_at,
       epoch(finished_at - coalesce(continued_at, started_at, created_at))
           + coalesce(used_before_s, 0) AS duration_s,
       best, best_family, best_score, baseline_score, notes, tags, starred, /*key*/ id AS key
FROM app.run
WHERE /*conditions*/ true
ORDER BY key, id
LIMIT $limit OFFSET $skip;

-- name: total
SELECT count(*) AS total, coalesce(min(metric) != max(metric), false) AS mixed
FROM app.run WHERE /*conditions*/ true;

-- name: facet_base
SELECT dataset, dataset_name, target, task, metric, status, best_family, tags FROM app.run
WHERE /*conditions*/ true;

-- name: facet
SELECT /*facet*/ '' AS facet, /*column*/ dataset AS value, count(*) AS count,
       max(/*title*/ dataset_name) AS title
FROM /*base*/ app.run
WHERE /*column*/ dataset IS NOT NULL AND /*conditions*/ true
GROUP BY value
ORDER BY count DESC, value
LIMIT $most;

-- name: tags
SELECT /*facet*/ '' AS facet, tag AS value, count(*) AS count, '' AS title
FROM (SELECT unnest(tags) AS tag FROM /*base*/ app.run WHERE len(tags) > 0 AND /*conditions*/ true)
GROUP BY tag
ORDER BY count DESC, value
LIMIT $most;

-- name: compared
SELECT c.* REPLACE (c.params::JSON::VARCHAR AS params) FROM app.candidate c
JOIN app.run r ON r.id = c.run AND r.best = c.id
WHERE c.run IN (SELECT unnest($ids)) AND r.id IN (SELECT unnest($ids));

-- name: compared_metrics
SELECT m.run, m.name, m.value, m.low, m.high FROM app.metric m
JOIN app.run r ON r.id = m.run AND r.best = m.candidate
WHERE m.run IN (SELECT unnest($ids)) AND r.id IN (SELECT unnest($ids));
