-- name: add
INSERT INTO app.run VALUES (
    $id, $dataset, $dataset_version, $dataset_name, $name, $target, $task, $metric, $budget_s,
    $split_kind, $split_column, $exclude, $seed, $max_trials, $status, $phase, $progress,
    $created_at, $started_at, $finished_at, $best, $receipt::JSON::VARIANT, $plan::JSON::VARIANT,
    $libraries::JSON::VARIANT, $error, NULL, $notes, $tags, $starred, NULL, NULL, NULL
);

-- name: get
SELECT * EXCLUDE (signature, best_family, best_score, baseline_score)
    REPLACE (receipt::JSON::VARCHAR AS receipt, plan::JSON::VARCHAR AS plan,
             libraries::JSON::VARCHAR AS libraries)
FROM app.run WHERE id = $id;

-- name: latest
SELECT * EXCLUDE (signature, best_family, best_score, baseline_score)
    REPLACE (receipt::JSON::VARCHAR AS receipt, plan::JSON::VARCHAR AS plan,
             libraries::JSON::VARCHAR AS libraries)
FROM app.run WHERE (created_at, id) < ($at, $id)
ORDER BY created_at DESC, id DESC
LIMIT $limit;

-- name: unfinished
SELECT * EXCLUDE (signature, best_family, best_score, baseline_score)
    REPLACE (receipt::JSON::VARCHAR AS receipt, plan::JSON::VARCHAR AS plan,
             libraries::JSON::VARCHAR AS libraries)
FROM app.run WHERE status IN (SELECT unnest($statuses))
ORDER BY created_at, id;

-- name: exists
SELECT 1 AS found FROM app.run WHERE id = $id;

-- name: signature
SELECT signature FROM app.run WHERE id = $id;

-- name: set_signature
UPDATE app.run SET signature = $signature WHERE id = $id;

-- name: many
SELECT * EXCLUDE (signature, best_family, best_score, baseline_score)
    REPLACE (receipt::JSON::VARCHAR AS receipt, plan::JSON::VARCHAR AS plan,
             libraries::JSON::VARCHAR AS libraries)
FROM app.run WHERE id IN (SELECT unnest($ids));

-- name: lead
UPDATE app.run r SET best_family = b.family, best_score = b.score, baseline_score = b.baseline
FROM (
    SELECT max(c.family) FILTER (c.id = $best) AS family,
           max(m.value) FILTER (c.id = $best) AS score,
           max(m.value) FILTER (c.family = 'constant') AS baseline
    FROM app.candidate c
    LEFT JOIN app.metric m ON m.run = $id AND m.candidate = c.id
        AND m.name = (SELECT metric FROM app.run WHERE id = $id)
    WHERE c.run = $id
) b
WHERE r.id = $id
