"""The state of the guided flow: what was chosen, and what may be chosen next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import param

from freemlops.domain.advice import Action, Advice
from freemlops.domain.dataset import Column, ColumnType, DatasetVersion
from freemlops.domain.metric import Metric, metrics_for
from freemlops.domain.run import Split, SplitKind, Task
from freemlops.ui.state.advised import Choices, follow

STEPS: Final = ("data", "goal", "train")
BUDGETS: Final = {"quick": 60.0, "standard": 300.0, "thorough": 1800.0}
SHORTEST_S: Final = 5.0


class NewRunState(param.Parameterized):
    """One run in the making. What is in the URL is `dataset`, `version`, `step`, `target`."""

    step = param.Selector(default="data", objects=list(STEPS))
    dataset = param.String(default="")
    version = param.Integer(default=None, allow_None=True)
    target = param.String(default="")
    task = param.ClassSelector(class_=Task, default=None, allow_None=True)
    metric = param.String(default="")
    split = param.ClassSelector(class_=SplitKind, default=SplitKind.RANDOM)
    split_column = param.String(default="")
    exclude = param.List(default=[])
    budget = param.Selector(default="quick", objects=[*BUDGETS, "own"])
    own_seconds = param.Number(default=60.0)
    table = param.ClassSelector(class_=DatasetVersion, default=None, allow_None=True)

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._advised: tuple[Any, tuple[Action, ...]] = (None, ())

    def take(self, table: DatasetVersion) -> None:
        """Work on `table`; choices that belong to another table are forgotten."""
        same = self.table is not None and (self.table.dataset, self.table.version) == (
            table.dataset,
            table.version,
        )
        keep = self.target if table.column(self.target) else ""
        fresh: dict[str, Any] = {
            "task": None,
            "metric": "",
            "exclude": [],
            "split": SplitKind.RANDOM,
            "split_column": "",
        }
        self.param.update(
            table=table,
            dataset=table.dataset,
            version=table.version,
            target=keep,
            **({} if same else fresh),
        )

    def aim(self, target: str, task: Task) -> None:
        """Predict `target` as `task`; choices that no longer fit fall back to the default."""
        names = {m.name for m in metrics_for(task)}
        split_column = "" if self.split_column == target else self.split_column
        self.param.update(
            target=target,
            task=task,
            metric=self.metric if self.metric in names else metrics_for(task)[0].name,
            exclude=[name for name in self.exclude if name != target],
            split_column=split_column,
            split=self.split if split_column else SplitKind.RANDOM,
        )

    def advise(self, found: Sequence[Advice]) -> None:
        """Do what the advice for this target does by default; once, so that it can be undone."""
        about = (self.dataset, self.version, self.target, self.task)
        known, before = self._advised
        if known == about:
            return
        now = tuple(a.action for a in found if a.action is not None)
        self._advised = (about, now)
        made = follow(self.choices(), before, now)
        if set(self.others()) <= set(made.exclude):  # something must be left to learn from
            made = replace(made, exclude=self.choices().exclude)
        self._choose(made)

    def apply(self, action: Action, *, on: bool) -> None:
        self._choose(self.choices().with_(action, on=on))

    def choices(self) -> Choices:
        return Choices(tuple(self.exclude), Split(self.split, self.split_column or None))

    def _choose(self, choices: Choices) -> None:
        self.param.update(
            exclude=[name for name in choices.exclude if name != self.target],
            split=choices.split.kind,
            split_column=choices.split.column or "",
        )

    def reachable(self) -> list[str]:
        """The steps that can be gone to now."""
        steps = ["data"]
        if self.table is not None:
            steps.append("goal")
            if self.target and self.task is not None:
                steps.append("train")
        return steps

    def settle(self) -> None:
        """Fall back to the last step that can be shown, as after opening an old link."""
        if self.step not in self.reachable():
            self.step = self.reachable()[-1]

    def targets(self) -> list[str]:
        return [c.name for c in self.columns() if c.distinct > 1 or not c.distinct]

    def others(self) -> list[str]:
        """Every column but the target."""
        return [c.name for c in self.columns() if c.name != self.target]

    def columns(self) -> tuple[Column, ...]:
        return self.table.columns if self.table is not None else ()

    def split_columns(self, kind: SplitKind) -> list[str]:
        """The columns that `kind` may cut by: dates for time, repeated values for groups."""
        rows = self.table.rows if self.table is not None else 0
        dates = (ColumnType.DATE, ColumnType.DATETIME)
        if kind is SplitKind.TIME:
            return [c.name for c in self.columns() if c.type in dates and c.name != self.target]
        if kind is SplitKind.GROUP:
            return [
                c.name
                for c in self.columns()
                if c.name != self.target and c.type is not ColumnType.DECIMAL and c.distinct < rows
            ]
        return []

    def metrics(self) -> tuple[Metric, ...]:
        return metrics_for(self.task) if self.task is not None else ()

    def budget_s(self) -> float:
        """The seconds asked for; an own number is never under the least that works."""
        if self.budget == "own":
            return max(SHORTEST_S, float(self.own_seconds or SHORTEST_S))
        return BUDGETS[self.budget]

    def request(self) -> dict[str, Any]:
        """The arguments of a `RunRequest`."""
        cut = self.split if self.split_column else SplitKind.RANDOM
        return {
            "dataset": self.dataset,
            "version": self.version,
            "target": self.target,
            "task": self.task,
            "metric": self.metric or None,
            "split": Split(cut, self.split_column or None),
            "exclude": tuple(name for name in self.exclude if name != self.target),
            "budget_s": self.budget_s(),
        }
