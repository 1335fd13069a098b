"""Nothing that a person typed or uploaded becomes HTML."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from freemlops.domain.errors import Detail, InvalidError
from freemlops.domain.words import say
from freemlops.i18n import translator
from freemlops.ui.components.problem import problem
from freemlops.ui.components.safe import Html, tag

EVIL = '<img src=x onerror="alert(1)">'


def test_children_are_escaped() -> None:
    assert "<img" not in tag("p", EVIL)


def test_attributes_cannot_break_out() -> None:
    assert tag("p", title='" onclick="x') == '<p title="&#34; onclick=&#34;x"></p>'


def test_built_elements_are_kept() -> None:
    assert tag("p", tag("b", "x"), [" & ", None]) == "<p><b>x</b> &amp; </p>"


def test_absent_attributes_are_left_out() -> None:
    assert tag("a", href=None, hidden=False, download=True) == '<a download=""></a>'


def test_a_plain_string_is_refused() -> None:
    with pytest.raises(TypeError):
        Html(EVIL)  # type: ignore[arg-type]


def test_the_pane_gets_a_plain_string() -> None:
    # Panel replaces in it, and Markup would escape once more while it does.
    pane = Html(tag("p", EVIL))
    assert type(pane.object) is str
    pane.show(tag("p", "x"))
    assert not isinstance(pane.object, Markup)


def test_an_error_about_evil_data_is_harmless() -> None:
    error = InvalidError(
        "“{value}” is wrong.", value=EVIL, details=[Detail(say("bad"), row=0, column=EVIL)]
    )
    shown = problem(error, translator("en"))
    assert "<img" not in shown
    assert "row 1" in shown
