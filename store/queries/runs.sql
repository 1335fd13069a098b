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

-- name: many
SELECT * EXCLUDE (signature, best_family, best_score, baseline_score)
    REPLACE (receipt::JSON::VARCHAR AS receipt, plan::JSON::VARCHAR AS plan,
             libraries::JSON::VARCHAR AS libraries)
FROM app.run WHERE id IN (SELECT unnest($ids));

-- name: newest_before
SELECT * EXCLUDE (signature, best_family, best_score, baseline_score)
    REPLACE (receipt::JSON::VARCHAR AS receipt, plan::JSON::VARCHAR AS plan,
             libraries::JSON::VARCHAR AS libraries)
FROM app.run
WHERE dataset = $dataset AND dataset_version < $version AND target = $target
    AND task = $task AND metric = $metric AND status = $status
ORDER BY created_at DESC, id DESC
LIMIT 1;
