-- title: Which runs failed, and why?
-- about: The reason that each of them gave.
SELECT finished_at, run, dataset_name, target, status, reason
FROM lab.failures
ORDER BY finished_at DESC NULLS FIRST;
