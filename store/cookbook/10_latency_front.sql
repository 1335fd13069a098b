-- title: Which models are fast and good?
-- about: Candidates that no other one of their run beats in both score and answer time.
WITH scored AS (
    SELECT *, if(metric IN ('log_loss', 'rmse', 'mae'), score, -score) AS loss
    FROM lab.leaderboard
    WHERE score IS NOT NULL AND latency_ms IS NOT NULL
)
SELECT a.run, a.dataset_name, a.family, a.metric, a.score, a.latency_ms
FROM scored a
WHERE NOT EXISTS (
    FROM scored b
    WHERE b.run = a.run AND b.loss <= a.loss AND b.latency_ms <= a.latency_ms
      AND (b.loss < a.loss OR b.latency_ms < a.latency_ms)
)
ORDER BY a.run, a.latency_ms;
