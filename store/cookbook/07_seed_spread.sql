-- title: How much do the scores depend on the seed?
-- about: Runs of the same question that differ in their seed, and the spread of their best scores.
SELECT dataset_name, dataset_version, target, metric, count(DISTINCT seed) AS seeds,
       round(avg(best_score), 4) AS mean, round(stddev_samp(best_score), 4) AS spread,
       min(best_score) AS lowest, max(best_score) AS highest
FROM lab.runs
WHERE best_score IS NOT NULL
GROUP BY ALL
ORDER BY seeds DESC, dataset_name;
