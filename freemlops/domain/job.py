"""What the service hands to an executor, and what it hears back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from freemlops.domain.dataset import Column
from freemlops.domain.run import Candidate, Event, Receipt, RunSpec, Trial
from freemlops.domain.splits import SplitPlan


@dataclass(frozen=True, slots=True)
class Warmth:
    """What an earlier run on another version of the data found: `starts` are its best settings,
    the best first, by family."""

    run: str
    version: int
    starts: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a run had come to before it goes on.

    `split` is how its rows were cut, None when it never came so far. `events` is the number of
    its last event. `memory` holds the files that its training kept for this (`engine.memory`), by
    candidate, and under `SEARCH` those of its search.
    """

    receipt: Receipt
    split: SplitPlan | None = None
    events: int = 0
    candidates: tuple[Candidate, ...] = ()
    best: str | None = None
    trials: tuple[Trial, ...] = ()
    memory: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def tied(self) -> tuple[str, ...]:
        return tuple(c.id for c in self.candidates if c.tied_with_best and c.id != self.best)


@dataclass(frozen=True, slots=True)
class TrainJob:
    """One training, complete and picklable: a worker needs nothing else.

    `data` is an Arrow IPC file of the dataset version, columns typed as stored. `workdir` is
    an empty folder of the job's own: checkpoints and artifacts go there. `clicked_at` is
    `time.time()` of the click: the budget's clock starts there, spawn and imports included.
    `data_sha256` names the dataset version's content; it is kept with the plan.
    `warmth` is where the search begins, None for a search that knows nothing. `earlier` is there
    when the run goes on: the budget of `spec` is then what it gets on top.
    """

    run: str
    spec: RunSpec
    columns: tuple[Column, ...]
    data: Path
    workdir: Path
    clicked_at: float
    threads: int = 2
    memory_limit_bytes: int | None = None
    data_sha256: str = ""
    warmth: Warmth | None = None
    earlier: Earlier | None = None


SEARCH: Final = ""
"""Stands for the search where files are kept by candidate."""
MEMORY: Final = "memory"
"""The format of what a run needs to go on: no export, and nobody can download it."""

type OnEvent = Callable[[str, Event], None]


class JobHandle(Protocol):
    """A submitted job. All methods may be called from any thread, and twice."""

    def stop(self) -> None:
        """Ask it to end now and keep the best so far; killed when it does not within 2 s."""

    def cancel(self) -> None:
        """End it and keep nothing; killed when it is not gone within 1 s."""

    def wait(self, timeout: float | None = None) -> bool:
        """True when the `done` event has been delivered."""


class Trainer(Protocol):
    """Runs jobs somewhere else, and delivers each job's events in order, `done` always last.

    A job whose process dies still gets a `done`: with what was checkpointed when there is a
    scored candidate, as failed otherwise.
    """

    def submit(self, job: TrainJob, on_event: OnEvent) -> JobHandle: ...

    def warm(self) -> None:
        """Prepare a worker ahead of a likely job; returns at once."""

    def close(self) -> None:
        """End every job (kill) and free the workers."""
