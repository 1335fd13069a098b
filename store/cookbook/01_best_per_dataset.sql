-- title: Which model is best for each dataset and target?
-- about: The best score that any finished run reached, by the metric of the run.
SELECT dataset_name, target, metric, best_family, best_score, run
FROM lab.runs
WHERE best_score IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY dataset, target, metric
    ORDER BY if(metric IN ('log_loss', 'rmse', 'mae'), best_score, -best_score)
) = 1
ORDER BY dataset_name, target;
