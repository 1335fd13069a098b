-- name: get
SELECT value FROM app.setting WHERE key = $key;

-- name: set
INSERT INTO app.setting VALUES ($key, $value, $at)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at;
