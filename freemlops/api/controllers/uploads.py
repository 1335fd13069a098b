"""Uploads in pieces over HTTP, in the manner of tus: each piece says where it begins."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.exceptions import ClientException
from litestar.params import Parameter

from freemlops.api.caller import caller
from freemlops.api.described import also, described
from freemlops.api.errors import language
from freemlops.api.schemas.readings import ReadingOut, reading_out
from freemlops.api.schemas.uploads import FinishIn, UploadIn, UploadOut, upload_out
from freemlops.bootstrap import Platform
from freemlops.domain.errors import UnreadableFileError
from freemlops.domain.reading import Origin, ReadOptions, Source
from freemlops.services.intake import merge_options

Offset = Annotated[int, Parameter(header="Upload-Offset", ge=0)]


class UploadController(Controller):
    path = "/uploads"
    tags = ("datasets",)

    @post(sync_to_thread=True)
    def begin(self, platform: Platform, data: UploadIn) -> UploadOut:
        """Announce a file; send its bytes to the upload that comes back."""
        return upload_out(platform.uploads.begin(data.name, data.filename, data.size))

    @get("/{upload:str}", sync_to_thread=True)
    def one(self, platform: Platform, upload: str) -> UploadOut:
        """How far it is: `offset` is where the next piece begins."""
        return upload_out(platform.uploads.get(upload))

    @patch(
        "/{upload:str}",
        request_max_body_size=None,
        operation_class=described(takes=["application/octet-stream"]),
    )
    async def append(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        upload: str,
        offset: Offset,
    ) -> UploadOut:
        """The raw bytes from `Upload-Offset` on. 409 when the last piece ended elsewhere."""
        try:
            return upload_out(await platform.uploads.append(upload, offset, request.stream()))
        except ClientException as error:
            raise UnreadableFileError(
                "The connection broke. What arrived is kept; ask how far it is and go on."
            ) from error

    @post("/{upload:str}/finish", responses={200: also(ReadingOut, "The version that is there")})
    async def finish(
        self, request: Request[Any, Any, Any], platform: Platform, upload: str, data: FinishIn
    ) -> Response[ReadingOut]:
        """Read the file: 201 with the new version, 200 when it was there already."""
        origin = Origin(Source.UPLOAD, caller(request), merge_options(ReadOptions(), data.options))
        platform.runs.expect()
        version, is_new = await asyncio.to_thread(platform.uploads.finish, upload, origin)
        made = await asyncio.to_thread(reading_out, platform, version, language(request))
        return Response(made, status_code=201 if is_new else 200)

    @delete("/{upload:str}", sync_to_thread=True)
    def cancel(self, platform: Platform, upload: str) -> None:
        """Forget it. A reading that goes on ends with its next rows."""
        platform.uploads.cancel(upload)
