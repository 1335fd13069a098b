-- title: Which columns miss most values?
-- about: The share of empty cells in the latest version of each dataset.
SELECT d.name AS dataset, c.name AS column_name, c.type, c.missing,
       round(100.0 * c.missing / nullif(d.rows, 0), 1) AS percent
FROM lab.columns c
JOIN lab.datasets d ON d.dataset = c.dataset AND d.version = c.version
QUALIFY d.version = max(d.version) OVER (PARTITION BY d.dataset)
ORDER BY percent DESC NULLS LAST, dataset, c.position;
