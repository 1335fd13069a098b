-- name: add_events
INSERT INTO app.event
SELECT $run, unnest($seq::BIGINT[]), unnest($kind::VARCHAR[]), unnest($at_s::DOUBLE[]),
       unnest($data::JSON[])::VARIANT;

-- name: events
SELECT seq, kind, at_s, data::JSON::VARCHAR AS data FROM app.event
WHERE run = $run AND seq > $after
ORDER BY seq
LIMIT $limit;

-- name: add_trial
INSERT INTO app.trial VALUES (
    $run, $number, $family, $loss, $fit_s, $at_s, $params::JSON::VARIANT
);

-- name: trials
SELECT number, family, loss, fit_s, at_s, params::JSON::VARCHAR AS params FROM app.trial
WHERE run = $run
ORDER BY number;

-- name: drop_candidate
DELETE FROM app.candidate WHERE run = $run AND id = $id;

-- name: drop_metrics
DELETE FROM app.metric WHERE run = $run AND candidate = $id;

-- name: add_candidate
INSERT INTO app.candidate VALUES (
    $run, $id, $family, $folds, $fit_s, $latency_ms, $size_bytes, $tied_with_best, $parity,
    $parity_rows, $members, $params::JSON::VARIANT
);

-- name: add_metrics
INSERT INTO app.metric
SELECT $run, $candidate, unnest($name::VARCHAR[]), unnest($value::DOUBLE[]),
       unnest($low::DOUBLE[]), unnest($high::DOUBLE[]);

-- name: candidates
SELECT * REPLACE (params::JSON::VARCHAR AS params) FROM app.candidate
WHERE run = $run
ORDER BY rowid;

-- name: metrics
SELECT candidate, name, value, low, high FROM app.metric WHERE run = $run ORDER BY rowid;

-- name: set_ties
UPDATE app.candidate SET tied_with_best = id IN (SELECT unnest($ids)) WHERE run = $run;

-- name: drop_artifact
DELETE FROM app.candidate_artifact
WHERE run = $run AND candidate = $candidate AND format = $format;

-- name: add_artifact
INSERT INTO app.candidate_artifact VALUES ($run, $candidate, $format, $sha256, $size_bytes);

-- name: artifacts
SELECT format, sha256, size_bytes FROM app.candidate_artifact
WHERE run = $run AND candidate = $candidate
ORDER BY format;
