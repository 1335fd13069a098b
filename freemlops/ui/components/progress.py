"""The progress of a run in words and as a bar."""

from __future__ import annotations

from freemlops.domain.run import Phase, Run
from freemlops.i18n import Translator
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.components.words import PHASES


def share_done(progress: float, elapsed_s: float, budget_s: float) -> float:
    """How full the bar is: the clock's share, never behind what the run itself says.

    Held just under full until the run is over, and never moved back.
    """
    clock = elapsed_s / budget_s if budget_s > 0 else 0.0
    return min(max(progress, clock, 0.0), 0.99)


def progress_text(run: Run, tried: int, elapsed_s: float, t: Translator) -> Markup:
    budget_s = run.clock[1]
    share = share_done(run.progress, elapsed_s, budget_s)
    left = max(0.0, budget_s - elapsed_s)
    waiting = run.phase is Phase.WAITING
    facts = [
        None if waiting else t.text("about {time} left", time=t.duration(float(round(left)))),
        t.text("{n} models tried", n=tried) if tried else None,
    ]
    return tag(
        "div",
        tag(
            "div",
            tag("h2", t.text(PHASES[run.phase]), class_="fm-phase"),
            tag("span", " · ".join(f for f in facts if f), class_="muted num"),
            class_="row between",
        ),
        progress_bar(share, t),
        class_="stack",
        style="gap:14px",
    )


def progress_bar(share: float, t: Translator) -> Markup:
    """`share` from 0 to 1."""
    return tag(
        "div",
        tag("div", class_="fill", style=f"width:{100 * share:.1f}%"),
        class_="track fm-progress",
        role="progressbar",
        aria_label=t.text("Progress"),
        aria_valuemin=0,
        aria_valuemax=100,
        aria_valuenow=round(100 * share),
    )
