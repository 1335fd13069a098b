-- title: What does a better score cost?
-- about: Seconds to fit, answer time and size of each family, in the middle of all candidates.
SELECT family, count(DISTINCT (run, candidate)) AS candidates,
       round(median(fit_s), 2) AS fit_s, round(median(latency_ms), 3) AS latency_ms,
       format_bytes(median(size_bytes)::BIGINT) AS size
FROM lab.candidates
GROUP BY family
ORDER BY fit_s DESC;
