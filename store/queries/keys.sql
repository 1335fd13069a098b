-- name: add
INSERT INTO app.api_key VALUES (
    $id, $name, $prefix, $sha256, $scopes, $endpoints, $per_minute, $created_at, $expires_at,
    NULL, NULL
);

-- name: list
SELECT * FROM app.api_key ORDER BY created_at DESC, id;

-- name: revoke
UPDATE app.api_key SET revoked_at = coalesce(revoked_at, $at) WHERE id = $id RETURNING id;

-- name: used
UPDATE app.api_key SET last_used_at = $at WHERE id = $id;
