"""An error as a person should meet it: what happened, where, and what to do next."""

from __future__ import annotations

from freemlops.domain.errors import Detail, FreeMLOpsError
from freemlops.i18n import Translator
from freemlops.ui.components.safe import Html, Markup, tag


def problem(error: FreeMLOpsError, t: Translator) -> Markup:
    """The error panel; everything in it is translated and escaped."""
    details = [tag("li", where(detail, t)) for detail in error.details]
    return tag(
        "div",
        tag("h3", t.text(error.title)),
        tag("p", t.text(error.message), class_="fm-error-message"),
        tag("ul", details) if details else None,
        class_="panel fm-error",
        role="alert",
    )


def where(detail: Detail, t: Translator) -> str:
    """One place, as `line 3, column “age”: must be a number`."""
    places = []
    if detail.line is not None:
        places.append(t.text("line {line}", line=str(detail.line)))
    if detail.row is not None:
        places.append(t.text("row {row}", row=str(detail.row + 1)))
    if detail.column is not None:
        places.append(t.text("column “{column}”", column=detail.column))
    message = t.text(detail.message)
    return f"{', '.join(places)}: {message}" if places else message


def unexpected(code: str, t: Translator) -> Markup:
    """For what nobody foresaw: an id that finds it in the log, never a traceback."""
    return tag(
        "div",
        tag("h3", t.text("Something went wrong")),
        tag("p", t.text("This was not your fault. Try again; if it comes back, report it.")),
        tag("p", t.text("Error {code}: the log has the details.", code=code), class_="muted small"),
        class_="panel fm-error",
        role="alert",
    )


class ProblemSlot(Html):
    """The place of a page where its last error is shown; empty and hidden otherwise."""

    def __init__(self) -> None:
        super().__init__(visible=False)

    def tell(self, error: FreeMLOpsError, t: Translator) -> None:
        self.show(problem(error, t))

    def clear(self) -> None:
        self.show(None)
