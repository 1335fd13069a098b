-- title: How does the score improve during the search?
-- about: The best loss so far after each trial; lower is better.
SELECT run, number, family, at_s, loss,
       min(loss) OVER (PARTITION BY run ORDER BY number) AS best_so_far
FROM lab.trials
WHERE isfinite(loss)
ORDER BY run, number;
