"""Who may come in: the password, the sessions signed with it, and failed tries."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import secrets
import threading
import time
from collections import deque
from typing import Protocol

import argon2

HASH_OF_PASSWORD = "door.password_argon2"  # noqa: S105 - a name, no password
SIGNING_KEY = "door.signing_key"
SESSION_S = 30 * 24 * 3600
TRIES, WINDOW_S = 10, 60.0


class Settings(Protocol):
    """Where the hash and the secret are kept: the warehouse's settings."""

    def get(self, key: str) -> str | None: ...
    def set(self, key: str, value: str) -> None: ...


class Access:
    """One password for everybody (accounts come later). Thread-safe.

    Only the argon2 hash is stored. A session is `expiry.signature`, signed with a secret that
    a change of password replaces, so that changing it logs everybody out.
    """

    def __init__(self, password_hash: str, secret: str) -> None:
        self._hash = password_hash
        self._secret = secret.encode()
        self._hasher = argon2.PasswordHasher()
        self._lock = threading.Lock()
        self._good: set[bytes] = set()
        self._failures: deque[float] = deque()

    def check(self, password: str) -> bool:
        """Is it the password? Answers False without looking after 10 failures in a minute."""
        digest = hmac.digest(self._secret, password.encode(), hashlib.sha256)
        with self._lock:
            if digest in self._good:
                return True
            if self._blocked():
                return False
        try:
            self._hasher.verify(self._hash, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            with self._lock:
                self._failures.append(time.monotonic())
            return False
        with self._lock:
            self._good.add(digest)  # argon2 is slow on purpose: once a process, not once a call
        return True

    def _blocked(self) -> bool:
        now = time.monotonic()
        while self._failures and now - self._failures[0] > WINDOW_S:
            self._failures.popleft()
        return len(self._failures) >= TRIES

    def session(self) -> str:
        """A cookie value that lets its bearer in for 30 days."""
        expiry = str(int(time.time()) + SESSION_S)
        return f"{expiry}.{self._sign(expiry)}"

    def is_session(self, value: str) -> bool:
        expiry, _, signature = value.partition(".")
        good = hmac.compare_digest(signature.encode(), self._sign(expiry).encode())
        return good and expiry.isdecimal() and int(expiry) > time.time()

    def _sign(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()

    def is_authorized(self, header: str) -> bool:
        """`Authorization: Bearer KEY`, or `Basic` with any user name; the key is the password."""
        scheme, _, value = header.partition(" ")
        if scheme.lower() == "bearer":
            return any(self.check(word) for word in _spellings(value.strip()))
        if scheme.lower() == "basic":
            try:
                text = base64.b64decode(value, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                return False
            return self.check(text.partition(":")[2])
        return False


def _spellings(word: str) -> set[str]:
    """A header arrives as latin-1; most callers meant UTF-8."""
    made = {word}
    with contextlib.suppress(UnicodeError):
        made.add(word.encode("latin-1").decode("utf-8"))
    return made


def open_access(store: Settings, password: str | None) -> tuple[Access, str | None]:
    """The door's lock, and the password when it was generated just now (shown once, never again).

    A given password replaces the stored one; without any, one is generated at the first start.
    """
    generated = None
    known = store.get(HASH_OF_PASSWORD)
    if password is None and known is None:
        password = generated = "-".join(secrets.token_hex(2) for _ in range(4))
    if password is not None and not (known and _verifies(known, password)):
        known = argon2.PasswordHasher().hash(password)
        store.set(HASH_OF_PASSWORD, known)
        store.set(SIGNING_KEY, secrets.token_hex(32))
    secret = store.get(SIGNING_KEY)
    if known is None or secret is None:
        raise AssertionError("a password hash is never stored without its secret")
    return Access(known, secret), generated


def _verifies(hashed: str, password: str) -> bool:
    try:
        return argon2.PasswordHasher().verify(hashed, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
