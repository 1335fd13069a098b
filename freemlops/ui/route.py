"""What a script in `dashboards/` calls: one page, for one session."""

from __future__ import annotations

import panel as pn

from freemlops.ui.pages import PAGES
from freemlops.ui.session import Session
from freemlops.ui.shell import shell


def serve(name: str) -> None:
    """Build the page `name` for the current session and make it the document."""
    pn.extension("tabulator", notifications=False)
    session = Session()
    pn.config.theme = "dark" if session.dark else "default"
    page = PAGES[name](session)
    body = page.__panel__()
    title = page.title()
    shell(session, name, title, body).servable(title=f"{title} · Free MLOps")
    pn.state.onload(page.start)
