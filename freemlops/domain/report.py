"""All that a report of a training, or the card of a model, is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from freemlops.domain.advice import ActionKind, Advice
from freemlops.domain.bundle import Manifest, Parity
from freemlops.domain.dataset import DatasetVersion
from freemlops.domain.evaluation.curves import Curve
from freemlops.domain.evaluation.figures import Evaluation
from freemlops.domain.evaluation.mistakes import Mistakes
from freemlops.domain.evaluation.ties import Ties
from freemlops.domain.explanation import Importance
from freemlops.domain.learning import LearningCurve
from freemlops.domain.model import ModelVersion, Signature
from freemlops.domain.run import Candidate, Run, Split, SplitKind, Task
from freemlops.domain.words import Message


@dataclass(frozen=True, slots=True)
class Measured:
    """What was worked out from a candidate's answers on the rows held out. `curves` are in the
    order in which they are shown; a `Message` says why there is none."""

    evaluation: Evaluation
    curves: tuple[tuple[str, Curve | Message], ...]
    mistakes: Mistakes


@dataclass(frozen=True, slots=True)
class Card:
    """What the registry knows of a version, besides the training that it came from."""

    version: ModelVersion
    manifest: Manifest
    threshold: float | None = None
    deployments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """`run` is None for the card of a model that was imported or whose run is gone; `data` when
    its rows were deleted; `candidate` while there is no model.

    `measured` is None, and `unmeasured` says why, when nothing could be worked out.
    `importance` and `unexplained` are likewise. `product` is our own version.
    """

    made_at: datetime
    product: str
    run: Run | None = None
    board: tuple[Candidate, ...] = ()
    candidate: Candidate | None = None
    data: DatasetVersion | None = None
    signature: Signature | None = None
    ties: Ties | None = None
    measured: Measured | None = None
    unmeasured: Message | None = None
    importance: Importance | None = None
    learning: LearningCurve | None = None
    unexplained: Message | None = None
    advice: tuple[Advice, ...] = ()
    parity: Parity | None = None
    has_script: bool = False
    card: Card | None = None

    @property
    def task(self) -> Task | None:
        if self.run is not None:
            return self.run.spec.task
        return self.signature.task if self.signature else None

    @property
    def target(self) -> str:
        if self.run is not None:
            return self.run.spec.target
        return self.signature.target if self.signature else ""

    @property
    def plan(self) -> Mapping[str, Any]:
        return self.run.plan if self.run is not None else {}

    @property
    def split_plan(self) -> Mapping[str, Any]:
        """Counts of the split; empty until the run has made its plan."""
        found = self.plan.get("split")
        return found if isinstance(found, dict) else {}

    @property
    def libraries(self) -> Mapping[str, str]:
        if self.run is not None:
            return self.run.libraries or self.plan.get("libraries") or {}
        return self.card.manifest.libraries if self.card else {}

    @property
    def data_sha256(self) -> str:
        if self.data is not None:
            return self.data.sha256
        lineage = self.card.manifest.lineage.dataset_sha256 if self.card else ""
        return str(self.plan.get("data_sha256") or lineage)

    def open_advice(self) -> tuple[Advice, ...]:
        """The advice about the data that the training did not follow."""
        if self.run is None:
            return ()
        spec = self.run.spec
        return tuple(a for a in self.advice if not _followed(a, spec.split, set(spec.exclude)))


def _followed(advice: Advice, split: Split, excluded: set[str]) -> bool:
    if advice.columns and excluded.issuperset(advice.columns):
        return True
    if advice.action is None:
        return False
    match advice.action.kind:
        case ActionKind.SPLIT_TIME:
            return split.kind is SplitKind.TIME
        case ActionKind.SPLIT_GROUP:
            return split.kind is SplitKind.GROUP and split.column in advice.action.columns
        case _:
            return False


@dataclass(frozen=True, slots=True)
class Report:
    """A page that is complete in itself, and how its file is called."""

    filename: str
    html: str
