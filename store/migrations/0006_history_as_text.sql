-- JSON as text in the two tables that grow with each event: to append to a VARIANT, DuckDB writes
-- up to 2,048 rows before it to the log again, ten times what the same text takes. The view still
-- gives a VARIANT.
-- Copied and not altered: DuckDB can't read a log again in which a type is changed through JSON.
CREATE TABLE app.event_as_text (
    run VARCHAR NOT NULL,
    seq BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    at_s DOUBLE NOT NULL,
    data VARCHAR NOT NULL
);
INSERT INTO app.event_as_text
SELECT run, seq, kind, at_s, data::JSON::VARCHAR FROM app.event ORDER BY rowid;
DROP TABLE app.event;
ALTER TABLE app.event_as_text RENAME TO event;

DROP VIEW lab.trials;
CREATE TABLE app.trial_as_text (
    run VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    family VARCHAR NOT NULL,
    loss DOUBLE,
    fit_s DOUBLE,
    at_s DOUBLE,
    params VARCHAR
);
INSERT INTO app.trial_as_text
SELECT run, number, family, loss, fit_s, at_s, params::JSON::VARCHAR FROM app.trial ORDER BY rowid;
DROP TABLE app.trial;
ALTER TABLE app.trial_as_text RENAME TO trial;
CREATE VIEW lab.trials AS
SELECT run, number, family, loss, fit_s, at_s, params::JSON::VARIANT AS params FROM app.trial;
COMMENT ON VIEW lab.trials IS 'Configurations tried in the search of each run';
COMMENT ON COLUMN lab.trials.run IS 'Identifier of the run';
COMMENT ON COLUMN lab.trials.number IS 'Number of the trial in the run';
COMMENT ON COLUMN lab.trials.family IS 'Family of models';
COMMENT ON COLUMN lab.trials.loss IS 'Mean over the folds, lower is better';
COMMENT ON COLUMN lab.trials.fit_s IS 'Seconds it took to fit';
COMMENT ON COLUMN lab.trials.at_s IS 'Seconds since the start of the run';
COMMENT ON COLUMN lab.trials.params IS 'Hyperparameters, as a VARIANT';
