"""Every setting that a trial can have is told in words."""

from __future__ import annotations

import pytest

from freemlops.engine.families import FAMILIES, Shape
from freemlops.engine.spaces import space
from freemlops.i18n import translator
from freemlops.ui.components.setting_words import SETTINGS, setting_name

SHAPES = [
    Shape(5000, 8, classes, (0, 1), 1, 0, (2,), (3,), can_log=not classes, worded=(4,))
    for classes in (0, 2)
]
SEARCHED = [name for name in FAMILIES if name != "constant"]


@pytest.mark.parametrize("family", FAMILIES)
def test_what_a_family_can_set_or_search_has_words(family: str) -> None:
    """In both languages; those of the portfolio and those of the search."""
    names: set[str] = set()
    for shape in SHAPES:
        names |= {n for params in FAMILIES[family].portfolio(shape) for n in params}
        names |= set(space(family, shape)) if family in SEARCHED else set()
    assert names or family == "constant"
    assert names <= set(SETTINGS)
    portuguese = translator("pt_BR")
    assert all(setting_name(n, portuguese) != SETTINGS[n] for n in names)
