-- The warehouse as it starts. Times are UTC without a zone: pages and API add the zone.
-- No foreign keys: DuckDB refuses even a no-op UPDATE of a parent row. The writer keeps integrity.
CREATE SCHEMA data; -- One immutable table for each dataset version
CREATE SCHEMA blob; -- One table for each stored file, in rows of 8 MiB
CREATE SCHEMA lab; -- The views that researchers query; stable across versions

CREATE TABLE app.setting (
    key VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL,
    changed_at TIMESTAMP NOT NULL
);

CREATE TABLE app.dataset (
    id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL UNIQUE,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE app.dataset_version (
    dataset VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    filename VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    row_count BIGINT NOT NULL,
    column_count INTEGER NOT NULL,
    size_bytes BIGINT NOT NULL,
    synthetic BOOLEAN NOT NULL,
    table_name VARCHAR NOT NULL,
    notes JSON NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (dataset, version)
);

CREATE TABLE app.dataset_column (
    dataset VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    missing BIGINT NOT NULL,
    distinct_count BIGINT NOT NULL,
    words VARCHAR[] -- what the file wrote for false and true
);

CREATE TABLE app.dataset_profile (
    dataset VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    profile JSON NOT NULL
);

CREATE TABLE app.run (
    id VARCHAR PRIMARY KEY,
    dataset VARCHAR NOT NULL,
    dataset_version INTEGER NOT NULL,
    dataset_name VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    task VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    budget_s DOUBLE NOT NULL,
    split_kind VARCHAR NOT NULL,
    split_column VARCHAR,
    exclude VARCHAR[] NOT NULL,
    seed BIGINT NOT NULL,
    max_trials BIGINT,
    status VARCHAR NOT NULL,
    phase VARCHAR NOT NULL,
    progress DOUBLE NOT NULL,
    created_at TIMESTAMP NOT NULL,
    started_at TIMESTAMP,
    finished_at TIMESTAMP,
    best VARCHAR,
    receipt VARIANT,
    plan VARIANT,
    libraries VARIANT,
    error JSON,
    signature JSON
);

CREATE TABLE app.event (
    run VARCHAR NOT NULL,
    seq BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    at_s DOUBLE NOT NULL,
    data VARIANT NOT NULL
);

CREATE TABLE app.trial (
    run VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    family VARCHAR NOT NULL,
    loss DOUBLE,
    fit_s DOUBLE,
    at_s DOUBLE,
    params VARIANT
);

CREATE TABLE app.candidate (
    run VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    folds DOUBLE[] NOT NULL,
    fit_s DOUBLE NOT NULL,
    latency_ms DOUBLE,
    size_bytes BIGINT,
    tied_with_best BOOLEAN NOT NULL,
    parity DOUBLE,
    parity_rows BIGINT NOT NULL,
    members JSON NOT NULL,
    params VARIANT
);

CREATE TABLE app.metric (
    run VARCHAR NOT NULL,
    candidate VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    value DOUBLE,
    low DOUBLE,
    high DOUBLE
);

CREATE TABLE app.artifact (
    sha256 VARCHAR PRIMARY KEY,
    format VARCHAR NOT NULL,
    size_bytes BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE app.candidate_artifact (
    run VARCHAR NOT NULL,
    candidate VARCHAR NOT NULL,
    format VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    size_bytes BIGINT NOT NULL
);

CREATE TABLE app.model_version (
    model VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    run VARCHAR NOT NULL,
    candidate VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    signature JSON NOT NULL,
    artifacts JSON NOT NULL,
    metric VARCHAR NOT NULL,
    score DOUBLE,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (model, version)
);

CREATE TABLE app.model_alias (
    model VARCHAR NOT NULL,
    alias VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    moved_at TIMESTAMP NOT NULL,
    PRIMARY KEY (model, alias)
);

CREATE TABLE app.deployment (
    name VARCHAR PRIMARY KEY,
    model VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    alias VARCHAR,
    version INTEGER,
    created_at TIMESTAMP NOT NULL
);
