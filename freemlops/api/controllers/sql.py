"""The SQL lab over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from litestar import Controller, Request, Response, delete, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import Parameter
from litestar.response import Stream

from freemlops.api.described import described
from freemlops.api.errors import language
from freemlops.api.schemas.sql import (
    RecipeOut,
    SavedIn,
    SavedOut,
    SqlIn,
    SqlOut,
    SqlTableOut,
    as_arrow,
    as_csv,
    as_json,
    recipe_out,
    saved_out,
    tables_out,
)
from freemlops.bootstrap import Platform

ARROW = "application/vnd.apache.arrow.stream"
CHUNK = 1024**2


class SqlController(Controller):
    path = "/sql"
    tags = ("sql",)

    @post(status_code=200, operation_class=described(gives=("text/csv", ARROW)))
    async def run(
        self, data: SqlIn, request: Request[Any, Any, Any], platform: Platform
    ) -> Response[SqlOut]:
        """The answer of one SELECT over `lab` and `data`, as JSON, as CSV (`Accept: text/csv`) or
        as an Arrow stream (`Accept: application/vnd.apache.arrow.stream`).

        In CSV and Arrow, the header `X-Truncated` tells whether there were more rows. A query is
        stopped when its caller goes away.
        """
        accept = request.headers.get("accept", "")
        stop = threading.Event()
        work = asyncio.create_task(sync_to_thread(_run, platform, data, accept, stop))
        watch = asyncio.create_task(_gone(request))
        try:
            await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.set()
            watch.cancel()
        return await work

    @get("/tables", sync_to_thread=True)
    def tables(self, platform: Platform) -> list[SqlTableOut]:
        """What can stand behind FROM, documented."""
        return tables_out(platform.sql.tables())

    @get("/recipes", sync_to_thread=True)
    def recipes(self, request: Request[Any, Any, Any], platform: Platform) -> list[RecipeOut]:
        """Questions that researchers ask, with their queries."""
        t = language(request)
        return [recipe_out(r, t) for r in platform.sql.recipes()]

    @get("/saved", sync_to_thread=True)
    def saved(self, platform: Platform) -> list[SavedOut]:
        """The queries that people of this server keep."""
        return [saved_out(s) for s in platform.sql.saved()]

    @post("/saved", sync_to_thread=True)
    def save(self, data: SavedIn, platform: Platform) -> SavedOut:
        """Keep a query under a name; one of the same name is replaced."""
        return saved_out(platform.sql.save(data.name, data.sql, data.about))

    @delete("/saved/{id:str}", sync_to_thread=True)
    def forget(self, id: str, platform: Platform) -> None:
        platform.sql.forget(id)

    @get("/snapshot", sync_to_thread=True, media_type="application/octet-stream")
    def snapshot(
        self,
        platform: Platform,
        storage_version: str | None = None,
        with_data: Annotated[bool, Parameter(query="data")] = False,
    ) -> Stream:
        """The history as a DuckDB file; with `data=true` the latest datasets too.

        `storage_version` such as `v1.2.0` makes a file that older DuckDB versions open.
        """
        scratch = platform.settings.home / "lab" / "scratch"  # swept at the next start
        folder = tempfile.TemporaryDirectory(prefix="snapshot-", dir=scratch)
        path = Path(folder.name) / "history.duckdb"
        try:
            size = platform.sql.snapshot(path, storage_version=storage_version, with_data=with_data)
        except BaseException:
            folder.cleanup()
            raise
        return Stream(
            _chunks(path, folder),
            media_type="application/octet-stream",
            headers={
                "Content-Disposition": 'attachment; filename="history.duckdb"',
                "Content-Length": str(size),
            },
        )


def _run(platform: Platform, data: SqlIn, accept: str, stop: threading.Event) -> Response[Any]:
    answer = platform.sql.run(data.sql, limit=data.limit, stop=stop)
    headers = {"X-Truncated": str(answer.truncated).lower(), "X-As-Of": answer.as_of.isoformat()}
    if ARROW in accept:
        return Response(as_arrow(answer), media_type=ARROW, headers=headers)
    if "text/csv" in accept:
        return Response(as_csv(answer), media_type="text/csv", headers=headers)
    return Response(as_json(answer), headers=headers)


async def _gone(request: Request[Any, Any, Any]) -> None:
    """Returns when the caller has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _chunks(path: Path, folder: tempfile.TemporaryDirectory[str]) -> Iterator[bytes]:
    with contextlib.ExitStack() as stack:
        stack.callback(folder.cleanup)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
