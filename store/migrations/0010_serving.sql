-- Serving: thresholds, a second and a silent version at an endpoint, what an endpoint served
-- before, API keys, and the log of what was predicted.
CREATE TABLE app.model_threshold (
    model VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    threshold DOUBLE NOT NULL, -- least probability of the second class at which it is decided for
    PRIMARY KEY (model, version)
);

CREATE TABLE app.deployment_rule (
    deployment VARCHAR PRIMARY KEY,
    challenger_alias VARCHAR,
    challenger_version INTEGER,
    share DOUBLE NOT NULL, -- of the requests that the challenger answers
    by_key BOOLEAN NOT NULL,
    shadow_alias VARCHAR,
    shadow_version INTEGER,
    needs_key BOOLEAN NOT NULL,
    log_share DOUBLE NOT NULL,
    log_inputs BOOLEAN NOT NULL,
    log_days INTEGER NOT NULL
);

CREATE TABLE app.deployment_served (
    deployment VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    since TIMESTAMP NOT NULL
);
INSERT INTO app.deployment_served
SELECT d.name, coalesce(d.version, a.version), d.created_at
FROM app.deployment d
LEFT JOIN app.model_alias a ON a.model = d.model AND a.alias = d.alias
WHERE coalesce(d.version, a.version) IS NOT NULL;

CREATE TABLE app.api_key (
    id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    prefix VARCHAR NOT NULL, -- the first characters of the key, to tell keys apart
    sha256 VARCHAR NOT NULL,
    scopes VARCHAR[] NOT NULL,
    endpoints VARCHAR[], -- NULL: all
    per_minute INTEGER, -- NULL: no limit
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    last_used_at TIMESTAMP,
    revoked_at TIMESTAMP
);

CREATE SEQUENCE app.prediction_seq;
CREATE TABLE app.prediction (
    seq BIGINT NOT NULL,
    deployment VARCHAR NOT NULL,
    model VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    role VARCHAR NOT NULL,
    request VARCHAR NOT NULL,
    row_number INTEGER NOT NULL,
    answered_at TIMESTAMP NOT NULL,
    took_ms DOUBLE NOT NULL,
    api_key VARCHAR,
    prediction VARCHAR,
    probabilities JSON,
    decision VARCHAR,
    warnings INTEGER NOT NULL,
    inputs JSON
);

-- Every version that an endpoint may answer with now, aliases followed.
CREATE VIEW app.deployment_serves AS
SELECT d.name AS deployment, d.model, coalesce(d.version, a.version) AS version,
       'champion' AS role
FROM app.deployment d
LEFT JOIN app.model_alias a ON a.model = d.model AND a.alias = d.alias
UNION ALL
SELECT d.name, d.model, coalesce(r.challenger_version, a.version), 'challenger'
FROM app.deployment d JOIN app.deployment_rule r ON r.deployment = d.name
LEFT JOIN app.model_alias a ON a.model = d.model AND a.alias = r.challenger_alias
WHERE coalesce(r.challenger_version, a.version) IS NOT NULL
UNION ALL
SELECT d.name, d.model, coalesce(r.shadow_version, a.version), 'shadow'
FROM app.deployment d JOIN app.deployment_rule r ON r.deployment = d.name
LEFT JOIN app.model_alias a ON a.model = d.model AND a.alias = r.shadow_alias
WHERE coalesce(r.shadow_version, a.version) IS NOT NULL;

CREATE VIEW lab.prediction_log AS
SELECT p.seq, p.deployment, p.model, p.version, v.run, p.role, p.request, p.row_number, p.answered_at,
       p.took_ms, p.prediction, p.probabilities, p.decision, p.warnings, p.inputs
FROM app.prediction p
LEFT JOIN app.model_version v ON v.model = p.model AND v.version = p.version;
COMMENT ON VIEW lab.prediction_log IS 'Answers of the endpoints, one row each; kept as long as each deployment says';
COMMENT ON COLUMN lab.prediction_log.seq IS 'Number of the entry, growing';
COMMENT ON COLUMN lab.prediction_log.deployment IS 'Name of the endpoint';
COMMENT ON COLUMN lab.prediction_log.model IS 'Name of the model';
COMMENT ON COLUMN lab.prediction_log.version IS 'Version that answered';
COMMENT ON COLUMN lab.prediction_log.run IS 'Run that the version came from';
COMMENT ON COLUMN lab.prediction_log.role IS 'champion, challenger, or shadow: its answer was not sent';
COMMENT ON COLUMN lab.prediction_log.request IS 'Identifier of the request; a shadow has that of the answer beside it';
COMMENT ON COLUMN lab.prediction_log.row_number IS 'Place of the row in the request, from 0';
COMMENT ON COLUMN lab.prediction_log.answered_at IS 'When it was answered, UTC';
COMMENT ON COLUMN lab.prediction_log.took_ms IS 'Milliseconds that the whole request took';
COMMENT ON COLUMN lab.prediction_log.prediction IS 'The prediction, as text';
COMMENT ON COLUMN lab.prediction_log.probabilities IS 'Probability of each class, as JSON; NULL for numbers';
COMMENT ON COLUMN lab.prediction_log.decision IS 'Class by the threshold of the version; NULL without one';
COMMENT ON COLUMN lab.prediction_log.warnings IS 'How many values were unlike those seen in training';
COMMENT ON COLUMN lab.prediction_log.inputs IS 'The row that was asked, as JSON; NULL when the deployment keeps none';
