"""What the calls about API keys take and say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from freemlops.domain.key import ApiKey


class KeyIn(msgspec.Struct, forbid_unknown_fields=True):
    """`scopes`: any of predict, read, write, admin. `endpoints`: names, all when it is not
    given. `per_minute`: most requests a minute. `expires_at` with its zone."""

    name: str
    scopes: list[str] = msgspec.field(default_factory=lambda: ["predict"])
    endpoints: list[str] | None = None
    per_minute: int | None = None
    expires_at: datetime | None = None


class KeyOut(msgspec.Struct):
    key: str
    name: str
    prefix: str
    scopes: list[str]
    endpoints: list[str] | None
    per_minute: int | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class KeyMade(KeyOut, kw_only=True):
    """`secret` is what goes into `Authorization: Bearer`; it is shown this once."""

    secret: str


class KeyList(msgspec.Struct):
    items: list[KeyOut]


def key_out(key: ApiKey) -> KeyOut:
    return KeyOut(**_fields(key))


def key_made(key: ApiKey, secret: str) -> KeyMade:
    return KeyMade(**_fields(key), secret=secret)


def _fields(key: ApiKey) -> dict[str, Any]:
    return {
        "key": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": [s.value for s in key.scopes],
        "endpoints": None if key.endpoints is None else list(key.endpoints),
        "per_minute": key.per_minute,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
    }
