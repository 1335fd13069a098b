"""API keys: what the bearer of one may do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """`predict`: endpoints and their schemas. `read`: look at everything. `write`: change
    everything but keys. `admin`: keys too. Each includes those before it in this list, except
    that to read does not let one predict."""

    PREDICT = "predict"
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


_GRANTS = {
    Scope.PREDICT: {Scope.PREDICT},
    Scope.READ: {Scope.READ},
    Scope.WRITE: {Scope.WRITE, Scope.READ, Scope.PREDICT},
    Scope.ADMIN: set(Scope),
}
_ENDPOINT = re.compile(r"/api/v1/endpoints/([^/]+)/[a-z]+(?:/[0-9a-f]{32}(?:/result)?)?/?")
_MODEL_PREDICT = re.compile(r"/api/v1/models/[^/]+/predict/?")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """`endpoints` None: all of them. `per_minute` None: as often as one likes. `prefix` is the
    part of the key that is shown."""

    id: str
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    endpoints: tuple[str, ...] | None = None
    per_minute: int | None = None
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def may(self, method: str, path: str) -> bool:
        """Whether a call is within the scopes, and to one of the endpoints."""
        needed, endpoint = needed_scope(method, path)
        if not any(needed in _GRANTS[scope] for scope in self.scopes):
            return False
        if self.endpoints is None:
            return True
        return endpoint in self.endpoints


def needed_scope(method: str, path: str) -> tuple[Scope, str | None]:
    """The scope that a call needs, and the endpoint that it names."""
    if found := _ENDPOINT.fullmatch(path):
        return Scope.PREDICT, found.group(1)
    if _MODEL_PREDICT.fullmatch(path):
        return Scope.PREDICT, None
    if path.startswith("/api/v1/keys"):
        return Scope.ADMIN, None
    if method in ("GET", "HEAD", "OPTIONS"):
        return Scope.READ, None
    return Scope.WRITE, None
