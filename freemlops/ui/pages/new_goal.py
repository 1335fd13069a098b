"""Second step of the guided flow: what to predict."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui

from freemlops.domain.advice import Action, Advice
from freemlops.domain.metric import METRICS
from freemlops.domain.run import SplitKind, Task
from freemlops.ui.components.advice import AdviceList
from freemlops.ui.components.button import primary
from freemlops.ui.components.fold import fold
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.components.words import SPLITS, TASKS
from freemlops.ui.pages.base import PageView, card, column, row
from freemlops.ui.session import blocking
from freemlops.ui.state.new_run import NewRunState

_MAX_WIDTH = 460


class GoalStep:
    """The target with its reason, the task in words, and the rest folded away."""

    def __init__(self, page: PageView, state: NewRunState) -> None:
        self._page, self._state = page, state
        t = page.t
        self._filling = False
        self._suggested = ""
        self._reason: Markup | None = None
        self._target = _select(t.text("Column to predict"), "fm-target")
        self._why, self._says = Html(visible=False), Html(visible=False)
        self._found: tuple[Advice, ...] = ()
        self._advice = AdviceList(t, self._on_action)
        self.next = primary(t.text("Continue"), "fm-next")
        self._task = _select(t.text("Kind of answer"), "fm-task")
        self._metric = _select(t.text("Judge models by"), "fm-metric")
        self._about = Html(visible=False)
        self._split = _select(t.text("Set rows aside for the test"), "fm-split")
        self._split_column = _select(t.text("Column to cut by"), "fm-split-column", visible=False)
        self._exclude = pmui.MultiChoice(
            label=t.text("Columns to leave out"),
            css_classes=["fm-exclude"],
            sizing_mode="stretch_width",
            max_width=_MAX_WIDTH,
            margin=0,
        )
        self.view = self._layout()
        self._watch()

    def _layout(self) -> Any:
        t = self._page.t
        advanced = column(
            self._task,
            column(self._metric, self._about, gap=4),
            self._split,
            self._split_column,
            self._exclude,
            gap=18,
            styles={"padding": "8px 0"},
        )
        folded = fold(t.text("Advanced"), advanced, "fm-advanced")
        question = Html(tag("h2", t.text("What do you want to predict?")))
        return column(
            card(question, self._target, self._why, self._says, gap=14),
            self._advice,
            folded,
            row(self.next),
        )

    def _watch(self) -> None:
        for widget, handler in (
            (self._target, self._on_target),
            (self._task, self._on_task),
            (self._metric, self._on_rest),
            (self._split, self._on_rest),
            (self._split_column, self._on_rest),
            (self._exclude, self._on_rest),
        ):
            widget.param.watch(handler, "value")

    async def show(self) -> None:
        """Bring the step up to date with the state; suggests a target when there is none."""
        table, datasets = self._state.table, self._page.platform.datasets
        if table is None:
            return
        found = await blocking(datasets.suggest_goal, table.dataset, table.version)
        if found is not None and found.target:
            self._suggested, words = found.target, self._page.t.text(found.reason)
            self._reason = tag("p", self._page.t.text("Suggested:"), " ", words, class_="muted")
        if not self._state.target and self._suggested:
            await self._aim(self._suggested)
        elif self._state.target and self._state.task is None:
            await self._aim(self._state.target)
        self._fill()
        await self._look()

    async def _look(self) -> None:
        """What is to be minded about this target; what is done about it by default is done."""
        state = self._state
        if state.table is None or state.task is None:
            return
        about = (state.target, state.task)
        found = await blocking(
            self._page.platform.profiles.advice, state.dataset, state.version, *about
        )
        if about == (state.target, state.task):  # nobody chose another one meanwhile
            self._found = found
            state.advise(found)
            self._fill()

    def _on_action(self, action: Action, on: bool) -> None:
        self._state.apply(action, on=on)
        self._fill()

    async def _aim(self, target: str, task: Task | None = None) -> None:
        table = self._state.table
        if table is None:
            return
        if task is None:
            service = self._page.platform.datasets
            found = await blocking(service.suggest_task, table.dataset, table.version, target)
            self._state.aim(target, found[0])
        else:
            self._state.aim(target, task)

    async def _on_target(self, event: Any) -> None:
        if not event.new or event.new == self._state.target:
            return
        async with self._page.attempt():
            await self._aim(event.new)
            self._fill()
            await self._look()

    async def _on_task(self, event: Any) -> None:
        if event.new is None or event.new == self._state.task:
            return
        async with self._page.attempt():
            await self._aim(self._state.target, event.new)
            self._fill()
            await self._look()

    def _on_rest(self, _event: Any) -> None:
        if self._filling:
            return
        kind = self._split.value or SplitKind.RANDOM
        columns = self._state.split_columns(kind)
        chosen = self._split_column.value if self._split_column.value in columns else None
        self._state.param.update(
            metric=self._metric.value or "",
            split=kind,
            split_column=chosen or (columns[0] if columns else ""),
            exclude=list(self._exclude.value or []),
        )
        self._fill()

    def _fill(self) -> None:
        """Write the state into the widgets, without hearing them."""
        state, t = self._state, self._page.t
        self._filling = True
        try:
            self._target.param.update(options=state.targets(), value=state.target or None)
            self._task.param.update(
                options={t.text(name): task for task, name in TASKS.items()}, value=state.task
            )
            metrics = {t.text(m.title): m.name for m in state.metrics()}
            self._metric.param.update(options=metrics, value=state.metric or None)
            kinds = [k for k in SPLITS if k is SplitKind.RANDOM or state.split_columns(k)]
            self._split.param.update(
                options={t.text(SPLITS[k]): k for k in kinds}, value=state.split
            )
            columns = state.split_columns(state.split)
            self._split_column.param.update(
                options=columns, value=state.split_column or None, visible=bool(columns)
            )
            self._exclude.param.update(options=state.others(), value=list(state.exclude))
        finally:
            self._filling = False
        self._say()

    def _say(self) -> None:
        state, t = self._state, self._page.t
        self._advice.show(self._found, state.choices().applied)
        self._why.show(self._reason if state.target == self._suggested else None)
        self.next.disabled = state.task is None
        about = METRICS.get(state.metric)
        self._about.show(tag("p", t.text(about.about), class_="muted small") if about else None)
        if state.task is None:
            self._says.show(None)
            return
        self._says.show(
            tag(
                "div",
                tag("strong", t.text(TASKS[state.task])),
                tag("span", self._example(state.task, state.target)),
                class_="panel note fm-task-words",
            )
        )

    def _example(self, task: Task, target: str) -> str:
        t = self._page.t
        if task is Task.BINARY:
            return t.text(
                "For each row the model chooses one of the two values of “{target}”, and says "
                "how sure it is: for example, “yes, with 83 in 100”.",
                target=target,
            )
        if task is Task.MULTICLASS:
            return t.text(
                "For each row the model chooses one of the values of “{target}”, and says how "
                "likely each of them is.",
                target=target,
            )
        return t.text(
            "For each row the model answers with a number for “{target}”, as close to the truth "
            "as it can.",
            target=target,
        )


def _select(label: str, hook: str, **params: Any) -> pmui.Select:
    return pmui.Select(
        label=label,
        css_classes=[hook],
        options=[],
        sizing_mode="stretch_width",
        max_width=_MAX_WIDTH,
        margin=0,
        **params,
    )
