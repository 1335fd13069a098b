"""The guided flow: data, goal, train. Its URL holds all that is needed to come back to it."""

from __future__ import annotations

from typing import Any

from freemlops.domain.words import N_
from freemlops.services.run_request import RunRequest
from freemlops.ui.address import link
from freemlops.ui.components.empty import skeleton
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.components.stepper import Stepper
from freemlops.ui.pages.base import PageView, page_column
from freemlops.ui.pages.new_data import DataStep
from freemlops.ui.pages.new_goal import GoalStep
from freemlops.ui.pages.new_train import TrainStep
from freemlops.ui.session import Session, blocking
from freemlops.ui.state.new_run import STEPS, NewRunState

TITLES = {"data": N_("Data"), "goal": N_("Goal"), "train": N_("Train")}


class NewPage(PageView):
    """A stepper over three steps; each is brought up to date when it is shown."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        t = self.t
        self.state = NewRunState()
        self._stepper = Stepper(
            steps=[[key, t.text(TITLES[key])] for key in STEPS],
            label=t.text("Steps"),
            sizing_mode="stretch_width",
            margin=0,
        )
        self._data = DataStep(self, self.state)
        self._goal = GoalStep(self, self.state)
        self._train = TrainStep(self, self.state)
        self._steps: dict[str, DataStep | GoalStep | TrainStep] = {
            "data": self._data,
            "goal": self._goal,
            "train": self._train,
        }
        for step in self._steps.values():
            step.view.visible = False
        self._waiting = Html(skeleton())
        self._body = page_column(
            Html(tag("h1", t.text("New model"))),
            self._stepper,
            self.problems,
            self._waiting,
            *(step.view for step in self._steps.values()),
        )
        self._connect()

    def __panel__(self) -> Any:
        return self._body

    def title(self) -> str:
        return self.t.text("New model")

    def _connect(self) -> None:
        self._stepper.param.watch(self._on_step, "active")
        self.state.param.watch(self._on_state, ["step", "table", "task", "target"])
        self._data.uploader.param.watch(self._on_uploaded, "uploaded")
        self.clicked(self._data.next, self._to_goal)
        self.clicked(self._goal.next, self._to_train)
        self.clicked(self._train.start, self._start)

    async def load(self) -> None:
        """Take up what the URL says: a sample to add, or a data set, target and step."""
        self.platform.runs.expect()
        query, datasets = self.session.query, self.platform.datasets
        try:
            if query.get("sample"):
                self.state.take(await blocking(self.platform.intake.add_sample, query["sample"]))
            elif query.get("dataset"):
                number = query.get("version", "")
                version = int(number) if number.isdecimal() else None
                self.state.take(await blocking(datasets.get, query["dataset"], version))
                await self._resume(query.get("target", ""), query.get("step", "data"))
        finally:
            await self._show()
            self.session.keep_in_url(self.state, ["dataset", "version", "step", "target"])

    async def _resume(self, target: str, step: str) -> None:
        table = self.state.table
        if table is not None and table.column(target):
            service = self.platform.datasets
            task, _ = await blocking(service.suggest_task, table.dataset, table.version, target)
            self.state.aim(target, task)
        self.state.step = step if step in STEPS else "data"
        self.state.settle()

    async def _on_uploaded(self, event: Any) -> None:
        if event.new is None:
            return
        dataset, version = event.new
        async with self.attempt():
            self.state.take(await blocking(self.platform.datasets.get, dataset, version))

    async def _on_step(self, event: Any) -> None:
        if event.new in STEPS:
            self.state.step = event.new

    async def _on_state(self, *events: Any) -> None:
        self.state.settle()
        if any(event.name in ("step", "table") for event in events):
            async with self.attempt():
                await self._show()
        else:
            self._stepper.reachable = self.state.reachable()

    async def _show(self) -> None:
        now = self.state.step
        await self._steps[now].show()
        if now != self.state.step:
            return  # somebody went on meanwhile, and that step shows itself
        self._waiting.show(None)
        for key, step in self._steps.items():
            step.view.visible = key == now
        self._stepper.param.update(active=now, reachable=self.state.reachable())

    async def _to_goal(self) -> None:
        self.state.step = "goal"
        await blocking(self.platform.trainer.warm)

    async def _to_train(self) -> None:
        self.state.step = "train"

    async def _start(self) -> None:
        run = await blocking(self.platform.runs.start, RunRequest(**self.state.request()))
        self.session.go(link("run", id=run.id))
