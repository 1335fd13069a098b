"""Is a model as good for everybody: one metric, group by group."""

from __future__ import annotations

from typing import Any

import panel as pn
import panel_material_ui as pmui

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.errors import NotFoundError
from freemlops.domain.evaluation.groups import Fairness, GroupReport
from freemlops.domain.evaluation.measures import MEASURES
from freemlops.domain.run import Candidate, Run
from freemlops.domain.words import Message
from freemlops.i18n import Translator
from freemlops.i18n.phrases import group_name
from freemlops.ui.charts.group_bars import group_bars
from freemlops.ui.charts.sheet import pane
from freemlops.ui.components.button import secondary
from freemlops.ui.components.folds import help_fold, table_fold
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.pages.base import PageView, card, column, row
from freemlops.ui.session import blocking

FOUR_FIFTHS = 0.8
MOST_DISTINCT = 50


class GroupView(pn.viewable.Viewer):
    """`show` says of which model; a column is compared when somebody asks."""

    def __init__(self, page: PageView) -> None:
        super().__init__()
        self._page = page
        t = page.t
        self._subject: tuple[Run, Candidate] | None = None
        self._column = pmui.Select(
            label=t.text("Column"), options=[], css_classes=["fm-group-column"], margin=0, width=260
        )
        self._button = secondary(t.text("Compare its groups"), "fm-group")
        page.clicked(self._button, self._compare, self._column)
        self._chart, self._told = column(gap=0), Html(visible=False)
        about = t.text(
            "Choose a column, such as a region or an age, and see whether the model is as good for "
            "each of its values."
        )
        heading = tag(
            "div",
            tag("h2", t.text("Is it as good for everybody?")),
            tag("p", about, class_="muted"),
            class_="stack",
        )
        self._view = card(
            Html(heading),
            row(self._column, self._button),
            self._chart,
            self._told,
            gap=16,
            visible=False,
        )

    def __panel__(self) -> Any:
        return self._view

    def show(self, run: Run, candidate: Candidate) -> None:
        if self._subject is not None and self._subject[1].id == candidate.id:
            return
        self._subject = run, candidate
        self._chart.objects = []
        self._told.show(None)
        self._view.visible = True
        pn.state.execute(self._offer)

    async def _offer(self) -> None:
        if self._subject is None:
            return
        spec = self._subject[0].spec
        datasets = self._page.platform.datasets
        try:
            data = await blocking(datasets.get, spec.dataset, spec.version)
        except NotFoundError:
            self._view.visible = False
            return
        names = [c.name for c in data.columns if c.name != spec.target and _groups(c, data.rows)]
        if list(self._column.options) != names:
            self._column.param.update(options=names, value=names[0] if names else None)

    async def _compare(self) -> None:
        if self._subject is None or self._column.value is None:
            return
        run, candidate = self._subject
        t, service = self._page.t, self._page.platform.evaluation
        try:
            made = await blocking(service.groups, run.id, candidate.id, self._column.value)
        except NotFoundError as error:
            made = error.message
        if isinstance(made, Message):
            self._chart.objects = []
            self._told.show(tag("p", t.text(made), class_="panel note"))
            return
        can_draw = any(g.value is not None for g in made.groups)
        self._chart.objects = [pane(group_bars(made, t))] if can_draw else []
        self._told.show(groups_text(made, t))


def _groups(column: Column, rows: int) -> bool:
    """Whether its values are shared by many rows: names and numbers of rows make no groups."""
    is_text = column.type is ColumnType.TEXT
    return not is_text or column.distinct <= max(MOST_DISTINCT, rows // 10)


def groups_text(made: GroupReport, t: Translator) -> Markup:
    apart = [group_name(g.label, t, truths=made.truths) for g in made.groups if g.apart]
    metric = t.text(MEASURES[made.metric].title)
    found = (
        t.text("More than chance apart from all rows: {names}.", names=", ".join(apart))
        if apart
        else t.text("No group differs from all rows by more than chance.")
    )
    overall = t.text(
        "{metric} of all {rows} test rows: {value} (the dashed line).",
        metric=metric,
        rows=made.rows,
        value=t.number(made.overall),
    )
    left_out = (
        t.text("{rows} rows of rarer values are left out.", rows=made.left_out)
        if made.left_out
        else None
    )
    return tag(
        "div",
        tag("p", tag("b", found), class_="fm-groups-found"),
        tag("p", overall, " ", left_out, class_="muted small"),
        _fairness(made.fairness, t) if made.fairness else None,
        _table(made, metric, t),
        _help(t),
        class_="stack",
    )


def _table(made: GroupReport, metric: str, t: Translator) -> Markup:
    head = [
        made.column,
        t.text("Rows"),
        metric,
        t.text("Likely between"),
        t.text("More than chance?"),
        t.text("Note"),
    ]
    lines = [
        [
            group_name(g.label, t, truths=made.truths),
            t.number(g.count, 0),
            t.number(g.value),
            f"{t.number(g.low)} – {t.number(g.high)}",
            t.text("yes") if g.apart else t.text("no"),
            t.text(g.note) if g.note else "",
        ]
        for g in made.groups
    ]
    return table_fold(t.text("As a table"), head, lines, "fm-groups-table")


def _fairness(made: Fairness, t: Translator) -> Markup:
    def line(name: str, value: float | None) -> Markup | None:
        if value is None:
            return None
        looked = "" if value >= FOUR_FIFTHS else t.text("Under 0.8: worth a closer look.")
        return tag("li", f"{name}: {t.number(value, 2)}. {looked}")

    return tag(
        "ul",
        line(t.text("“Yes” answers, least over most (demographic parity)"), made.parity),
        line(t.text("Found and false alarms, least over most (equalised odds)"), made.odds),
        class_="fm-fairness",
    )


def _help(t: Translator) -> Markup:
    lines = (
        t.text(
            "What is this? The same measure for each group by itself, with the span in which it "
            "would fall 95 times in 100. Because many groups are looked at, the bar for “more "
            "than chance” is set higher (Holm)."
        ),
        t.text(
            "Is it good? Points near the dashed line. A group far away is served better or worse "
            "than the others; few rows make wide lines."
        ),
        t.text(
            "What can I do? Collect more rows of that group, or look for what the model does not "
            "know of it. Whether a difference is fair is for people to say."
        ),
    )
    return help_fold(t, *lines)
