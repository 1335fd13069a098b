-- What every candidate answered on the holdout. In shared tables without keys: rows of a run lie
-- together, and the least and greatest value of each block of rows find them.
CREATE TABLE app.holdout (
    run VARCHAR PRIMARY KEY,
    dataset VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    row_count BIGINT NOT NULL,
    classes VARCHAR[] NOT NULL -- the labels in the order of their codes; empty for numbers
);

CREATE TABLE app.holdout_prediction (
    run VARCHAR NOT NULL,
    candidate VARCHAR NOT NULL,
    "row" BIGINT NOT NULL, -- place in the dataset version's table, from 0: its rowid
    truth DOUBLE, -- the code of the class, or the value
    value DOUBLE, -- what was answered to a number
    shares FLOAT[] -- the probability of each class
);

CREATE VIEW lab.predictions AS
SELECT p.run, p.candidate, p."row",
       CASE WHEN p.shares IS NULL THEN NULL ELSE h.classes[p.truth::INTEGER + 1] END AS truth,
       CASE WHEN p.shares IS NULL THEN NULL
            ELSE h.classes[list_position(p.shares, list_max(p.shares))] END AS prediction,
       list_max(p.shares) AS probability,
       p.shares[p.truth::INTEGER + 1] AS truth_probability,
       CASE WHEN p.shares IS NULL THEN p.truth END AS truth_value,
       p.value AS predicted_value,
       p.shares AS probabilities, h.classes
FROM app.holdout_prediction p JOIN app.holdout h ON h.run = p.run;
COMMENT ON VIEW lab.predictions IS 'Answers of each candidate on the rows that were held out';
COMMENT ON COLUMN lab.predictions.run IS 'Identifier of the run';
COMMENT ON COLUMN lab.predictions.candidate IS 'Identifier of the candidate in its run';
COMMENT ON COLUMN lab.predictions."row" IS 'Place of the row in the dataset version, from 0';
COMMENT ON COLUMN lab.predictions.truth IS 'True class, NULL when a number is predicted';
COMMENT ON COLUMN lab.predictions.prediction IS 'Likeliest class, NULL when a number is predicted';
COMMENT ON COLUMN lab.predictions.probability IS 'Probability of the likeliest class';
COMMENT ON COLUMN lab.predictions.truth_probability IS 'Probability given to the true class';
COMMENT ON COLUMN lab.predictions.truth_value IS 'True number, NULL when a class is predicted';
COMMENT ON COLUMN lab.predictions.predicted_value IS 'Predicted number, NULL when a class is predicted';
COMMENT ON COLUMN lab.predictions.probabilities IS 'Probability of each class, in the order of classes';
COMMENT ON COLUMN lab.predictions.classes IS 'Labels of the classes, empty when a number is predicted';
