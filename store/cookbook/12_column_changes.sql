-- title: Which columns came, went or changed their type?
-- about: Each version of a dataset against the one before, column by column.
WITH steps AS (
    SELECT a.dataset, a.version AS before, b.version AS after
    FROM lab.datasets a JOIN lab.datasets b ON b.dataset = a.dataset AND b.version = a.version + 1
),
old AS (SELECT s.dataset, s.after, c.name, c.type, c.missing
        FROM steps s JOIN lab.columns c ON c.dataset = s.dataset AND c.version = s.before),
new AS (SELECT s.dataset, s.after, c.name, c.type, c.missing
        FROM steps s JOIN lab.columns c ON c.dataset = s.dataset AND c.version = s.after)
SELECT dataset, after AS version, name, old.type AS type_before, new.type AS type_after,
       old.missing AS missing_before, new.missing AS missing_after
FROM old FULL JOIN new USING (dataset, after, name)
WHERE old.type IS DISTINCT FROM new.type OR old.missing IS DISTINCT FROM new.missing
ORDER BY dataset, version, name;
