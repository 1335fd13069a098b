-- What people say of a model version, where an imported one came from, and which were deleted:
-- their numbers are never given again.
CREATE TABLE app.model_version_detail (
    model VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    notes VARCHAR NOT NULL DEFAULT '',
    tags VARCHAR[] NOT NULL DEFAULT [],
    approval JSON, -- who approved it, when, and what they wrote
    imported JSON, -- the manifest of the bundle it came in
    PRIMARY KEY (model, version)
);

CREATE TABLE app.model_version_deleted (
    model VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    run VARCHAR NOT NULL,
    candidate VARCHAR NOT NULL,
    deleted_at TIMESTAMP NOT NULL
);
