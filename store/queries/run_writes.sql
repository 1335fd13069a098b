-- A query that ends in WHERE and a column goes on in freemlops/warehouse/run_writes.py.

-- name: add_events
INSERT INTO app.event
SELECT unnest($run::VARCHAR[]), unnest($seq::BIGINT[]), unnest($kind::VARCHAR[]),
       unnest($at_s::DOUBLE[]), unnest($data::VARCHAR[]);

-- name: add_trials
INSERT INTO app.trial
SELECT unnest($run::VARCHAR[]), unnest($number::INTEGER[]), unnest($family::VARCHAR[]),
       unnest($loss::DOUBLE[]), unnest($fit_s::DOUBLE[]), unnest($at_s::DOUBLE[]),
       unnest($params::VARCHAR[]);

-- name: known
SELECT run, id, family FROM app.candidate
WHERE run

-- name: drop_candidates
DELETE FROM app.candidate c
USING (SELECT unnest($run::VARCHAR[]) AS run, unnest($id::VARCHAR[]) AS id) gone
WHERE c.run = gone.run AND c.id = gone.id;

-- name: drop_metrics
DELETE FROM app.metric m
USING (SELECT unnest($run::VARCHAR[]) AS run, unnest($id::VARCHAR[]) AS id) gone
WHERE m.run = gone.run AND m.candidate = gone.id;

-- name: add_candidates
INSERT INTO app.candidate
SELECT unnest($run::VARCHAR[]), unnest($id::VARCHAR[]), unnest($family::VARCHAR[]),
       unnest($folds::DOUBLE[][]), unnest($fit_s::DOUBLE[]), unnest($latency_ms::DOUBLE[]),
       unnest($size_bytes::BIGINT[]), unnest($tied_with_best::BOOLEAN[]),
       unnest($parity::DOUBLE[]), unnest($parity_rows::BIGINT[]), unnest($members::VARCHAR[]),
       unnest($params::JSON[])::VARIANT;

-- name: add_metrics
INSERT INTO app.metric
SELECT unnest($run::VARCHAR[]), unnest($candidate::VARCHAR[]), unnest($name::VARCHAR[]),
       unnest($value::DOUBLE[]), unnest($low::DOUBLE[]), unnest($high::DOUBLE[]);

-- name: drop_learning
DELETE FROM app.learning_point WHERE run IN (SELECT unnest($run::VARCHAR[]));

-- name: add_learning
INSERT INTO app.learning_point
SELECT unnest($run::VARCHAR[]), unnest($candidate::VARCHAR[]), unnest($rows::BIGINT[]),
       unnest($metric::VARCHAR[]), unnest($value::DOUBLE[]), unnest($low::DOUBLE[]),
       unnest($high::DOUBLE[]), unnest($ahead::DOUBLE[]);

-- name: judged
SELECT id, metric FROM app.run
WHERE id

-- name: scores
SELECT run, candidate, name, value FROM app.metric
WHERE run
