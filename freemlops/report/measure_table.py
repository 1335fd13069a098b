"""Every measure of a model, with how sure it is and what always one answer gets."""

from __future__ import annotations

from collections.abc import Sequence

from freemlops.domain.evaluation.figures import Figure
from freemlops.domain.evaluation.measures import MEASURES
from freemlops.i18n import Translator
from freemlops.i18n.phrases import score_text


def measure_rows(figures: Sequence[Figure], t: Translator) -> tuple[list[str], list[list[str]]]:
    """The heads and the lines: measure, value, interval, baseline, which way is better, note."""
    head = [t.text("Measure"), t.text("Value"), t.text("Likely between"),
            t.text("Always one answer"), t.text("Better"), t.text("Note")]  # fmt: skip
    lines = [
        [
            t.text(MEASURES[f.name].title),
            _score(f.value, t),
            f"{_score(f.low, t)} – {_score(f.high, t)}" if f.low is not None else "–",
            _score(f.baseline, t),
            t.text("higher") if MEASURES[f.name].higher_is_better else t.text("lower"),
            t.text(f.note) if f.note is not None else "",
        ]
        for f in figures
    ]
    return head, lines


def _score(value: float | None, t: Translator) -> str:
    return "–" if value is None else score_text(value, t)
