-- name: get
SELECT * FROM app.holdout WHERE run = $run;

-- name: known
SELECT DISTINCT candidate FROM app.holdout_prediction WHERE run = $run;

-- name: add
INSERT INTO app.holdout
SELECT r.id, r.dataset, r.dataset_version, $rows, $classes::VARCHAR[]
FROM app.run r JOIN app.dataset_version v
    ON v.dataset = r.dataset AND v.version = r.dataset_version
WHERE r.id = $run AND NOT EXISTS (SELECT 1 FROM app.holdout h WHERE h.run = $run);

-- name: drop
DELETE FROM app.holdout_prediction WHERE run = $run AND candidate = $candidate;

-- name: read
SELECT "row", truth, value, shares FROM app.holdout_prediction WHERE run = $run AND candidate = $candidate;

-- name: delete_predictions
DELETE FROM app.holdout_prediction WHERE run IN (
    SELECT run FROM app.holdout
    WHERE dataset = $dataset AND version IN (SELECT unnest($versions::INTEGER[]))
);

-- name: delete_holdouts
DELETE FROM app.holdout
WHERE dataset = $dataset AND version IN (SELECT unnest($versions::INTEGER[]));

-- name: gone
SELECT DISTINCT dataset, version FROM app.holdout h
WHERE NOT EXISTS (
    SELECT 1 FROM app.dataset_version v WHERE v.dataset = h.dataset AND v.version = h.version
);
