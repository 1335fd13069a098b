"""What a script in `dashboards/` calls: one page, for one session."""

from __future__ import annotations

import panel as pn

from freemlops.domain.errors import FreeMLOpsError
from freemlops.i18n import translator
from freemlops.ui.components.problem import problem
from freemlops.ui.components.safe import Html
from freemlops.ui.pages import PAGES
from freemlops.ui.panel_writes import mend
from freemlops.ui.session import Session, asked_language
from freemlops.ui.shell import bare, shell

mend()


def serve(name: str, trouble: FreeMLOpsError | None = None) -> None:
    """Build the page `name` for the current session and make it the document.

    `trouble` is what keeps every page from working; it is then all that the document says.
    """
    pn.extension(*PAGES[name].extensions, notifications=False)
    try:
        if trouble is not None:
            raise trouble
        session = Session()
    except FreeMLOpsError as error:
        t = translator(asked_language())
        said = Html(problem(error, t))
        bare(said, t).servable(title="Free MLOps")
        return
    pn.config.theme = "dark" if session.dark else "default"
    page = PAGES[name](session)
    body = page.__panel__()
    title = page.title()
    shell(session, name, title, body).servable(title=f"{title} · Free MLOps")
    pn.state.onload(page.start)
