"""Sentences and numbers about a training that pages and reports say alike."""

from __future__ import annotations

from freemlops.domain.evaluation.ties import Standing
from freemlops.domain.explanation import Basis, Importance
from freemlops.domain.run import Candidate, Run, Score, SplitKind
from freemlops.i18n import Translator
from freemlops.i18n.phrases import score_text


def drivers_found(made: Importance, t: Translator) -> str:
    """What the model needs most, and how many columns do nothing."""
    needed = [e.column for e in made.effects if e.matters]
    if needed:
        first = ", ".join(f"“{name}”" for name in needed[:3])
        found = t.text("What the model needs most: {columns}.", columns=first)
    else:
        found = t.text("No column matters more than chance would explain.")
    idle = len(made.effects) - len(needed)
    rest = ""
    if needed and idle:
        rest = t.text("{count} columns matter no more than chance would explain.", count=idle)
    return f"{found} {rest}".strip()


def basis_text(basis: Basis, t: Translator) -> str:
    if basis.unseen:
        return t.text(
            "Measured on {rows} rows that were held out: the model had not seen them.",
            rows=basis.rows,
        )
    if basis.held_out:
        return t.text(
            "Measured on {rows} held-out rows, with the winner that was trained on all rows: it "
            "has seen them, so the figures flatter.",
            rows=basis.rows,
        )
    return t.text(
        "Measured on {rows} rows of the data. The run is from before held-out rows were kept, so "
        "the model may have learned from them, and the figures flatter.",
        rows=basis.rows,
    )


def tested_lines(run: Run, t: Translator) -> list[str]:
    """What the scores are from, what was left out, and what else the training noted."""
    spec = run.spec
    name = spec.split.column or ""
    sentences = {
        SplitKind.RANDOM: t.text("The test rows were drawn at random, before training."),
        SplitKind.TIME: t.text("The test rows are the newest ones by “{column}”.", column=name),
        SplitKind.GROUP: t.text(
            "All rows of one “{column}” are on the same side: in training or in the test.",
            column=name,
        ),
    }
    lines = [sentences[spec.split.kind]]
    if spec.exclude:
        lines.append(t.text("Left out as asked: {columns}.", columns=", ".join(spec.exclude)))
    if run.receipt is not None:
        lines += [t.text(m) for m in run.receipt.notes]
    return lines


def compared(c: Candidate, standing: Standing | None, t: Translator) -> str:
    """With the best: how likely it is that the best is really better."""
    if standing is None or standing.p_best_better is None:
        return t.text("no clear difference") if c.tied_with_best else ""
    sure = round(100 * standing.p_best_better)
    if standing.tied:
        return t.text("no clear difference ({sure} in 100)", sure=sure)
    return t.text("worse ({sure} in 100)", sure=min(sure, 99) if sure == 100 else sure)


def between(score: Score | None, t: Translator) -> str:
    """The interval of a score."""
    return f"{score_text(score.low, t)} – {score_text(score.high, t)}" if score else "–"


def fit_text(c: Candidate, t: Translator) -> str:
    """How long it learned."""
    return t.duration(c.fit_s)


def latency_text(c: Candidate, t: Translator) -> str:
    """How long one answer takes."""
    return "–" if c.latency_ms is None else f"{t.number(c.latency_ms, 2)} ms"
