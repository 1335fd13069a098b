"""How far a file is, and what came of it."""

from __future__ import annotations

from freemlops.i18n import Translator
from freemlops.services.batches import Batch, BatchState
from freemlops.ui.components.problem import problem
from freemlops.ui.components.progress import progress_bar
from freemlops.ui.components.safe import Markup, tag


def batch_view(batch: Batch, base: str, t: Translator) -> Markup:
    """`base` is the server's address as the reader reaches it."""
    if batch.error is not None:
        return problem(batch.error, t)
    if batch.state is BatchState.DONE:
        return _done(batch, base, t)
    return _going(batch, t)


def _going(batch: Batch, t: Translator) -> Markup:
    done, total = batch.progress.rows, batch.progress.total
    share = done / total if total else 0.0
    if total:
        said = t.text("{done} of {total} rows", done=t.number(done, 0), total=t.number(total, 0))
    elif batch.state is BatchState.WAITING:
        said = t.text("Waiting for its turn")
    else:
        said = t.text("Reading the file")
    return tag(
        "div",
        tag(
            "div",
            tag("strong", batch.filename, class_="clip"),
            tag("span", said, class_="muted num fm-batch-rows"),
            class_="row between",
        ),
        progress_bar(share, t),
        class_="stack fm-batch-going",
        role="status",
    )


def _done(batch: Batch, base: str, t: Translator) -> Markup:
    progress = batch.progress
    url = f"{base}/api/v1/endpoints/{batch.endpoint}/batch/{batch.id}/result"
    notes = [tag("li", t.text(note.message)) for note in progress.notes]
    if progress.warned:
        count = t.number(progress.warned, 0)
        words = t.text(
            "{count} rows hold values unlike those seen in training: the column “warnings” says "
            "which.",
            count=count,
        )
        notes.append(tag("li", words))
    version = t.text("version {n}", n=batch.model.version)
    said = t.text("{n} rows answered", n=t.number(progress.rows, 0))
    return tag(
        "div",
        tag(
            "div",
            tag("strong", said, class_="fm-batch-done"),
            tag("span", f"{batch.filename} · {version}", class_="muted small"),
            class_="row",
        ),
        tag("ul", notes, class_="muted small") if notes else None,
        tag(
            "div",
            tag(
                "a",
                t.text("Download the answers"),
                href=url,
                download=batch.result_name,
                class_="button fm-batch-download",
            ),
            tag(
                "span",
                t.text("Kept for {time}.", time=t.duration(batch.kept_s)),
                class_="muted small",
            ),
            class_="row",
        ),
        class_="stack",
        style="gap:12px",
        role="status",
    )
