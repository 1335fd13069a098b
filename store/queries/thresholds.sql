-- name: get
SELECT threshold FROM app.model_threshold WHERE model = $model AND version = $version;

-- name: set
INSERT OR REPLACE INTO app.model_threshold VALUES ($model, $version, $threshold);

-- name: clear
DELETE FROM app.model_threshold WHERE model = $model AND version = $version;
