-- How good the winner of a run is with fewer rows to learn from.
CREATE TABLE app.learning_point (
    run VARCHAR NOT NULL,
    candidate VARCHAR NOT NULL,
    rows BIGINT NOT NULL,
    metric VARCHAR NOT NULL,
    value DOUBLE NOT NULL,
    low DOUBLE NOT NULL,
    high DOUBLE NOT NULL,
    ahead DOUBLE
);

CREATE VIEW lab.learning_points AS
SELECT run, candidate, rows, metric, value, low, high, ahead FROM app.learning_point;
COMMENT ON VIEW lab.learning_points IS 'Score of each run''s winner with fewer rows to learn from';
COMMENT ON COLUMN lab.learning_points.run IS 'Identifier of the run';
COMMENT ON COLUMN lab.learning_points.candidate IS 'Identifier of the candidate in its run';
COMMENT ON COLUMN lab.learning_points.rows IS 'Rows that it learned from; the most are those of its score on the board';
COMMENT ON COLUMN lab.learning_points.metric IS 'Metric of the run';
COMMENT ON COLUMN lab.learning_points.value IS 'Value of that metric on the holdout';
COMMENT ON COLUMN lab.learning_points.low IS 'Lower end of its 95% bootstrap interval';
COMMENT ON COLUMN lab.learning_points.high IS 'Upper end of its 95% bootstrap interval';
COMMENT ON COLUMN lab.learning_points.ahead IS 'Share of the resamples in which it beats the point with fewer rows';
