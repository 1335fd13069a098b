"""The names of things in words: tasks, states, phases, model families, column types."""

from __future__ import annotations

from typing import Final

from freemlops.domain.run import Phase, RunStatus
from freemlops.domain.titles import SPLITS, STATUSES, TASKS, TYPES
from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.i18n.phrases import family, plain_number, run_title, score_text, title_of
from freemlops.ui.components.safe import Markup, tag

__all__ = [
    "PHASES", "SPLITS", "STATUSES", "TASKS", "TYPES", "family", "plain_number", "run_title",
    "score_text", "status_chip", "title_of",
]  # fmt: skip
_TONES: Final = {
    RunStatus.QUEUED: "live",
    RunStatus.RUNNING: "live",
    RunStatus.FINISHED: "good",
    RunStatus.STOPPED: "good",
    RunStatus.FAILED: "bad",
    RunStatus.INTERRUPTED: "warn",
}
PHASES: Final = {
    Phase.WAITING: N_("Waiting for its turn"),
    Phase.READ: N_("Reading the data"),
    Phase.FLOOR: N_("Training the first simple models"),
    Phase.SEARCH: N_("Searching for better models"),
    Phase.ENSEMBLE: N_("Combining the best models"),
    Phase.ROWS: N_("Learning from fewer rows, to see what more would bring"),
    Phase.REFIT: N_("Training the winner on all rows"),
    Phase.EXPORT: N_("Packing the winner and checking the copy"),
    Phase.DONE: N_("Done"),
}


def status_chip(status: RunStatus, t: Translator) -> Markup:
    return tag(
        "span", t.text(STATUSES[status]), class_=f"chip fm-status {_TONES.get(status, '')}".strip()
    )
