"""Where a replica gets its model: a bundle file, or the endpoint of a hub that is asked again."""

from __future__ import annotations

import http.client
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from freemlops.domain.errors import UnavailableError, UsageError
from freemlops.serving.bundle import MOST_BYTES, Bundle, read_bundle

TIMEOUT_S = 30.0
CHUNK = 1024**2


class Source(Protocol):
    """`fetch` gives the bundle when it is another than at the last call, else None."""

    @property
    def name(self) -> str | None:
        """What the endpoint is called, if the source knows."""
        ...

    def fetch(self) -> Bundle | None: ...


@dataclass
class FileSource:
    """A bundle on disk. Put another file in its place, and that one is served."""

    path: Path
    name: str | None = None
    _seen: tuple[int, int, int] | None = None

    def fetch(self) -> Bundle | None:
        """Raises `ImportRefusedError`, and `UnavailableError` while the file is not there."""
        try:
            stat = self.path.stat()
            seen = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
            if seen == self._seen:
                return None
            made = read_bundle(self.path)
        except OSError as error:
            raise UnavailableError(
                "The bundle “{path}” can't be read: {problem}.",
                path=str(self.path),
                problem=error.strerror or str(error),
            ) from error
        self._seen = seen
        return made


class _Strict(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key to wherever it leads."""

    def redirect_request(self, *_: object) -> None:
        return None


class HubSource:
    """The model behind an endpoint of another Free MLOps.

    `url` is the endpoint, such as `http://hub:5006/api/v1/endpoints/loans`. The hub is asked with
    the ETag of what is here: an unchanged model costs it one small answer.
    """

    def __init__(self, url: str, key: str | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(
                "“{url}” is no address of an endpoint. Write it like {example}.",
                url=url,
                example="http://hub:5006/api/v1/endpoints/loans",
            )
        path = parts.path.rstrip("/").removesuffix("/predict").removesuffix("/bundle")
        self.name: str | None = path.rsplit("/", 1)[-1] or None
        self._url = f"{parts.scheme}://{parts.netloc}{path}/bundle"
        self._key = key
        self._etag: str | None = None
        # Proxies of the environment are for the world outside, and a hub is inside.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Strict())

    def fetch(self) -> Bundle | None:
        """Raises `UnavailableError` when the hub can't be reached or refuses, and
        `ImportRefusedError` for what it sends."""
        request = urllib.request.Request(self._url)  # noqa: S310 - http and https only, see above
        if self._key:
            request.add_header("Authorization", f"Bearer {self._key}")
        if self._etag:
            request.add_header("If-None-Match", self._etag)
        try:
            with (
                self._opener.open(request, timeout=TIMEOUT_S) as answer,
                tempfile.TemporaryDirectory() as folder,
            ):
                path = Path(folder) / "bundle"
                _save(answer, path)
                made = read_bundle(path)
                self._etag = answer.headers.get("ETag")
                return made
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 304:
                return None
            raise UnavailableError(
                "The hub refuses with {status} at {url}.", status=str(error.code), url=self._url
            ) from error
        except (OSError, http.client.HTTPException) as error:
            raise UnavailableError(
                "The hub can't be reached at {url}: {problem}.",
                url=self._url,
                problem=str(getattr(error, "reason", error)),
            ) from error


def _save(answer: http.client.HTTPResponse, path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        while chunk := answer.read(CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                raise UnavailableError("The hub sends more than a bundle may hold.")
            file.write(chunk)


def open_source(target: str, key: str | None = None, name: str | None = None) -> Source:
    """A URL is a hub's endpoint, everything else a file."""
    if "://" in target:
        made = HubSource(target, key)
        made.name = name or made.name
        return made
    return FileSource(Path(target), name)
