"""API keys: made, shown once, checked on every call, revoked at once."""

from __future__ import annotations

import hashlib
import math
import secrets
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from freemlops.domain.errors import (
    ForbiddenError,
    InvalidError,
    TooManyError,
    UnauthorizedError,
)
from freemlops.domain.key import ApiKey, Scope
from freemlops.services.changes import Changes
from freemlops.warehouse.warehouse import Warehouse

PREFIX = "fmk_"
SHOWN = len(PREFIX) + 6
MOST_KEYS = 10_000


class KeyService:
    """Thread-safe. A check looks into memory alone.

    Stored is the plain sha256 of a key. A slow, salted hash protects passwords because people
    choose them badly; a key is 256 random bits, which nobody can try through, and it is checked
    on every call, where argon2 would take a thousand times longer than the model.
    """

    def __init__(self, warehouse: Warehouse, changes: Changes) -> None:
        self._store = warehouse.keys
        self._changes = changes
        self._lock = threading.Lock()
        self._keys = dict(self._store.list())
        self._seen = changes.version("keys")
        self._buckets: dict[str, _Bucket] = {}
        self._used: dict[str, datetime] = {}

    def create(
        self,
        name: str,
        scopes: Sequence[str],
        endpoints: Sequence[str] | None = None,
        per_minute: int | None = None,
        expires_at: datetime | None = None,
    ) -> tuple[ApiKey, str]:
        """The key, and its text, which is shown now and never again. Raises `InvalidError`."""
        now = datetime.now(UTC)
        unknown = [s for s in scopes if s not in list(Scope)]
        if unknown or not scopes:
            raise InvalidError(
                "A key needs one or more of these scopes: {scopes}.", scopes=", ".join(Scope)
            )
        if not name.strip() or len(name) > 100:
            raise InvalidError("Give the key a name of 1 to 100 characters.")
        if per_minute is not None and not 1 <= per_minute <= 10_000_000:
            raise InvalidError("The limit must be at least one request a minute.")
        if expires_at is not None and (expires_at.tzinfo is None or expires_at <= now):
            raise InvalidError("The key must expire at a time to come, written with its zone.")
        if len(self._keys) >= MOST_KEYS:
            raise InvalidError("There are too many keys.")
        text = PREFIX + secrets.token_urlsafe(32)
        key = ApiKey(
            id=f"key_{secrets.token_hex(6)}",
            name=name.strip(),
            prefix=text[:SHOWN],
            scopes=tuple(Scope(s) for s in dict.fromkeys(scopes)),
            created_at=now,
            endpoints=None if endpoints is None else tuple(dict.fromkeys(endpoints)),
            per_minute=per_minute,
            expires_at=expires_at,
        )
        self._store.add(key, _digest(text))
        self._reload()
        return key, text

    def list(self) -> tuple[ApiKey, ...]:
        """Newest first, the revoked ones too."""
        self.flush()
        return tuple(self._store.list().values())

    def revoke(self, id: str) -> None:
        """From the next call on it opens nothing. Raises `NotFoundError`."""
        self._store.revoke(id)
        self._reload()

    def _reload(self) -> None:
        known = dict(self._store.list())
        with self._lock:
            self._keys = known
        self._changes.bump("keys")

    def check(self, text: str, method: str, path: str) -> str:
        """The id of the key, when its bearer may make this call now.

        Raises `UnauthorizedError` (unknown, expired, revoked), `ForbiddenError` (out of its
        scopes or endpoints) and `TooManyError`.
        """
        key = self._keys.get(_digest(text))
        now = datetime.now(UTC)
        if key is None or not key.is_good(now):
            raise UnauthorizedError(
                "This key is not known here, has expired, or was revoked. Ask for another one."
            )
        if not key.may(method, path):
            raise ForbiddenError(
                "This key does not allow that call. Its scopes: {scopes}.",
                scopes=", ".join(key.scopes),
            )
        if key.per_minute is not None:
            self._take(key.id, key.per_minute)
        self._used[key.id] = now
        return key.id

    def _take(self, id: str, per_minute: int) -> None:
        with self._lock:
            bucket = self._buckets.setdefault(id, _Bucket(per_minute))
            wait = bucket.take()
        if wait > 0:
            raise TooManyError(
                "This key may ask {limit} times a minute. Try again in {seconds} s.",
                limit=per_minute,
                seconds=math.ceil(wait),
            )

    def flush(self) -> None:
        """Write down when keys were last used; called off the path of requests."""
        used, self._used = self._used, {}
        if used:
            self._store.set_used(used)


class _Bucket:
    """A token bucket: full at first, refilled evenly, a token a request."""

    def __init__(self, per_minute: int) -> None:
        self._most = float(per_minute)
        self._tokens = self._most
        self._at = time.monotonic()

    def take(self) -> float:
        """Seconds until there is a token, 0 when one was taken."""
        now = time.monotonic()
        self._tokens = min(self._most, self._tokens + (now - self._at) * self._most / 60)
        self._at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) * 60 / self._most


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
