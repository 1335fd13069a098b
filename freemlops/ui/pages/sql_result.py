"""What a query answered: its rows page by page, its chart, its files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import panel_material_ui as pmui
import pyarrow as pa

from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.services.sql import SqlAnswer
from freemlops.ui.charts.query_chart import query_chart
from freemlops.ui.components.button import quiet
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.components.sql_views import grid
from freemlops.ui.pages.base import PageView, card, column, row
from freemlops.ui.session import blocking
from freemlops.ui.state.sql_lab import FORMATS, PAGE_ROWS, Kind, Plan, as_file, numbers, pages, plan

KINDS = {Kind.BARS: N_("Bars"), Kind.LINE: N_("Line"), Kind.POINTS: N_("Points")}


class SqlResult:
    """Hidden until there is an answer."""

    def __init__(self, page: PageView) -> None:
        self._page = page
        self._answer: SqlAnswer | None = None
        self._at = 0
        t = page.t
        self._status, self._grid, self._left_out = Html(), Html(), Html(visible=False)
        self._back = quiet(t.text("Back"), "fm-page-back", size="small")
        self._next = quiet(t.text("Next"), "fm-page-next", size="small")
        page.clicked(self._back, self._step(-1))
        page.clicked(self._next, self._step(1))
        self._files = [self._file(key, title) for key, title in FORMATS.items()]
        self._kind = self._select(t.text("Kind of chart"), "fm-chart-kind")
        self._x = self._select(t.text("Across"), "fm-chart-x")
        self._y = self._select(t.text("Upwards"), "fm-chart-y")
        self._plot = column()
        self._drawing = False
        self._chart = card(
            Html(tag("h2", t.text("Chart"))),
            row(self._kind, self._x, self._y),
            self._plot,
            self._left_out,
            visible=False,
        )
        for widget in (self._kind, self._x, self._y):
            widget.param.watch(self._on_choice, "value")
        self.view = column(
            card(self._status, self._grid, row(self._back, self._next, *self._files)),
            self._chart,
            visible=False,
        )

    def _select(self, label: str, hook: str) -> pmui.Select:
        return pmui.Select(label=label, options=[], width=200, margin=0, css_classes=[hook])

    def _file(self, key: str, title: str) -> pmui.FileDownload:
        return pmui.FileDownload(
            label=title,
            filename=f"answer.{key}",
            callback=partial(self._content, key),
            variant="text",
            size="small",
            margin=0,
            css_classes=[f"fm-download-{key}"],
        )

    def _content(self, key: str) -> BytesIO:
        assert self._answer is not None
        return as_file(self._answer.table, key)

    def show(self, answer: SqlAnswer) -> None:
        self._answer, self._at = answer, 0
        self._turn()
        self._offer(plan(answer.table))
        self.view.visible = True

    def hide(self) -> None:
        self.view.visible = False

    def _turn(self) -> None:
        assert self._answer is not None
        t, answer = self._page.t, self._answer
        rows = answer.table.num_rows
        first = self._at * PAGE_ROWS
        words = [
            t.text("{n} rows in {time}.", n=rows, time=_time(answer.seconds, t)),
            t.text("History as of {time}.", time=t.datetime(answer.as_of)),
        ]
        if rows > PAGE_ROWS:
            last = min(first + PAGE_ROWS, rows)
            words.append(t.text("Here are {first} to {last}.", first=first + 1, last=last))
        cut = t.text("There were more: only the first {n} rows are here.", n=rows)
        self._status.show(
            tag(
                "div",
                tag("h2", t.text("Answer")),
                tag("p", " ".join(words), class_="muted small fm-answer-status"),
                tag("p", cut, class_="small") if answer.truncated else None,
                class_="stack",
            )
        )
        self._grid.show(grid(answer.table, self._at, t))
        self._back.visible = self._at > 0
        self._next.visible = self._at < pages(rows) - 1

    def _step(self, by: int) -> Callable[[], Any]:
        async def work() -> None:
            self._at += by
            self._turn()

        return work

    def _offer(self, chart: Plan | None) -> None:
        assert self._answer is not None
        self._chart.visible = chart is not None
        if chart is None:
            return
        t, table = self._page.t, self._answer.table
        self._drawing = True
        self._kind.param.update(
            options={t.text(words): kind for kind, words in KINDS.items()}, value=chart.kind
        )
        self._x.param.update(options=list(table.schema.names), value=chart.x)
        self._y.param.update(options=numbers(table), value=chart.y)
        self._drawing = False
        self._draw()

    def _draw(self) -> None:
        assert self._answer is not None
        chart = Plan(self._kind.value, self._x.value, self._y.value)
        if chart.kind is not Kind.BARS and not _is_axis(self._answer, chart.x):
            chart = Plan(Kind.BARS, chart.x, chart.y)
        pane, left_out = query_chart(self._answer.table, chart, self._page.t)
        self._plot.objects = [pane]
        words = self._page.t.text("Not in the chart: {n} rows.", n=left_out)
        self._left_out.show(tag("p", words, class_="muted small") if left_out else None)

    async def _on_choice(self, _event: Any) -> None:
        if not self._drawing and self._answer is not None:
            async with self._page.attempt():
                await blocking(lambda: None)
                self._draw()


def _time(seconds: float, t: Translator) -> str:
    return t.duration(seconds) if seconds >= 1 else f"{t.number(seconds * 1000, 0)} ms"


def _is_axis(answer: SqlAnswer, name: str) -> bool:
    return name in numbers(answer.table) or pa.types.is_temporal(
        answer.table.schema.field(name).type
    )
