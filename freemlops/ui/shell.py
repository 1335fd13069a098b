"""The frame around every page: top bar, navigation, and the page itself."""

from __future__ import annotations

from typing import Final

import panel as pn
import panel_material_ui as pmui
from panel.util import edit_readonly

from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.ui.address import link
from freemlops.ui.components.bar import TopBar
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.session import Session
from freemlops.ui.theme import DOCUMENT, NAV_WIDTH, PAGE_SX, VARIABLES, asset, theme

PLACES: Final = (
    ("home", N_("Home"), "M4 11 12 4l8 7v9h-6v-6h-4v6H4z"),
    ("new", N_("New model"), "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z"),
    (
        "datasets",
        N_("Datasets"),
        "M12 3c4.4 0 8 1.3 8 3s-3.6 3-8 3-8-1.3-8-3 3.6-3 8-3zM4 8.5c1.7 1.4 4.8 2 8 2s6.3-.6 "
        "8-2V12c0 1.7-3.6 3-8 3s-8-1.3-8-3zm0 6c1.7 1.4 4.8 2 8 2s6.3-.6 8-2V18c0 1.7-3.6 3-8 "
        "3s-8-1.3-8-3z",
    ),
    ("experiments", N_("Trainings"), "M4 19V9h4v10zm6 0V4h4v15zm6 0v-7h4v7z"),
    ("models", N_("Models"), "m12 3 8 4.5v9L12 21l-8-4.5v-9zm0 2.3L6.8 8.2 12 11l5.2-2.8z"),
    (
        "deployments",
        N_("Deployments"),
        "M12 3c4 2 6 6 5 11l2 3v3l-4-2h-6l-4 2v-3l2-3C6 9 8 5 12 3z",
    ),
    ("sql", "SQL", "M4 5h16v14H4zm2 4v8h12V9zm1.5 1.5 3 2.5-3 2.5zM12 14h4v1.5h-4z"),
)

_WITHIN: Final = {"run": "experiments", "compare": "experiments"}
"""Pages that are not in the menu, by the place that they belong to."""

_NAV_CSS = VARIABLES + asset("nav.css")


def navigation(session: Session, current: str) -> pn.pane.HTML:
    """The links to the pages; plain links, so that they open in a new tab and work by keyboard."""
    links = [
        tag(
            "a",
            tag("svg", tag("path", d=shape), viewBox="0 0 24 24", aria_hidden="true"),
            tag("span", session.t.text(title)),
            href=link(page),
            class_=f"fm-nav-{page}",
            aria_current="page" if page == _WITHIN.get(current, current) else None,
        )
        for page, title, shape in PLACES
    ]
    nav: Markup = tag("nav", links, aria_label=session.t.text("Pages"))
    pane = Html(nav)
    pane.stylesheets = [_NAV_CSS]
    return pane


def page_of(body: pn.viewable.Viewable) -> pn.Column:
    """The page in the scrolling main area. It must not shrink: its cards would overlap."""
    return pn.Column(
        body,
        sizing_mode="stretch_width",
        margin=0,
        css_classes=["fm-page"],
        styles={"flex": "none", "max-height": "none"},
    )


def shell(session: Session, page: str, title: str, body: pn.viewable.Viewable) -> pmui.Page:
    """The whole document for `body`. The theme follows the top bar's button."""
    bar = TopBar(session)
    frame = pmui.Page(
        title="",
        meta_title=f"{title} · Free MLOps",
        header=[bar],
        sidebar=[navigation(session, page)],
        main=[page_of(body)],
        main_width=1180,
        app_bar_width="100%",
        sidebar_variant="permanent",
        sidebar_width=NAV_WIDTH,
        sidebar_resizable=False,
        theme_toggle=False,
        theme_config=theme(session.t.text("Loading")),
        template=DOCUMENT,
        dark_theme=session.dark,
        busy_indicator=None,
        sx=PAGE_SX,
    )
    _unlink_busy(frame)

    def follow(_event: object) -> None:
        frame.dark_theme = bar.dark

    bar.param.watch(follow, "dark")
    return frame


def _unlink_busy(frame: pmui.Page) -> None:
    """A page's `busy` follows every callback of the server, and each of its updates is one: it
    was seen to chase itself for ever, a core at 100%. Our pages show their own progress.

    A new value ends the following, but param leaves its watcher on the server's one state, which
    then holds the page, its document and all its models for as long as the server runs.
    """
    with edit_readonly(frame):
        frame.busy = False
    for watcher in list(pn.state.param.watchers.get("busy", {}).get("value", ())):
        owner = getattr(watcher.fn, "__self__", None)
        if getattr(owner, "self", None) is frame:
            pn.state.param.unwatch(watcher)


def bare(body: pn.viewable.Viewable, t: Translator) -> pmui.Page:
    """A document without menu, for when no page works."""
    frame = pmui.Page(
        title="Free MLOps",
        main=[page_of(body)],
        main_width=1180,
        theme_toggle=False,
        theme_config=theme(t.text("Loading")),
        template=DOCUMENT,
        busy_indicator=None,
        sx=PAGE_SX,
    )
    _unlink_busy(frame)
    return frame
