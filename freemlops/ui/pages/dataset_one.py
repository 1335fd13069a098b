"""One dataset: what it is, its versions, how each was read, what is in it, and deleting it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import panel_material_ui as pmui

from freemlops.domain.dataset import DatasetVersion
from freemlops.domain.diff import key_columns
from freemlops.ui.address import link
from freemlops.ui.components import preview
from freemlops.ui.components.advice import AdviceList
from freemlops.ui.components.button import quiet, secondary
from freemlops.ui.components.diff_view import diff_view
from freemlops.ui.components.lists import version_table
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.pages.base import PageView, card, column, row
from freemlops.ui.pages.dataset_delete import DeleteDialog
from freemlops.ui.pages.reading_panel import ReadingPanel
from freemlops.ui.session import blocking

ROWS_SHOWN = 12


class DatasetView:
    """`query` is that of the URL: `version`, empty for the newest; `with`, the version to compare
    it with, and `key`, the column that rows are matched by."""

    def __init__(self, page: PageView, dataset: str, query: Mapping[str, str]) -> None:
        self._page, self._dataset = page, dataset
        self._version = _number(query.get("version", ""))
        self._other, self._key = _number(query.get("with", "")), query.get("key") or None
        t = page.t
        self._heading, self._versions = Html(), Html()
        self._diff = Html()
        self._compared = card(self._diff, visible=False)
        self._notes = Html(visible=False)
        self._columns, self._rows, self._pairs = Html(), Html(), Html()
        together = Html(tag("h2", t.text("Numbers that move together")))
        self._together = card(together, self._pairs, visible=False)
        self._edit = quiet(t.text("Describe"), "fm-describe")
        self._delete = quiet(t.text("Delete"), "fm-delete", color="error")
        self._form = self._describing()
        self._advice = AdviceList(t)
        self._reading = ReadingPanel(page, self._on_version)
        self._dialog = DeleteDialog(page, dataset)
        self._edit.on_click(lambda _event: self._toggle())
        self._delete.on_click(self._dialog.ask)
        self.view = column(
            self._heading,
            row(self._edit, self._delete),
            self._form,
            card(Html(tag("h2", t.text("Versions"))), self._versions),
            self._compared,
            self._notes,
            self._reading.view,
            self._advice,
            card(Html(tag("h2", t.text("Columns"))), self._columns),
            self._together,
            card(Html(tag("h2", t.text("First rows"))), self._rows),
            self._dialog.view,
        )

    def _describing(self) -> Any:
        t = self._page.t
        size: dict[str, Any] = {"sizing_mode": "stretch_width", "max_width": 640, "margin": 0}
        self._name = pmui.TextInput(label=t.text("Name"), css_classes=["fm-name"], **size)
        self._about = pmui.TextAreaInput(
            label=t.text("What is in it, where is it from?"), css_classes=["fm-about"], **size
        )
        self._tags = pmui.TextInput(
            label=t.text("Tags, separated by commas"), css_classes=["fm-tags"], **size
        )
        save = secondary(t.text("Save"), "fm-describe-save")
        self._page.clicked(save, self._on_save)
        return card(self._name, self._about, self._tags, row(save), gap=18, visible=False)

    async def show(self) -> None:
        """Read everything anew."""
        platform, t = self._page.platform, self._page.t
        table = await blocking(platform.datasets.get, self._dataset, self._version)
        versions = await blocking(platform.datasets.versions, self._dataset)
        self._heading.show(self._head(table))
        self._versions.show(version_table(versions, table.version, t))
        self._notes.show(preview.notes(table.notes, t))
        self._dialog.about(table, versions)
        await self._compare(table)
        self._fill(table)
        await self._reading.show(table)
        profile = await blocking(platform.profiles.get, table.dataset, table.version)
        advice = platform.profiles.advice
        self._advice.show(await blocking(advice, table.dataset, table.version))
        self._columns.show(preview.columns(table, profile.by_name(), t))
        self._pairs.show(preview.together(profile, t))
        self._together.visible = bool(profile.correlations)
        rows = await blocking(platform.datasets.preview, table.dataset, table.version, ROWS_SHOWN)
        self._rows.show(preview.rows(table, rows, t))

    async def _compare(self, table: DatasetVersion) -> None:
        if self._other is None:
            return
        diffs = self._page.platform.diffs
        diff = await blocking(diffs.diff, table.dataset, self._other, table.version, self._key)
        self._diff.show(diff_view(diff, key_columns(diff.before, diff.after), self._page.t))
        self._compared.visible = True

    def _fill(self, table: DatasetVersion) -> None:
        if self._form.visible:
            return  # somebody is writing
        self._name.value = table.name
        self._about.value = table.description
        self._tags.value = ", ".join(table.tags)

    def _head(self, table: DatasetVersion) -> Markup:
        t = self._page.t
        paragraphs = [tag("p", line) for line in table.description.split("\n") if line.strip()]
        start = link("new", dataset=table.dataset, version=table.version)
        return tag(
            "div",
            tag("a", "← ", t.text("Datasets"), href=link("datasets"), class_="small"),
            tag("h1", table.name, style="overflow-wrap:anywhere"),
            tag("div", [tag("span", name, class_="chip") for name in table.tags], class_="row")
            if table.tags
            else None,
            tag("div", paragraphs, class_="stack", style="max-width:75ch") if paragraphs else None,
            tag(
                "div",
                tag("a", t.text("Train with it"), href=start, class_="button primary fm-train"),
                class_="row",
                style="padding-top:6px",
            ),
            class_="stack",
            style="gap:12px",
        )

    def _toggle(self) -> None:
        self._form.visible = not self._form.visible

    async def _on_save(self) -> None:
        tags: Sequence[str] = (self._tags.value or "").split(",")
        await blocking(
            self._page.platform.datasets.describe,
            self._dataset,
            name=self._name.value or "",
            description=self._about.value or "",
            tags=tags,
        )
        self._form.visible = False
        await self.show()

    async def _on_version(self, made: DatasetVersion) -> None:
        """Another reading is another version: look at that one, at its own address."""
        self._page.session.go(link("datasets", id=made.dataset, version=made.version))


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None
