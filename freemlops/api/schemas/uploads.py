"""What the upload calls say."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from freemlops.services.uploads import Upload


class UploadIn(msgspec.Struct, forbid_unknown_fields=True):
    size: Annotated[int, msgspec.Meta(ge=0)]
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    filename: Annotated[str, msgspec.Meta(max_length=300)] = ""


class FinishIn(msgspec.Struct, forbid_unknown_fields=True):
    options: dict[str, Any] = {}


class UploadOut(msgspec.Struct):
    upload: str
    state: str
    offset: int
    size: int
    rows: int


def upload_out(upload: Upload) -> UploadOut:
    return UploadOut(upload.id, upload.state.value, upload.offset, upload.size, upload.rows)
