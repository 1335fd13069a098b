-- Runs that are asked to go on: when it was the last time, for how long, and what they had used.
ALTER TABLE app.run ADD COLUMN continued_at TIMESTAMP;
ALTER TABLE app.run ADD COLUMN continued_s DOUBLE;
ALTER TABLE app.run ADD COLUMN used_before_s DOUBLE;

DROP VIEW lab.runs;
CREATE VIEW lab.runs AS
SELECT id AS run, name, dataset, dataset_version, dataset_name, target, task,
       metric, budget_s, status, best, best_family, best_score,
       seed, split_kind, split_column, plan, receipt, libraries,
       created_at, started_at, finished_at, baseline_score, notes, tags, starred,
       continued_at,
       epoch(finished_at - coalesce(continued_at, started_at, created_at))
           + coalesce(used_before_s, 0) AS used_s
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
COMMENT ON COLUMN lab.runs.budget_s IS 'Seconds that were asked for, in all';
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
COMMENT ON COLUMN lab.runs.continued_at IS 'When it was last asked to go on, UTC';
COMMENT ON COLUMN lab.runs.used_s IS 'Seconds that it trained, in all';
