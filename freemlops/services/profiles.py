"""Profiles of dataset versions, and the advice that follows from them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa

from freemlops.domain.advice import Advice, Facts, TargetFacts, advise
from freemlops.domain.dataset import Column, DatasetVersion
from freemlops.domain.errors import InvalidError
from freemlops.domain.goal import suggest_task
from freemlops.domain.profile import ColumnProfile, Far, Filler, TableProfile
from freemlops.domain.run import Task
from freemlops.engine.profile.power import powers
from freemlops.engine.profile.relations import correlations, twins
from freemlops.engine.profile.sample import Sampled, is_filler, measure
from freemlops.warehouse.profiles import Window
from freemlops.warehouse.warehouse import Warehouse

MOST_CLASSES = 101
KEPT_TARGETS = 64


class ProfileService:
    """Blocking and thread-safe; every method may raise `NotFoundError`."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._datasets = warehouse.datasets
        self._store = warehouse.profiles
        self._targets: OrderedDict[tuple[str, int, str, Task], TargetFacts] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, dataset: str, version: int | None = None) -> TableProfile:
        """Counted once, then kept with the version."""
        known = self._datasets.get(dataset, version)
        kept = self._store.kept(dataset, known.version)
        if kept is not None:
            return kept
        made = self._made(known)
        self._store.keep(dataset, known.version, made)
        return made

    def _made(self, known: DatasetVersion) -> TableProfile:
        dataset, version = known.dataset, known.version
        begun = self._store.columns(dataset, version)
        sample = self._store.sample(dataset, version)
        sampled = measure(sample, known.columns)
        ends = {p.name: _window(p, sampled[p.name]) for p in begun}
        windows = {name: window for name, window in ends.items() if window is not None}
        beyond = self._store.beyond(dataset, version, windows)
        return TableProfile(
            rows=known.rows,
            sampled_rows=sample.num_rows,
            columns=tuple(
                _finished(p, sampled[p.name], windows.get(p.name), beyond.get(p.name, (0, 0)))
                for p in begun
            ),
            correlations=correlations(sample, known.columns),
            twins=twins(sample, known.columns),
            duplicate_rows=self._store.duplicates(dataset, version),
        )

    def advice(
        self,
        dataset: str,
        version: int | None = None,
        target: str | None = None,
        task: Task | None = None,
    ) -> tuple[Advice, ...]:
        """What to know before training, the most serious first.

        With a target also what concerns it; its task is the one that it suggests when none is
        given. Raises `InvalidError` for a target that is no column.
        """
        known = self._datasets.get(dataset, version)
        profile = self.get(dataset, known.version)
        facts = self._target(known, target, task) if target else None
        today = datetime.now(UTC).date()
        return advise(Facts(known.columns, profile, today, facts))

    def _target(self, known: DatasetVersion, target: str, task: Task | None) -> TargetFacts:
        column = known.column(target)
        if column is None:
            raise InvalidError("There is no column called “{column}”.", column=target)
        task = task or suggest_task(column, known.rows)[0]
        key = (known.dataset, known.version, target, task)
        with self._lock:
            if key in self._targets:
                self._targets.move_to_end(key)
                return self._targets[key]
        made = self._measured(known, column, task)
        with self._lock:
            self._targets[key] = made
            while len(self._targets) > KEPT_TARGETS:
                self._targets.popitem(last=False)
        return made

    def _measured(self, known: DatasetVersion, column: Column, task: Task) -> TargetFacts:
        dataset, version, name = known.dataset, known.version, column.name
        usable = column.distinct > 1 and (column.type.is_number or task.is_classification)
        if not usable:
            return TargetFacts(column, task)
        sample: pa.Table = self._store.sample(dataset, version)
        classes = self._store.classes(dataset, version, name, MOST_CLASSES)
        return TargetFacts(
            column,
            task,
            powers=powers(sample, column, task, known.columns),
            classes=tuple(classes) if task.is_classification else (),
            contradictions=self._store.contradictions(dataset, version, name),
        )


def _window(profile: ColumnProfile, sampled: Sampled) -> Window | None:
    """Where to count: only when something lies beyond the fences."""
    low, high = profile.low, profile.high
    if sampled.fences is None or isinstance(low, str | None) or isinstance(high, str | None):
        return None
    least, most = sampled.fences
    return Window(least, most) if low < least or high > most else None


def _finished(
    profile: ColumnProfile, sampled: Sampled, window: Window | None, beyond: tuple[int, int]
) -> ColumnProfile:
    made = replace(
        profile,
        std=sampled.std,
        quantiles=sampled.quantiles,
        examples=sampled.examples,
        rising=sampled.rising,
        mixture=sampled.mixture,
    )
    if window is None or not sum(beyond):
        return made
    low, high = float(profile.low or 0.0), float(profile.high or 0.0)
    extreme = high if beyond[1] and high - window.high >= window.low - low else low
    extreme = extreme if beyond[0] and beyond[1] else (high if beyond[1] else low)
    count = beyond[1] if extreme == high else beyond[0]
    lonely = is_filler(extreme) and count >= 3
    return replace(
        made,
        far=Far(sum(beyond), window.low, window.high, extreme),
        filler=Filler(extreme, count) if lonely else None,
    )
