-- title: How much do the folds of a model differ?
-- about: A wide spread says that the score depends on which rows were drawn.
SELECT run, candidate, family, len(folds) AS folds,
       round(list_avg(folds), 4) AS mean, round(list_stddev_samp(folds), 4) AS spread
FROM lab.checks
WHERE len(folds) > 1
ORDER BY spread DESC;
