"""Every measure of a model, with how sure it is and what always one answer gets."""

from __future__ import annotations

from collections.abc import Sequence

from freemlops.domain.evaluation.figures import Figure
from freemlops.domain.evaluation.measures import MEASURES
from freemlops.i18n import Translator
from freemlops.i18n.phrases import score_text


def measure_rows(figures: Sequence[Figure], t: Translator) -> tuple[list[str], list[list[str]]]:
    """The heads and the lines: measure, value, interval, baseline, which way is better."""
    head = [t.text("Measure"), t.text("Value"), t.text("Likely between"),
            t.text("Always one answer"), t.text("Better")]  # fmt: skip
    lines = [
        [
            t.text(MEASURES[f.name].title),
            _score(f.value, t),
            f"{_score(f.low, t)} – {_score(f.high, t)}" if f.low is not None else "–",
            _score(f.baseline, t),
            t.text("higher") if MEASURES[f.name].higher_is_better else t.text("lower"),
        ]
        for f in figures
    ]
    return head, lines


def measure_notes(figures: Sequence[Figure], t: Translator) -> list[str]:
    """Why some have no value or no interval, each reason once."""
    found: dict[str, list[str]] = {}
    for f in figures:
        if f.note is not None:
            found.setdefault(t.text(f.note), []).append(t.text(MEASURES[f.name].title))
    return [f"{', '.join(names)}: {note}" for note, names in found.items()]


def _score(value: float | None, t: Translator) -> str:
    return "–" if value is None else score_text(value, t)
