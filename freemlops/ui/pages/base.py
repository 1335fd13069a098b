"""What every page shares: its session, its error slot, and handlers that never block or leak."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import panel as pn
import panel_material_ui as pmui
import structlog

from freemlops.domain.errors import FreeMLOpsError
from freemlops.ui.components.problem import ProblemSlot, unexpected
from freemlops.ui.session import Session
from freemlops.ui.theme import CARD_SX

log = structlog.get_logger(__name__)


class PageView(pn.viewable.Viewer):
    """A page. `start` runs once its document is shown, and reads what it needs.

    `extensions` are those of Panel that the page needs beside the common ones.
    """

    extensions: ClassVar[tuple[str, ...]] = ()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.t = session.t
        self.platform = session.platform
        self.problems = ProblemSlot()

    def title(self) -> str:
        raise NotImplementedError

    async def load(self) -> None:
        """Read what the page shows; errors go to the error slot."""

    async def start(self) -> None:
        async with self.attempt():
            await self.load()

    @asynccontextmanager
    async def attempt(self, *busy: Any, fresh: bool = True) -> AsyncIterator[None]:
        """Do something that may fail: spinner on `busy`, the error in words in its slot.

        `fresh` takes the last error away first; background work leaves it standing.
        """
        if fresh:
            self.problems.clear()
        for widget in busy:
            widget.param.update(loading=True, disabled=True)
        try:
            yield
        except FreeMLOpsError as error:
            self.problems.tell(error, self.t)
        except Exception:  # the last stop before a person: no traceback may reach them
            code = secrets.token_hex(4)
            log.exception("page_failed", page=type(self).__name__, code=code)
            self.problems.show(unexpected(code, self.t))
        finally:
            for widget in busy:
                widget.param.update(loading=False, disabled=False)

    def follow(self, topic: str, refresh: Callable[[], Awaitable[None]]) -> None:
        """Refresh after each change of the topic."""

        async def look() -> None:
            async with self.attempt(fresh=False):
                await refresh()

        self.session.follow(topic, look)

    def clicked(self, button: Any, work: Callable[[], Awaitable[None]], *busy: Any) -> None:
        """Make `work` what the button does."""

        working = False

        async def handle(_event: object) -> None:
            nonlocal working
            if working:
                return  # the second click of two: the button was still there
            working = True
            try:
                async with self.attempt(button, *busy):
                    await work()
            finally:
                working = False

        button.on_click(handle)


# Panel caps a layout at the height of its parent, which on a page taller than the window lets
# cards overlap and swallow one another's clicks.
_WHOLE = {"flex-shrink": "0", "max-height": "none"}


def column(*items: Any, gap: int = 24, **params: Any) -> pn.Column:
    """Items one under another with air between them."""
    styles = {"gap": f"{gap}px", **_WHOLE, **params.pop("styles", {})}
    return pn.Column(*items, sizing_mode="stretch_width", margin=0, styles=styles, **params)


def row(*items: Any, gap: int = 12, **params: Any) -> pn.FlexBox:
    """Items beside one another that wrap on a narrow screen."""
    params.setdefault("align_items", "center")
    return pn.FlexBox(
        *items,
        gap=f"{gap}px",
        sizing_mode="stretch_width",
        margin=0,
        **params,
    )


def page_column(*items: Any) -> pn.Column:
    """The body of a page: its margins follow the width of the window."""
    return column(*items, gap=28, styles={"padding": "clamp(16px, 3.2vw, 40px)"})


def card(*items: Any, gap: int = 12, **params: Any) -> pmui.Paper:
    """Items on a surface of their own."""
    sx = {**CARD_SX, "gap": f"{gap}px"}
    params.setdefault("styles", _WHOLE)
    return pmui.Paper(*items, sizing_mode="stretch_width", margin=0, elevation=0, sx=sx, **params)


def grid(*items: Any, least: int = 220) -> pn.Column:
    """Items in as many equal columns as fit."""
    styles = {
        "display": "grid",
        "grid-template-columns": f"repeat(auto-fill, minmax(min({least}px, 100%), 1fr))",
        "gap": "20px",
        **_WHOLE,
    }
    return pn.Column(*items, sizing_mode="stretch_width", margin=0, styles=styles)
