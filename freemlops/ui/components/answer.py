"""The answer of a model: the prediction, how sure it is, and what to be careful about."""

from __future__ import annotations

import json
from typing import Any

from freemlops.i18n import Translator
from freemlops.ui.components.safe import Markup, tag

MOST_CLASSES = 8


def answer_text(target: str, prediction: Any, t: Translator) -> Markup:
    """`prediction` has `prediction`, `probabilities` (or None) and `warnings`."""
    value = prediction.prediction
    is_number = isinstance(value, float) and prediction.probabilities is None
    said = t.number(value) if is_number else json.dumps(value, ensure_ascii=False).strip('"')
    likely = sorted((prediction.probabilities or {}).items(), key=lambda pair: -pair[1])
    bars = [
        tag(
            "div",
            tag("span", str(name), class_="clip"),
            tag(
                "div", tag("div", class_="fill", style=f"width:{100 * share:.1f}%"), class_="track"
            ),
            tag("span", t.percent(share, 1), class_="num"),
            class_="bar small",
        )
        for name, share in likely[:MOST_CLASSES]
    ]
    warnings = [tag("li", t.text(message)) for message in prediction.warnings]
    return tag(
        "div",
        tag("span", t.text("Prediction for “{target}”", target=target), class_="muted"),
        tag("div", said, class_="verdict fm-prediction", data_value=str(value)),
        tag("div", bars, class_="stack fm-probabilities") if bars else None,
        tag("div", tag("ul", warnings), class_="panel warn fm-warnings") if warnings else None,
        class_="stack fm-answer",
        role="status",
        style="gap:12px",
    )
