"""The plots of one model's answers on the test rows."""

from __future__ import annotations

from typing import Any

import panel as pn
import panel_material_ui as pmui
from bokeh.plotting import figure

from freemlops.domain.errors import NotFoundError
from freemlops.domain.evaluation.curves import (
    ByClass,
    Calibration,
    Confusion,
    CostCurve,
    Curve,
    Density,
    ErrorQuantiles,
    Gain,
    Histogram,
    OneVersusRest,
    PrecisionRecall,
    ResidualsBy,
    Roc,
)
from freemlops.domain.evaluation.plot_words import OF_TASK, PLOTS
from freemlops.domain.run import Candidate, Run, Task
from freemlops.domain.words import Message
from freemlops.i18n import Translator
from freemlops.ui.charts import result_blocks as blocks
from freemlops.ui.charts import result_lines as lines
from freemlops.ui.charts.sheet import pane
from freemlops.ui.components.mistake_rows import mistake_rows
from freemlops.ui.components.plot_help import basis, plot_help
from freemlops.ui.components.plot_table import plot_table
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.components.threshold_view import ThresholdView
from freemlops.ui.pages.base import PageView, card, column, row
from freemlops.ui.session import blocking
from freemlops.ui.state.reasons import own_words

MOST_ROWS = 20
OF_THRESHOLD = ("confusion", "cost")
"""Plots that a threshold or costs change."""


class PlotsView(pn.viewable.Viewer):
    """`show` says of which model. The chosen plot is drawn at once, the others when chosen."""

    def __init__(self, page: PageView, task: Task) -> None:
        super().__init__()
        self._page = page
        t = page.t
        self._subject: tuple[Run, Candidate] | None = None
        self._drawn: object = None
        names = {t.text(PLOTS[n].title): n for n in OF_TASK[task]}
        self._name = pmui.Select(
            label=t.text("What to look at"), options=names, value=OF_TASK[task][0],
            css_classes=["fm-plot-name"], margin=0, width=320,
        )  # fmt: skip
        self._column = pmui.Select(
            label=t.text("Column"), options=[], css_classes=["fm-plot-column"], margin=0,
            width=240, visible=False,
        )  # fmt: skip
        self._threshold = ThresholdView(page, self._moved) if task is Task.BINARY else None
        self._chart = column(gap=0, css_classes=["fm-plot"])
        self._words, self._behind, self._rows = Html(), Html(visible=False), Html(visible=False)
        self._name.param.watch(self._changed, "value")
        self._column.param.watch(self._other_column, "value")
        self._view = self._layout()

    def _layout(self) -> Any:
        t = self._page.t
        about = t.text("Every picture is of the test rows, which no model saw while it learned.")
        heading = tag(
            "div",
            tag("h2", t.text("How good it is, in pictures")),
            tag("p", about, class_="muted"),
            class_="stack",
        )
        first = [self._threshold.view] if self._threshold is not None else []
        return card(
            Html(heading),
            row(self._name, self._column),
            *first,
            self._chart,
            self._rows,
            self._words,
            self._behind,
            gap=16,
            visible=False,
            css_classes=["fm-plots"],
        )

    def __panel__(self) -> Any:
        return self._view

    async def show(self, run: Run, candidate: Candidate) -> None:
        """Draw the plots of this model, unless they are there already."""
        if self._subject is not None and self._subject[1].id == candidate.id:
            return
        self._subject = run, candidate
        self._drawn = None
        self._view.visible = True
        async with self._page.attempt(fresh=False):
            signature = await blocking(self._page.platform.runs.signature, run.id)
            self._column.options = [c.name for c in signature.columns]
            if self._column.value is None and signature.columns:
                self._column.value = signature.columns[0].name
            if self._threshold is not None:
                await self._threshold.show(run, candidate)
            await self._draw()

    async def _changed(self, _event: object) -> None:
        self._column.visible = self._name.value == "residuals_column"
        if self._threshold is not None:
            needed = self._name.value in OF_THRESHOLD
            self._threshold.view.visible = needed and self._threshold.is_there
        async with self._page.attempt(self._name, fresh=False):
            await self._draw()

    async def _other_column(self, event: object) -> None:
        if self._column.visible:
            await self._changed(event)

    async def _moved(self) -> None:
        """The threshold or the costs are others."""
        if self._name.value in OF_THRESHOLD:
            await self._draw()

    def _asked(self) -> dict[str, Any]:
        name = self._name.value
        if name == "residuals_column":
            return {"column": self._column.value}
        if self._threshold is not None and name == "confusion":
            return {"threshold": self._threshold.value}
        if self._threshold is not None and name == "cost":
            return {"costs": self._threshold.costs}
        return {}

    async def _draw(self) -> None:
        if self._subject is None:
            return
        subject = run, candidate = self._subject
        name, asked = self._name.value, self._asked()
        wanted = (candidate.id, name, tuple(asked.items()))
        if wanted == self._drawn:
            return
        t, service = self._page.t, self._page.platform.evaluation
        self._rows.show(None)
        if name == "cost" and asked["costs"] is None:
            self._tell(t.text("Say above what a miss and a false alarm cost."))
            return
        try:
            made = await blocking(service.curve, run.id, candidate.id, name, **asked)
        except NotFoundError as error:
            self._tell(t.text(error.message))
            return
        if self._name.value != name or self._subject is not subject:
            return  # another one was chosen meanwhile
        if isinstance(made, Message):
            self._tell(t.text(made))
            return
        self._drawn = wanted
        self._chart.objects = [pane(draw(name, made, t, self._cell))]
        self._words.show(tag("div", basis(made.rows, made.binned, t), plot_help(name, t)))
        self._behind.show(plot_table(made, t))

    def _tell(self, sentence: str) -> None:
        """A sentence in place of a plot."""
        self._drawn = None
        self._chart.objects = []
        self._words.show(tag("p", sentence, class_="panel note fm-plot-none"))
        self._behind.show(None)

    def _cell(self, truth: str, said: str) -> None:
        async def look() -> None:
            if self._subject is None:
                return
            run, candidate = self._subject
            threshold = self._asked().get("threshold")
            async with self._page.attempt(fresh=False):
                service = self._page.platform.evaluation
                found = await blocking(
                    service.cell, run.id, candidate.id, truth, said, threshold, MOST_ROWS
                )
                spec = run.spec
                data = await blocking(self._page.platform.datasets.get, spec.dataset, spec.version)
                words = own_words(data.columns)
                self._rows.show(mistake_rows(found, truth, said, words, self._page.t))

        pn.state.execute(look)


def draw(name: str, made: Curve, t: Translator, choose: Any = None) -> figure:
    """The figure of a curve; `choose` hears of clicks on the confusion."""
    match made:
        case Roc():
            return lines.roc(made, t)
        case PrecisionRecall():
            return lines.precision_recall(made, t)
        case Gain():
            return lines.gain(made, t)
        case CostCurve():
            return lines.cost(made, t)
        case ErrorQuantiles():
            return lines.errors(made, t)
        case OneVersusRest():
            return lines.one_versus_rest(made, t)
        case Calibration():
            return lines.calibration(made, t)
        case Confusion():
            return blocks.confusion(made, t, choose)
        case Histogram() if name == "scores":
            return blocks.histogram(made, t.text("Probability"), t, share=True)
        case Histogram():
            return blocks.histogram(made, t.text("Answer minus truth"), t)
        case ByClass():
            return blocks.by_class(made, t)
        case ResidualsBy():
            return blocks.residuals_by(made, t)
        case Density() if name == "predicted_true":
            return blocks.density(made, t.text("The truth"), t.text("It said"), t, diagonal=True)
        case Density():
            y = t.text("Answer minus truth")
            return blocks.density(made, t.text("It said"), y, t, diagonal=False)
