-- name: events
SELECT seq, kind, at_s, data FROM app.event
WHERE run = $run AND seq > $after
ORDER BY seq
LIMIT $limit;

-- name: last_event
SELECT seq, at_s FROM app.event WHERE run = $run ORDER BY seq DESC LIMIT 1;

-- name: trials
SELECT number, family, loss, fit_s, at_s, params FROM app.trial
WHERE run = $run
ORDER BY number;

-- name: candidates
SELECT * REPLACE (params::JSON::VARCHAR AS params) FROM app.candidate
WHERE run = $run
ORDER BY rowid;

-- name: metrics
SELECT candidate, name, value, low, high FROM app.metric WHERE run = $run ORDER BY rowid;

-- name: learning
SELECT candidate, rows, metric, value, low, high, ahead FROM app.learning_point
WHERE run = $run
ORDER BY rows;

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
