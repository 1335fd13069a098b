"""Every setting that a trial can have is told in words."""

from __future__ import annotations

from typing import Any

import pytest

from freemlops.engine.families import FAMILIES, Shape
from freemlops.engine.spaces import space
from freemlops.i18n import translator
from freemlops.ui.components.setting_words import SETTINGS, VALUES, setting_name

SHAPES = [
    Shape(5000, 8, classes, (0, 1), 1, 0, (2,), (3,), can_log=not classes, worded=(4,))
    for classes in (0, 2)
]
SEARCHED = [name for name in FAMILIES if name != "constant"]


@pytest.mark.parametrize("family", FAMILIES)
def test_what_a_family_can_set_or_search_has_words(family: str) -> None:
    """In both languages; those of the portfolio and those of the search."""
    portfolios = [params for shape in SHAPES for params in FAMILIES[family].portfolio(shape)]
    spaces = [space(family, shape) for shape in SHAPES] if family in SEARCHED else []
    names = {n for params in (*portfolios, *spaces) for n in params}
    texts = {v for params in portfolios for v in params.values() if isinstance(v, str)}
    texts |= {v for one in spaces for v in _choices(one) if isinstance(v, str)}
    assert texts <= set(VALUES)
    assert names or family == "constant"
    assert names <= set(SETTINGS)
    portuguese = translator("pt_BR")
    assert all(setting_name(n, portuguese) != SETTINGS[n] for n in names)


def _choices(space: dict[str, Any]) -> list[Any]:
    """What may be chosen, where it is no number."""
    return [v for one in space.values() for v in getattr(one["domain"], "categories", ())]
