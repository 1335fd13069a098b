-- title: Which runs can be compared?
-- about: Runs of the same data version, target, metric and split; their scores mean the same.
SELECT dataset_name, dataset_version, target, metric, split_kind, split_column,
       count(*) AS runs, list(run ORDER BY created_at) AS which
FROM lab.runs
GROUP BY ALL
ORDER BY runs DESC, dataset_name;
