"""Looking for runs: what to look for, in which order, and what a list shows of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from freemlops.domain.errors import InvalidError
from freemlops.domain.metric import METRICS
from freemlops.domain.run import Candidate, Run, RunStatus, Task

MAX_NAME: Final = 120
MAX_NOTES: Final = 10_000
MAX_TAGS: Final = 20
MAX_TAG: Final = 40
MAX_TEXT: Final = 200
MAX_COMPARED: Final = 20


class RunSort(StrEnum):
    NEWEST = "newest"
    SCORE = "score"  # best first
    DURATION = "duration"  # longest first
    NAME = "name"


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What runs must match; None, "" and () leave a question open.

    Every word of `text` must occur in the name, dataset, target, tags or notes, whatever its
    case and accents. A run matches `statuses` by any of them, and `tags` by all. Scores are
    those of the best model on the holdout, by the metric of the run; both ends count.
    """

    text: str = ""
    dataset: str | None = None
    target: str | None = None
    task: Task | None = None
    metric: str | None = None
    statuses: tuple[RunStatus, ...] = ()
    family: str | None = None
    tags: tuple[str, ...] = ()
    starred: bool | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None
    least_score: float | None = None
    most_score: float | None = None

    def __post_init__(self) -> None:
        if len(self.text) > MAX_TEXT:
            raise InvalidError("A search text may have {most} characters.", most=MAX_TEXT)


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as a line of a list. Scores are on the holdout, by the run's metric; `duration_s`
    counts from its start and is None until it is over."""

    id: str
    name: str
    dataset: str
    dataset_name: str
    version: int
    target: str
    task: Task
    metric: str
    status: RunStatus
    created_at: datetime
    duration_s: float | None
    best: str | None
    best_family: str | None
    best_score: float | None
    baseline_score: float | None
    notes: str
    tags: tuple[str, ...]
    starred: bool

    @property
    def beats_baseline(self) -> bool | None:
        """None when one of the two scores is missing."""
        if self.best_score is None or self.baseline_score is None or self.metric not in METRICS:
            return None
        if METRICS[self.metric].higher_is_better:
            return self.best_score > self.baseline_score
        return self.best_score < self.baseline_score


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that a filter can take, and how many runs have it; `title` is for people."""

    value: str
    count: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Facets:
    """The most frequent values of each filter among the runs that match all the other filters."""

    total: int
    datasets: tuple[Facet, ...] = ()
    targets: tuple[Facet, ...] = ()
    tasks: tuple[Facet, ...] = ()
    metrics: tuple[Facet, ...] = ()
    statuses: tuple[Facet, ...] = ()
    families: tuple[Facet, ...] = ()
    tags: tuple[Facet, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotation:
    """What to change of what people say about a run; None leaves it as it is."""

    name: str | None = None
    notes: str | None = None
    tags: tuple[str, ...] | None = None
    starred: bool | None = None

    def checked(self) -> Annotation:
        """Without needless spaces and repeated tags. Raises `InvalidError` beyond the limits."""
        name = None if self.name is None else " ".join(self.name.split())
        notes = None if self.notes is None else self.notes.strip()
        tags = None if self.tags is None else _tags(self.tags)
        if name is not None and len(name) > MAX_NAME:
            raise InvalidError("A name may have {most} characters.", most=MAX_NAME)
        if notes is not None and len(notes) > MAX_NOTES:
            raise InvalidError("Notes may have {most} characters.", most=MAX_NOTES)
        for text in (name, notes, *(tags or ())):
            if text is not None and "\0" in text:
                raise InvalidError("There is a character in the text that can't be stored.")
        return Annotation(name, notes, tags, self.starred)


def _tags(given: Sequence[str]) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(t for t in (" ".join(g.split()) for g in given) if t))
    if len(tags) > MAX_TAGS:
        raise InvalidError("A run may have {most} tags.", most=MAX_TAGS)
    for tag in tags:
        if len(tag) > MAX_TAG:
            raise InvalidError("A tag may have {most} characters.", most=MAX_TAG)
        if "," in tag:
            raise InvalidError("The tag “{tag}” may have no comma: commas part tags.", tag=tag)
    return tags


@dataclass(frozen=True, slots=True)
class Compared:
    """One run beside others: what was asked, and the model that leads its board."""

    run: Run
    best: Candidate | None

    def configuration(self) -> dict[str, object]:
        """What a person decided, or had decided for them; the name is no decision."""
        spec = asdict(self.run.spec)
        del spec["name"]
        return spec


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs side by side, in the order asked; `differs` names the parts of their configurations
    that are not the same everywhere."""

    runs: tuple[Compared, ...]

    @property
    def differs(self) -> tuple[str, ...]:
        first, *others = [c.configuration() for c in self.runs]
        return tuple(k for k in first if any(o[k] != first[k] for o in others))
