-- Queries that people keep in the SQL lab.
CREATE TABLE app.saved_query (
    id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    about VARCHAR NOT NULL,
    sql VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL
);

-- What the other views of the lab leave out.
CREATE VIEW lab.checks AS
SELECT run, id AS candidate, family, folds, parity, parity_rows, members FROM app.candidate;
COMMENT ON VIEW lab.checks IS 'Scored models, one row each: their folds and their export';
COMMENT ON COLUMN lab.checks.run IS 'Identifier of the run';
COMMENT ON COLUMN lab.checks.candidate IS 'Identifier of the candidate in its run';
COMMENT ON COLUMN lab.checks.family IS 'Family of models';
COMMENT ON COLUMN lab.checks.folds IS 'Score of each fold by the metric of the run';
COMMENT ON COLUMN lab.checks.parity IS 'Largest difference between the model and its ONNX export; NULL when not exported';
COMMENT ON COLUMN lab.checks.parity_rows IS 'Number of rows on which the two were compared';
COMMENT ON COLUMN lab.checks.members IS 'Members of an ensemble with their weights, as JSON';

CREATE VIEW lab.failures AS
SELECT id AS run, dataset_name, target, status,
       list_reduce(
           list_concat([error->>'$.template'], json_keys(error, '$.params')),
           lambda text, key: replace(text, '{' || key || '}', coalesce(((error->'$.params')->>key), ''))
       ) AS reason,
       finished_at
FROM app.run WHERE error IS NOT NULL;
COMMENT ON VIEW lab.failures IS 'Runs that ended with an error, and what it said';
COMMENT ON COLUMN lab.failures.run IS 'Identifier of the run';
COMMENT ON COLUMN lab.failures.dataset_name IS 'Name of the dataset';
COMMENT ON COLUMN lab.failures.target IS 'Column to predict';
COMMENT ON COLUMN lab.failures.status IS 'How the run ended';
COMMENT ON COLUMN lab.failures.reason IS 'The error in English';
COMMENT ON COLUMN lab.failures.finished_at IS 'When it ended, UTC';
