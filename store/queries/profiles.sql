-- name: get
SELECT profile FROM app.dataset_profile WHERE dataset = $dataset AND version = $version LIMIT 1;

-- name: add
INSERT INTO app.dataset_profile
SELECT $dataset, $version, $profile
WHERE EXISTS (SELECT 1 FROM app.dataset_version WHERE dataset = $dataset AND version = $version);
