-- What people write on a run, and what lists of runs show of its board without reading it.
ALTER TABLE app.run ADD COLUMN notes VARCHAR DEFAULT '';
ALTER TABLE app.run ADD COLUMN tags VARCHAR[] DEFAULT [];
ALTER TABLE app.run ADD COLUMN starred BOOLEAN DEFAULT false;
ALTER TABLE app.run ADD COLUMN best_family VARCHAR;
ALTER TABLE app.run ADD COLUMN best_score DOUBLE; -- on the holdout, by the metric of the run
ALTER TABLE app.run ADD COLUMN baseline_score DOUBLE; -- the same of always one answer

UPDATE app.run r SET best_family = b.family, best_score = b.score, baseline_score = b.baseline
FROM (
    SELECT u.id,
           max(c.family) FILTER (c.id = u.best) AS family,
           max(m.value) FILTER (c.id = u.best) AS score,
           max(m.value) FILTER (c.family = 'constant') AS baseline
    FROM app.run u
    JOIN app.candidate c ON c.run = u.id
    LEFT JOIN app.metric m ON m.run = u.id AND m.candidate = c.id AND m.name = u.metric
    GROUP BY u.id
) b
WHERE b.id = r.id;

DROP VIEW lab.runs;
CREATE VIEW lab.runs AS
SELECT id AS run, name, dataset, dataset_version, dataset_name, target, task,
       metric, budget_s, status, best, best_family, best_score,
       seed, split_kind, split_column, plan, receipt, libraries,
       created_at, started_at, finished_at, baseline_score, notes, tags, starred
FROM app.run;
COMMENT ON VIEW lab.runs IS 'Training runs, one row each';
COMMENT ON COLUMN lab.runs.run IS 'Identifier of the run';
COMMENT ON COLUMN lab.runs.name IS 'Name that people gave it, may be empty';
COMMENT ON COLUMN lab.runs.dataset IS 'Identifier of the dataset it learned from';
COMMENT ON COLUMN lab.runs.dataset_version IS 'Version of that dataset';
COMMENT ON COLUMN lab.runs.dataset_name IS 'Name of that dataset when the run started';
COMMENT ON COLUMN lab.runs.target IS 'Column to predict';
COMMENT ON COLUMN lab.runs.task IS 'binary, multiclass or regression';
COMMENT ON COLUMN lab.runs.metric IS 'Metric by which candidates are ranked';
COMMENT ON COLUMN lab.runs.budget_s IS 'Seconds that were asked for';
COMMENT ON COLUMN lab.runs.status IS 'queued, running, finished, stopped, cancelled, failed or interrupted';
COMMENT ON COLUMN lab.runs.best IS 'Candidate that leads the board';
COMMENT ON COLUMN lab.runs.best_family IS 'Family of that candidate';
COMMENT ON COLUMN lab.runs.best_score IS 'Its score on the holdout by the metric of the run';
COMMENT ON COLUMN lab.runs.seed IS 'Seed of everything random in the run';
COMMENT ON COLUMN lab.runs.split_kind IS 'random, time or group';
COMMENT ON COLUMN lab.runs.split_column IS 'Column of a time or group split';
COMMENT ON COLUMN lab.runs.plan IS 'What was decided before the search, as a VARIANT';
COMMENT ON COLUMN lab.runs.receipt IS 'What became of the budget, as a VARIANT in seconds';
COMMENT ON COLUMN lab.runs.libraries IS 'Versions of the libraries that trained it';
COMMENT ON COLUMN lab.runs.created_at IS 'When it was asked for, UTC';
COMMENT ON COLUMN lab.runs.started_at IS 'When it began, UTC';
COMMENT ON COLUMN lab.runs.finished_at IS 'When it ended, UTC';
COMMENT ON COLUMN lab.runs.baseline_score IS 'Score of always giving the same answer, by the same metric';
COMMENT ON COLUMN lab.runs.notes IS 'What people wrote about it';
COMMENT ON COLUMN lab.runs.tags IS 'Words that people put on it, a list';
COMMENT ON COLUMN lab.runs.starred IS 'True when somebody marked it with a star';
