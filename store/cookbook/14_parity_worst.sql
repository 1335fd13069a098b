-- title: Where do a model and its ONNX export differ most?
-- about: The largest difference found when the export was checked.
SELECT run, candidate, family, parity, parity_rows
FROM lab.checks
WHERE parity IS NOT NULL
ORDER BY parity DESC
LIMIT 20;
