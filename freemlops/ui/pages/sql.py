"""SQL over the whole history, in the browser."""

from __future__ import annotations

import threading
from typing import Any, ClassVar

import panel as pn
import panel_material_ui as pmui
import param

from freemlops.domain.errors import Detail, FreeMLOpsError, NotFoundError
from freemlops.ui.address import link
from freemlops.ui.components.button import primary, quiet, secondary
from freemlops.ui.components.empty import skeleton
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.components.sql_views import recipes, saved, tree
from freemlops.ui.components.sql_words import SqlWords
from freemlops.ui.pages.base import PageView, card, column, page_column, row
from freemlops.ui.pages.sql_result import SqlResult
from freemlops.ui.session import Session, blocking
from freemlops.ui.theme import DIALOG_SX

FIRST = (
    "SELECT dataset_name, target, best_family, best_score\nFROM lab.runs\nORDER BY created_at DESC"
)
LONGEST_LINK = 1500


class _Asked(param.Parameterized):
    """What is in the address."""

    q = param.String(default="")
    saved = param.String(default="")
    recipe = param.String(default="")


class SqlPage(PageView):
    """The editor and its answer; beside them what can be asked. A query out of the address fills
    the editor and is never run by itself: somebody else may have written the address."""

    extensions: ClassVar[tuple[str, ...]] = ("codeeditor",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        t = self.t
        self._open = session.query.get("saved", "")
        self._stop = threading.Event()
        given = {n: session.query.get(n, "")[:LONGEST_LINK] for n in ("q", "saved", "recipe")}
        self._asked = _Asked(**given)
        session.keep_in_url(self._asked, list(given))
        self._editor = pn.widgets.CodeEditor(
            value=session.query.get("q", "")[:LONGEST_LINK] or FIRST,
            language="sql",
            theme="tomorrow_night" if session.dark else "tomorrow",
            height=220,
            sizing_mode="stretch_width",
            margin=0,
            on_keyup=True,
            css_classes=["fm-sql-editor"],
        )
        self._words = SqlWords(label=t.text("Query"))
        self._run = primary(t.text("Run"), "fm-sql-run")
        self._cancel = quiet(t.text("Cancel"), "fm-sql-cancel")
        self._cancel.visible = False
        self._save = secondary(t.text("Save"), "fm-sql-save")
        self._forget = quiet(t.text("Delete this query"), "fm-sql-forget", color="error")
        self._forget.visible = bool(self._open)
        self._result = SqlResult(self)
        self._tree, self._recipes, self._saved = Html(skeleton(1)), Html(), Html()
        self._dialog = self._saving()
        self._body = self._layout()
        self._connect()

    def _layout(self) -> Any:
        t = self.t
        about = t.text(
            "Ask the whole history of your trainings in SQL, the language of databases. Here you "
            "only read: nothing can be broken."
        )
        beside = column(card(self._tree), card(self._saved), gap=20)
        beside.styles = {**beside.styles, "flex": "1 1 260px", "min-width": "0"}
        asking = column(
            card(self._editor, self._words, row(self._run, self._cancel, self._save, self._forget)),
            self.problems,
            self._result.view,
            card(self._recipes),
            gap=20,
        )
        asking.styles = {**asking.styles, "flex": "3 1 420px", "min-width": "0"}
        both = pn.FlexBox(
            asking, beside, gap="20px", align_items="flex-start", sizing_mode="stretch_width",
            margin=0,
        )  # fmt: skip
        return page_column(
            Html(tag("div", tag("h1", "SQL"), tag("p", about, class_="lead"), class_="stack")),
            both,
            self._dialog,
        )

    def _saving(self) -> pmui.Dialog:
        t = self.t
        self._name = pmui.TextInput(
            label=t.text("Name"), sizing_mode="stretch_width", margin=0, css_classes=["fm-sql-name"]
        )
        confirm = secondary(t.text("Save"), "fm-sql-save-confirm")
        self.clicked(confirm, self._on_save)
        words = t.text("Everybody on this server sees it. A query of the same name is replaced.")
        return pmui.Dialog(
            column(Html(tag("p", words)), self._name, row(confirm), gap=18),
            title=t.text("Save this query"),
            close_on_click=True,
            sx=DIALOG_SX,
        )

    def _connect(self) -> None:
        self.clicked(self._run, self._on_run)
        self._words.param.watch(self._on_asked, "asked")
        self.clicked(self._forget, self._on_forget)
        self._cancel.on_click(lambda _event: self._stop.set())
        self._save.on_click(self._ask_name)

    def _ask_name(self, _event: object) -> None:
        self._dialog.open = True

    def __panel__(self) -> Any:
        return self._body

    def title(self) -> str:
        return "SQL"

    async def load(self) -> None:
        t, service, query = self.t, self.platform.sql, self.session.query
        known = await blocking(service.recipes)
        self._recipes.show(recipes(known, t))
        kept = await blocking(service.saved)
        self._saved.show(saved(kept, t))
        for recipe in known:
            if recipe.key == query.get("recipe"):
                self._editor.value = recipe.sql
        if self._open:
            found = [s for s in kept if s.id == self._open]
            if not found:
                raise NotFoundError("This saved query is gone. Somebody may have deleted it.")
            self._editor.value, self._name.value = found[0].sql, found[0].name
        tables = await blocking(service.tables)
        self._tree.show(tree(tables, t))
        self._words.teach(tables)

    async def _on_asked(self, _event: object) -> None:
        if not self._run.loading:
            async with self.attempt(self._run):
                await self._on_run()

    async def _on_run(self) -> None:
        self._stop = threading.Event()
        self._cancel.visible = True
        self._editor.annotations = []
        self._asked.param.update(q=self._shareable(), recipe="")
        try:
            answer = await blocking(
                self.platform.sql.run, self._editor.value or "", stop=self._stop
            )
        except FreeMLOpsError as error:
            self._editor.annotations = [self._mark(d) for d in error.details if d.line]
            self._result.hide()
            raise
        except BaseException:
            self._result.hide()
            raise
        finally:
            self._cancel.visible = False
        self._result.show(answer)

    def _shareable(self) -> str:
        """The query for the address, so that it can be sent to somebody; nothing when too long."""
        sql = self._editor.value or ""
        return sql if len(sql) <= LONGEST_LINK and not self._open else ""

    def _mark(self, detail: Detail) -> dict[str, Any]:
        """What the editor shows beside a line that is wrong."""
        text = self.t.text(detail.message)
        return {"row": (detail.line or 1) - 1, "column": 0, "text": text, "type": "error"}

    async def _on_save(self) -> None:
        self._dialog.open = False
        made = await blocking(
            self.platform.sql.save, self._name.value or "", self._editor.value or ""
        )
        self.session.go(link("sql", saved=made.id))

    async def _on_forget(self) -> None:
        sure = self.t.text("Yes, delete it for everybody")
        if self._forget.label != sure:
            self._forget.label = sure
            return
        await blocking(self.platform.sql.forget, self._open)
        self.session.go(link("sql"))
