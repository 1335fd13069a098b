-- title: Would more rows help?
-- about: The last step of each learning curve; where ahead is near 1, more rows likely help.
SELECT p.run, r.dataset_name, r.target, p.metric, p.rows, p.value,
       p.value - lag(p.value) OVER (PARTITION BY p.run ORDER BY p.rows) AS gain, p.ahead
FROM lab.learning_points p JOIN lab.runs r ON r.run = p.run
QUALIFY row_number() OVER (PARTITION BY p.run ORDER BY p.rows DESC) = 1
ORDER BY p.ahead DESC NULLS LAST, p.run;
