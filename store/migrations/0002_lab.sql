-- The views for researchers. Names and columns stay as they are once they are published here.
CREATE VIEW lab.datasets AS
SELECT v.dataset, d.name, v.version, v.filename, v.sha256, v.row_count AS rows,
       v.column_count AS columns, v.size_bytes, v.synthetic, v.created_at
FROM app.dataset_version v JOIN app.dataset d ON d.id = v.dataset;
COMMENT ON VIEW lab.datasets IS 'Dataset versions, one row each';
COMMENT ON COLUMN lab.datasets.dataset IS 'Identifier shared by all versions of a dataset';
COMMENT ON COLUMN lab.datasets.name IS 'Name that people gave it';
COMMENT ON COLUMN lab.datasets.version IS 'Number of the version, from 1';
COMMENT ON COLUMN lab.datasets.filename IS 'Name of the uploaded file';
COMMENT ON COLUMN lab.datasets.sha256 IS 'Hash of the uploaded bytes';
COMMENT ON COLUMN lab.datasets.rows IS 'Number of rows';
COMMENT ON COLUMN lab.datasets.columns IS 'Number of columns';
COMMENT ON COLUMN lab.datasets.size_bytes IS 'Size of the uploaded file in bytes';
COMMENT ON COLUMN lab.datasets.synthetic IS 'True when the data was generated from a seed';
COMMENT ON COLUMN lab.datasets.created_at IS 'When it was added, UTC';

CREATE VIEW lab.columns AS
SELECT dataset, version, position, name, type, missing, distinct_count FROM app.dataset_column;
COMMENT ON VIEW lab.columns IS 'Columns of the dataset versions';
COMMENT ON COLUMN lab.columns.dataset IS 'Identifier of the dataset';
COMMENT ON COLUMN lab.columns.version IS 'Version of the dataset';
COMMENT ON COLUMN lab.columns.position IS 'Place in the table, from 0';
COMMENT ON COLUMN lab.columns.name IS 'Name of the column';
COMMENT ON COLUMN lab.columns.type IS 'integer, decimal, boolean, text, date or datetime';
COMMENT ON COLUMN lab.columns.missing IS 'Number of rows without a value';
COMMENT ON COLUMN lab.columns.distinct_count IS 'Number of different values; may be approximate over 10,000';

CREATE VIEW lab.runs AS
SELECT r.id AS run, r.name, r.dataset, r.dataset_version, r.dataset_name, r.target, r.task,
       r.metric, r.budget_s, r.status, r.best, c.family AS best_family, m.value AS best_score,
       r.seed, r.split_kind, r.split_column, r.plan, r.receipt, r.libraries,
       r.created_at, r.started_at, r.finished_at
FROM app.run r
LEFT JOIN app.candidate c ON c.run = r.id AND c.id = r.best
LEFT JOIN app.metric m ON m.run = r.id AND m.candidate = r.best AND m.name = r.metric;
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

CREATE VIEW lab.trials AS
SELECT run, number, family, loss, fit_s, at_s, params FROM app.trial;
COMMENT ON VIEW lab.trials IS 'Configurations tried in the search of each run';
COMMENT ON COLUMN lab.trials.run IS 'Identifier of the run';
COMMENT ON COLUMN lab.trials.number IS 'Number of the trial in the run';
COMMENT ON COLUMN lab.trials.family IS 'Family of models';
COMMENT ON COLUMN lab.trials.loss IS 'Mean over the folds, lower is better';
COMMENT ON COLUMN lab.trials.fit_s IS 'Seconds it took to fit';
COMMENT ON COLUMN lab.trials.at_s IS 'Seconds since the start of the run';
COMMENT ON COLUMN lab.trials.params IS 'Hyperparameters, as a VARIANT';

CREATE VIEW lab.candidates AS
SELECT c.run, c.id AS candidate, c.family, m.name AS metric, m.value, m.low, m.high,
       c.fit_s, c.latency_ms, c.size_bytes, c.tied_with_best, c.params
FROM app.candidate c LEFT JOIN app.metric m ON m.run = c.run AND m.candidate = c.id;
COMMENT ON VIEW lab.candidates IS 'Scored models, one row for each holdout metric';
COMMENT ON COLUMN lab.candidates.run IS 'Identifier of the run';
COMMENT ON COLUMN lab.candidates.candidate IS 'Identifier of the candidate in its run';
COMMENT ON COLUMN lab.candidates.family IS 'Family of models';
COMMENT ON COLUMN lab.candidates.metric IS 'Name of the metric';
COMMENT ON COLUMN lab.candidates.value IS 'Value of the metric on the holdout';
COMMENT ON COLUMN lab.candidates.low IS 'Lower end of its 95% bootstrap interval';
COMMENT ON COLUMN lab.candidates.high IS 'Upper end of its 95% bootstrap interval';
COMMENT ON COLUMN lab.candidates.fit_s IS 'Seconds it took to fit';
COMMENT ON COLUMN lab.candidates.latency_ms IS 'Milliseconds to answer one row';
COMMENT ON COLUMN lab.candidates.size_bytes IS 'Size of the exported model in bytes';
COMMENT ON COLUMN lab.candidates.tied_with_best IS 'True when as good as the best within the noise';
COMMENT ON COLUMN lab.candidates.params IS 'Hyperparameters, as a VARIANT';

CREATE VIEW lab.leaderboard AS
SELECT r.id AS run, r.dataset_name, r.target, r.task, c.id AS candidate, c.family, r.metric,
       m.value AS score, m.low, m.high, c.latency_ms, c.size_bytes, c.tied_with_best,
       row_number() OVER (
           PARTITION BY r.id
           ORDER BY CASE WHEN r.metric IN ('log_loss', 'rmse', 'mae') THEN m.value ELSE -m.value END
               NULLS LAST, c.latency_ms NULLS LAST, c.size_bytes NULLS LAST, c.id
       ) AS place
FROM app.run r
JOIN app.candidate c ON c.run = r.id
LEFT JOIN app.metric m ON m.run = r.id AND m.candidate = c.id AND m.name = r.metric;
COMMENT ON VIEW lab.leaderboard IS 'Candidates ranked by the metric of their run';
COMMENT ON COLUMN lab.leaderboard.run IS 'Identifier of the run';
COMMENT ON COLUMN lab.leaderboard.dataset_name IS 'Name of the dataset';
COMMENT ON COLUMN lab.leaderboard.target IS 'Column to predict';
COMMENT ON COLUMN lab.leaderboard.task IS 'binary, multiclass or regression';
COMMENT ON COLUMN lab.leaderboard.candidate IS 'Identifier of the candidate in its run';
COMMENT ON COLUMN lab.leaderboard.family IS 'Family of models';
COMMENT ON COLUMN lab.leaderboard.metric IS 'Metric of the run';
COMMENT ON COLUMN lab.leaderboard.score IS 'Value of that metric on the holdout';
COMMENT ON COLUMN lab.leaderboard.low IS 'Lower end of its 95% bootstrap interval';
COMMENT ON COLUMN lab.leaderboard.high IS 'Upper end of its 95% bootstrap interval';
COMMENT ON COLUMN lab.leaderboard.latency_ms IS 'Milliseconds to answer one row';
COMMENT ON COLUMN lab.leaderboard.size_bytes IS 'Size of the exported model in bytes';
COMMENT ON COLUMN lab.leaderboard.tied_with_best IS 'True when as good as the best within the noise';
COMMENT ON COLUMN lab.leaderboard.place IS 'Place on the board, from 1';

CREATE VIEW lab.models AS
SELECT v.model, v.version, v.run, v.candidate, v.family, v.metric, v.score,
       (SELECT list(a.alias ORDER BY a.alias) FROM app.model_alias a
        WHERE a.model = v.model AND a.version = v.version) AS aliases, v.created_at
FROM app.model_version v;
COMMENT ON VIEW lab.models IS 'Registered model versions';
COMMENT ON COLUMN lab.models.model IS 'Name of the model';
COMMENT ON COLUMN lab.models.version IS 'Number of the version, from 1';
COMMENT ON COLUMN lab.models.run IS 'Run it came from';
COMMENT ON COLUMN lab.models.candidate IS 'Candidate of that run';
COMMENT ON COLUMN lab.models.family IS 'Family of models';
COMMENT ON COLUMN lab.models.metric IS 'Metric of the run';
COMMENT ON COLUMN lab.models.score IS 'Value of that metric on the holdout';
COMMENT ON COLUMN lab.models.aliases IS 'Aliases that point to this version';
COMMENT ON COLUMN lab.models.created_at IS 'When it was registered, UTC';

CREATE VIEW lab.deployments AS
SELECT d.name, d.model, coalesce(d.version, a.version) AS version, d.alias, d.status, d.created_at
FROM app.deployment d
LEFT JOIN app.model_alias a ON a.model = d.model AND a.alias = d.alias;
COMMENT ON VIEW lab.deployments IS 'Endpoints and what they serve now';
COMMENT ON COLUMN lab.deployments.name IS 'Name of the endpoint';
COMMENT ON COLUMN lab.deployments.model IS 'Name of the model';
COMMENT ON COLUMN lab.deployments.version IS 'Version that answers now';
COMMENT ON COLUMN lab.deployments.alias IS 'Alias that it follows, NULL when the version is fixed';
COMMENT ON COLUMN lab.deployments.status IS 'live or paused';
COMMENT ON COLUMN lab.deployments.created_at IS 'When it was created, UTC';
