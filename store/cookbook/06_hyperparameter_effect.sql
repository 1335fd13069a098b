-- title: Which hyperparameters go with a better score?
-- about: Every numeric hyperparameter with its correlation to the loss, by family.
WITH pairs AS (
    SELECT t.family, t.loss, p.key AS parameter, try_cast(p.value AS DOUBLE) AS value
    FROM lab.trials t, json_each(t.params::JSON) p
    WHERE isfinite(t.loss)
)
SELECT family, parameter, count(*) AS trials,
       min(value) AS lowest, max(value) AS highest,
       CASE WHEN stddev_pop(value) > 0 AND stddev_pop(loss) > 0
            THEN round(corr(value, loss), 3) END AS correlation_with_loss
FROM pairs
WHERE value IS NOT NULL
GROUP BY ALL
ORDER BY family, abs(correlation_with_loss) DESC NULLS LAST;
