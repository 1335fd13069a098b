"""What the calls about scored files say."""

from __future__ import annotations

from typing import Any

import msgspec

from freemlops.i18n import Translator
from freemlops.services.batches import Batch
from freemlops.serving.problem import document_of


class BatchOut(msgspec.Struct):
    """`state` is waiting, scoring, done, failed or cancelled; `rows` of `total` are scored, and
    `warned` of them have a warning. `notes` say what of the file was left out. `problem` is why
    it failed, `result` where the answer is once it is done."""

    batch: str
    endpoint: str
    filename: str
    state: str
    model: str
    version: int
    rows: int
    total: int | None
    warned: int
    notes: list[str]
    problem: dict[str, Any] | None
    result: str | None


def batch_out(batch: Batch, t: Translator) -> BatchOut:
    path = f"/api/v1/endpoints/{batch.endpoint}/batch/{batch.id}"
    progress = batch.progress
    return BatchOut(
        batch=batch.id,
        endpoint=batch.endpoint,
        filename=batch.filename,
        state=batch.state.value,
        model=batch.model.model,
        version=batch.model.version,
        rows=progress.rows,
        total=progress.total,
        warned=progress.warned,
        notes=[t.text(note.message) for note in progress.notes],
        problem=None if batch.error is None else document_of(batch.error, t, path),
        result=f"{path}/result" if batch.state == "done" else None,
    )
