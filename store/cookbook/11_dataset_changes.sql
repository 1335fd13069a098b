-- title: What changed between the versions of a dataset?
-- about: Rows and columns of each version beside the one before.
SELECT name, version, rows, rows - lag(rows) OVER w AS more_rows,
       columns, columns - lag(columns) OVER w AS more_columns, created_at
FROM lab.datasets
WINDOW w AS (PARTITION BY dataset ORDER BY version)
ORDER BY name, version;
