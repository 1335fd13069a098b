"""Datasets over HTTP: the file streams to disk, so memory does not grow with its size."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

from litestar import Controller, Request, Response, delete, get, patch, put
from litestar.exceptions import ClientException
from litestar.params import Parameter

from freemlops.api.caller import caller
from freemlops.api.described import TABLES, also, described
from freemlops.api.errors import language
from freemlops.api.schemas.common import Limit, version_number
from freemlops.api.schemas.datasets import (
    DatasetOut,
    DatasetPage,
    DescribeIn,
    RowsOut,
    VersionsOut,
    dataset_out,
)
from freemlops.api.schemas.readings import ReadingOut, read_options, reading_out
from freemlops.bootstrap import Platform
from freemlops.domain.errors import UnreadableFileError
from freemlops.domain.reading import Origin, Source
from freemlops.services.names import clean_filename
from freemlops.services.scratch import Scratch
from freemlops.services.uploads import PIECE_BYTES, SPACE_EVERY, empty, pour


class DatasetController(Controller):
    path = "/datasets"
    tags = ("datasets",)

    @put(
        status_code=201,
        request_max_body_size=None,
        operation_class=described(takes=TABLES),
        responses={200: also(ReadingOut, "The version that is there")},
    )
    async def upload(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        name: Annotated[str, Parameter(max_length=200)] = "",
        filename: Annotated[str, Parameter(max_length=300)] = "",
        options: Annotated[str, Parameter(max_length=50_000)] = "{}",
    ) -> Response[ReadingOut]:
        """Read the raw bytes of the body as a table: CSV, TSV, gz, zip with one table, Parquet.

        `options` is a JSON object of reading options. 201 with the new version; 200 with the
        version that is there when the bytes, read in the same way, are the same.
        """
        filename = clean_filename(filename, f"{name or 'upload'}.csv")
        origin = Origin(Source.UPLOAD, caller(request), read_options(options))
        scratch, announced = platform.intake.scratch, request.headers.get("content-length", "0")
        scratch.check_space(int(announced) * 3 if announced.isdecimal() else 0)
        platform.runs.expect()
        with scratch.folder() as folder:
            path = folder / "upload"
            await _save(request.stream(), path, scratch)
            version, is_new = await asyncio.to_thread(
                platform.intake.add_file, path, name, filename, origin
            )
        made = await asyncio.to_thread(reading_out, platform, version, language(request))
        return Response(made, status_code=201 if is_new else 200)

    @get(sync_to_thread=True)
    def listing(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        limit: Limit = 50,
        cursor: str | None = None,
    ) -> DatasetPage:
        """The latest version of each dataset, newest first."""
        page, t = platform.datasets.latest(limit, cursor), language(request)
        return DatasetPage([dataset_out(v, t) for v in page.items], page.cursor)

    @get("/{dataset:str}", sync_to_thread=True)
    def latest(
        self, request: Request[Any, Any, Any], platform: Platform, dataset: str
    ) -> DatasetOut:
        """The latest version."""
        return dataset_out(platform.datasets.get(dataset), language(request))

    @get("/{dataset:str}/versions", sync_to_thread=True)
    def versions(
        self, request: Request[Any, Any, Any], platform: Platform, dataset: str
    ) -> VersionsOut:
        """All versions, newest first."""
        t = language(request)
        return VersionsOut([dataset_out(v, t) for v in platform.datasets.versions(dataset)])

    @get("/{dataset:str}/versions/{version:str}", sync_to_thread=True)
    def one(
        self, request: Request[Any, Any, Any], platform: Platform, dataset: str, version: str
    ) -> DatasetOut:
        found = platform.datasets.get(dataset, version_number(version))
        return dataset_out(found, language(request))

    @get("/{dataset:str}/versions/{version:str}/rows", sync_to_thread=True)
    def rows(
        self,
        platform: Platform,
        dataset: str,
        version: str,
        limit: Limit = 50,
        offset: Annotated[int, Parameter(ge=0, le=2**40)] = 0,
    ) -> RowsOut:
        """Rows as stored, in the order of the file."""
        return RowsOut(platform.datasets.preview(dataset, version_number(version), limit, offset))

    @patch("/{dataset:str}", sync_to_thread=True)
    def describe(
        self, request: Request[Any, Any, Any], platform: Platform, dataset: str, data: DescribeIn
    ) -> DatasetOut:
        """Change the name, the description, the tags; what is not given stays."""
        made = platform.datasets.describe(
            dataset, name=data.name, description=data.description, tags=data.tags
        )
        return dataset_out(made, language(request))

    @delete("/{dataset:str}", sync_to_thread=True)
    def remove(self, platform: Platform, dataset: str) -> None:
        """Delete every version for good. 409 while a deployment depends on it."""
        platform.datasets.delete(dataset)

    @delete("/{dataset:str}/versions/{version:str}", sync_to_thread=True)
    def remove_version(self, platform: Platform, dataset: str, version: str) -> None:
        """Delete one version for good; with the last one the dataset is gone."""
        platform.datasets.delete(dataset, version_number(version))


async def _save(chunks: AsyncIterator[bytes], path: Path, scratch: Scratch) -> None:
    """Write the body to disk as it comes. Raises when it is empty or the connection breaks."""

    def count(received: int) -> None:
        if received % SPACE_EVERY < PIECE_BYTES:
            scratch.check_space(received)

    with path.open("wb") as file:
        try:
            size = await pour(chunks, file, count)
        except ClientException as error:
            raise UnreadableFileError(
                "The upload broke off before its end. Nothing was saved; send the file again."
            ) from error
    if size == 0:
        raise empty()
