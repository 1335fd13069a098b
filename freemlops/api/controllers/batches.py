"""Files scored by an endpoint, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, cast
from urllib.parse import quote

from litestar import Controller, Request, Response, delete, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import ClientException
from litestar.params import Parameter
from litestar.response import Stream

from freemlops.api.described import TABLES, also, described
from freemlops.api.errors import language
from freemlops.api.schemas.batches import BatchOut, batch_out
from freemlops.bootstrap import Platform
from freemlops.domain.errors import UnreadableFileError
from freemlops.services.batches import Batch
from freemlops.serving.asgi import Scope
from freemlops.serving.endpoint import asked_of, check_key

CHUNK = 1024**2
LOOK_S = 0.1
ANSWER = "text/csv"


class BatchController(Controller):
    path = "/endpoints/{name:str}/batch"
    tags = ("endpoints",)

    @post(
        status_code=202,
        request_max_body_size=None,
        operation_class=described(takes=TABLES),
        responses={200: also(bytes, "The scored file, with `wait`", ANSWER)},
    )
    async def start(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        name: str,
        filename: Annotated[str, Parameter(max_length=300)] = "",
        wait: bool = False,
    ) -> Response[Any]:
        """Score every row of the file in the body: CSV, Parquet, Arrow, JSON lines or Excel, also
        in gzip or zip. The server's settings say how large one may be: 16 GB and 20 million rows
        by default, else 413.

        202 says where to ask how far it is. `?wait=true` answers with the CSV itself, once it is
        whole: `curl -X POST -T rows.csv 'URL?wait=true' -o answers.csv`. The champion answers;
        the rows are not logged.
        """
        route = await sync_to_thread(platform.predictions.find, name)
        check_key(route, asked_of(cast(Scope, request.scope)))
        told = request.headers.get("content-length", "0")
        size = int(told) if told.isdecimal() else 0
        t = language(request)
        try:
            batch = await platform.batches.receive(name, filename, request.stream(), size, t)
        except ClientException as error:
            raise UnreadableFileError("The connection broke. Send the file again.") from error
        if not wait:
            made = batch_out(batch, t)
            place = f"/api/v1/endpoints/{name}/batch/{batch.id}"
            return Response(made, status_code=202, headers={"Location": place})
        while not batch.over.is_set():
            await asyncio.sleep(LOOK_S)
        return _answer(platform.batches.result(name, batch.id))

    @get("/{batch:str}", sync_to_thread=True)
    def one(
        self, request: Request[Any, Any, Any], platform: Platform, name: str, batch: str
    ) -> BatchOut:
        """How far it is."""
        return batch_out(platform.batches.get(name, batch), language(request))

    @get("/{batch:str}/result", sync_to_thread=True, media_type=ANSWER)
    def result(self, platform: Platform, name: str, batch: str) -> Stream:
        """The file's columns with the prediction, the probability of each class, the decision by
        the threshold and the warnings, as CSV. 409 while it is not done, and why when it failed.
        """
        return _answer(platform.batches.result(name, batch))

    @delete("/{batch:str}", sync_to_thread=True)
    def cancel(self, platform: Platform, name: str, batch: str) -> None:
        """Stop it, and forget its answer, which is kept for an hour unless the settings say
        otherwise."""
        platform.batches.cancel(name, batch)


def _answer(batch: Batch) -> Stream:
    size, name = batch.result.stat().st_size, quote(batch.result_name, safe="")
    return Stream(
        _chunks(batch.result),
        status_code=200,
        media_type=f"{ANSWER}; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Length": str(size),
        },
    )


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
