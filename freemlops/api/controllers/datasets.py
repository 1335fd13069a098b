"""Datasets over HTTP: the file streams to disk, so memory does not grow with its size."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, delete, get, put
from litestar.exceptions import ClientException
from litestar.params import Parameter

from freemlops.api.errors import language
from freemlops.api.schemas.common import Limit, version_number
from freemlops.api.schemas.datasets import (
    DatasetOut,
    DatasetPage,
    RowsOut,
    VersionsOut,
    dataset_out,
)
from freemlops.bootstrap import Platform
from freemlops.domain.errors import UnreadableFileError
from freemlops.services.datasets import DatasetService

SPACE_EVERY = 64 * 1024**2
"""Bytes between two looks at the free space while a file comes in."""


class DatasetController(Controller):
    path = "/datasets"
    tags = ("datasets",)

    @put(status_code=201, request_max_body_size=None)
    async def upload(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        name: Annotated[str, Parameter(max_length=200)] = "",
        filename: Annotated[str, Parameter(max_length=300)] = "",
    ) -> Response[DatasetOut]:
        """Read the raw bytes of the body as a table: CSV, TSV, gz, zip with one table, Parquet.

        201 with the new version; 200 with the version that is there when the bytes are the same.
        """
        service = platform.datasets
        filename = Path(filename.replace("\\", "/")).name or f"{name or 'upload'}.csv"
        announced = request.headers.get("content-length", "0")
        service.check_space(int(announced) * 2 if announced.isdecimal() else 0)
        with service.scratch() as folder:
            path = folder / "upload"
            await _save(request.stream(), path, service)
            version, is_new = await asyncio.to_thread(service.add_file, path, name, filename)
        return Response(dataset_out(version, language(request)), status_code=201 if is_new else 200)

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

    @get("/{dataset:str}/versions/{version:str}/profile", sync_to_thread=True)
    def profile(self, platform: Platform, dataset: str, version: str) -> dict[str, Any]:
        """Per column: type, missing, distinct, range, mean, histogram or most frequent values."""
        made: dict[str, Any] = msgspec.to_builtins(
            platform.datasets.profile(dataset, version_number(version))
        )
        return made

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

    @delete("/{dataset:str}", sync_to_thread=True)
    def remove(self, platform: Platform, dataset: str) -> None:
        """Delete every version for good. 409 while a deployment depends on it."""
        platform.datasets.delete(dataset)


async def _save(chunks: AsyncIterator[bytes], path: Path, service: DatasetService) -> None:
    """Write the body to disk as it comes. Raises when it is empty or the connection breaks."""
    size, looked = 0, 0
    with path.open("wb") as file:
        try:
            async for chunk in chunks:
                await asyncio.to_thread(file.write, chunk)
                size += len(chunk)
                if size - looked > SPACE_EVERY:
                    service.check_space(size)
                    looked = size
        except ClientException as error:
            raise UnreadableFileError(
                "The upload broke off before its end. Nothing was saved; send the file again."
            ) from error
    if size == 0:
        raise UnreadableFileError(
            "The file is empty. Choose a file with a header line and at least one row."
        )
