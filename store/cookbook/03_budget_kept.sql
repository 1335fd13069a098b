-- title: Was the budget kept?
-- about: Seconds asked for and used, run by run.
SELECT run, dataset_name, budget_s,
       used_s,
       round(used_s / budget_s, 3) AS share
FROM lab.runs
WHERE used_s IS NOT NULL AND started_at IS NOT NULL
ORDER BY share DESC;
