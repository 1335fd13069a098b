-- title: Was the budget kept?
-- about: Seconds asked for and used, run by run.
SELECT run, dataset_name, budget_s,
       epoch(finished_at - started_at) AS used_s,
       round(epoch(finished_at - started_at) / budget_s, 3) AS share
FROM lab.runs
WHERE finished_at IS NOT NULL AND started_at IS NOT NULL
ORDER BY share DESC;
