"""The model card of a bundle: one page that says what the model is for and what it is worth."""

from __future__ import annotations

from freemlops.domain.bundle import Manifest
from freemlops.domain.metric import METRICS
from freemlops.domain.model import Signature
from freemlops.domain.run import Task
from freemlops.domain.words import N_
from freemlops.i18n import Translator, translator
from freemlops.report.inputs import KINDS, seen

_TASKS = {
    Task.BINARY: N_("It tells two classes apart."),
    Task.MULTICLASS: N_("It tells several classes apart."),
    Task.REGRESSION: N_("It gives a number."),
}


def card(manifest: Manifest, signature: Signature, language: str) -> str:
    """Markdown. The same model gives the same card."""
    t = translator(language)
    name = manifest.model or manifest.lineage.run
    title = f"{name} {manifest.version}" if manifest.version else name
    metric = METRICS[manifest.metric].title if manifest.metric in METRICS else manifest.metric
    lines = [
        f"# {_flat(title)}",
        "",
        t.text("This model predicts “{target}”.", target=_flat(signature.target))
        + " "
        + t.text(_TASKS[signature.task]),
        "",
        "- " + t.text("Kind: {family}", family=manifest.family),
        "- "
        + t.text(
            "{metric}: {score}, measured on rows that it had not seen",
            metric=t.text(metric),
            score=t.number(manifest.score),
        ),
        "- "
        + t.text(
            "Learned from: {dataset}, version {version}",
            dataset=_flat(manifest.lineage.dataset_name) or "–",
            version=str(manifest.lineage.dataset_version or "–"),
        ),
        "- " + t.text("Made: {created}", created=manifest.created[:10]),
    ]
    if manifest.parity is not None:
        lines.append("- " + _stamp(manifest, t))
    lines += ["", f"## {t.text('What it takes')}", "", *_columns(signature, t), ""]
    lines += [
        f"## {t.text('Limits')}",
        "",
        t.text(
            "It knows the rows that it learned from and nothing else. Values outside the ranges "
            "above, and texts that are not listed, are answered with a warning and less surely. "
            "Check it on new rows before its answers decide about people, and train it again when "
            "the world changes."
        ),
        "",
    ]
    return "\n".join(lines)


def _stamp(manifest: Manifest, t: Translator) -> str:
    assert manifest.parity is not None
    return t.text(
        "The exported model answers like the original: identical within 1e-5 (largest difference "
        "{difference}) on {rows} rows",
        difference=t.number(manifest.parity.difference),
        rows=t.number(manifest.parity.rows, 0),
    )


def _columns(signature: Signature, t: Translator) -> list[str]:
    head = [t.text("Column"), t.text("Type"), t.text("Seen"), t.text("May be missing")]
    lines = ["| " + " | ".join(head) + " |", "|---|---|---|---|"]
    for column in signature.columns:
        missing = t.text("yes" if column.has_missing else "no")
        values = ", ".join(_cell(value) for value in seen(column, t))
        cells = [_cell(column.name), t.text(KINDS[column.type]), values, missing]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _cell(text: str) -> str:
    """Without what would end a cell of a table or begin markup."""
    made = _flat(text)
    for mark in "\\`*_{}[]<>#|":
        made = made.replace(mark, f"\\{mark}")
    return made


def _flat(text: str) -> str:
    return " ".join(text.split())
