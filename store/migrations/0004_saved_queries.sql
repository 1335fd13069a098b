-- Queries that people keep in the SQL lab.
CREATE TABLE app.saved_query (
    id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    about VARCHAR NOT NULL,
    sql VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL
);
