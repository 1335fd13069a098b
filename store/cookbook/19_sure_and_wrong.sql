-- title: Which rows does every candidate get wrong?
-- about: Held-out rows whose true class all candidates of a run find unlikely: often mislabelled.
SELECT run, "row", any_value(truth) AS truth, count(*) AS candidates,
       max(truth_probability) AS best_probability
FROM lab.predictions
WHERE truth IS NOT NULL
GROUP BY run, "row"
HAVING max(truth_probability) < 0.2
ORDER BY best_probability, run, "row"
LIMIT 50;
