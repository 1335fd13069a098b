-- title: What is served, and where did it come from?
-- about: Each endpoint with its model version, its run and the data that it learned from.
SELECT d.name AS endpoint, d.status, m.model, m.version, m.family, m.metric, m.score,
       r.dataset_name, r.dataset_version, r.target
FROM lab.deployments d
JOIN lab.models m ON m.model = d.model AND m.version = d.version
JOIN lab.runs r ON r.run = m.run
ORDER BY endpoint;
