"""Queries that people write, none of which may be refused."""

# ruff: noqa: E501

from __future__ import annotations

HONEST = (
    "SELECT 1", "SELECT 1;", "SELECT 1; -- done", "-- why\nSELECT 1", "FROM lab.runs", "FROM runs",
    "TABLE lab.runs", "VALUES (1, 'a'), (2, 'b')", "(SELECT 1)", "DESCRIBE lab.runs", "DESCRIBE runs",
    "SUMMARIZE lab.runs", "SHOW TABLES", "SHOW ALL TABLES", "SHOW lab.runs", "DESCRIBE SELECT * FROM lab.trials",
    "EXPLAIN SELECT * FROM lab.runs", "explain\nSELECT 1",
    "SELECT run, row_number() OVER (PARTITION BY dataset ORDER BY created_at) FROM lab.runs",
    "WITH a AS (SELECT * FROM lab.runs), b AS (FROM a) SELECT count(*) FROM b",
    "WITH runs AS (SELECT * FROM lab.runs WHERE seed > 1) SELECT count(*) FROM runs",
    "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t WHERE i < 10) SELECT sum(i) FROM t",
    "SELECT r.run, x.n FROM lab.runs r, LATERAL (SELECT count(*) n FROM lab.trials t WHERE t.run = r.run) x",
    "SELECT params.leaves, params.rate::DOUBLE FROM lab.trials", "SELECT plan.folds FROM lab.runs",
    "SELECT params::JSON->>'$.kind' FROM lab.trials", "SELECT receipt.parts.search FROM lab.runs",
    "SELECT list_transform([1, 2], lambda x: x + 1)", "SELECT [x * 2 FOR x IN range(5) IF x > 1]",
    "SELECT list_avg(folds) FROM lab.checks", "SELECT unnest(folds) FROM lab.checks",
    "FROM range(10)", "FROM generate_series(1, 10, 2)", "SELECT * FROM unnest([1, 2, 3])",
    "PIVOT lab.candidates ON metric IN ('roc_auc', 'accuracy') USING avg(value) GROUP BY family",
    "SELECT * FROM (PIVOT lab.runs ON status IN ('finished', 'failed') USING count(*) GROUP BY dataset_name)",
    "UNPIVOT (SELECT run, low, high FROM lab.leaderboard) ON low, high",
    "FROM lab.leaderboard QUALIFY place = min(place) OVER (PARTITION BY run)",
    "FROM lab.trials USING SAMPLE 3", "FROM lab.trials TABLESAMPLE 50%",
    "SELECT * FROM lab.runs WHERE regexp_matches(name, '^try')", "SELECT repeat('ab', 3), lpad('x', 5, '.'), rpad('y', 4, '-')",
    "SELECT run FROM lab.runs EXCEPT SELECT run FROM lab.failures", "SELECT 1 UNION BY NAME SELECT 2 AS b",
    "SELECT * EXCLUDE (plan) FROM lab.runs", "SELECT COLUMNS('.*_score') FROM lab.runs", "SELECT median(loss), quantile_cont(loss, 0.9) FROM lab.trials",
    "SELECT date_trunc('day', created_at) AS day, count(*) FROM lab.runs GROUP BY ALL ORDER BY ALL",
    "SELECT * FROM lab.runs a ASOF JOIN lab.runs b ON a.created_at > b.created_at",
    "SELECT strftime(created_at, '%Y-%m-%d'), created_at + INTERVAL 1 DAY FROM lab.runs",
    "SELECT bar(best_score, 0, 1, 10) FROM lab.runs", "SELECT error_count FROM (SELECT count(*) AS error_count FROM lab.failures)",
    "FROM data.churn", 'SELECT avg(income) FROM data."churn@1"', 'FROM data."Odd ""name"" @ 1"', "FROM data.CHURN",
    'SELECT * FROM data.churn EXCEPT SELECT * FROM data."churn@1"', "SELECT 'read_text(''x'')' AS harmless",
    "SELECT ';' AS a, '--' AS b", "SELECT 'ação' AS \"coração\"", "SELECT 1 AS \"; DROP TABLE x\"",
    "SELECT approx_count_distinct(run), histogram(family) FROM lab.trials", "SELECT json_object('a', 1), to_json([1, 2])",
    "SELECT * FROM history.lab.runs", "SELECT count(*) FROM lab.runs CROSS JOIN lab.trials",
)  # fmt: skip
