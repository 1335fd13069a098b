"""Numbers and names as people read them."""

from __future__ import annotations

from freemlops.i18n import translator
from freemlops.ui.components.words import family, plain_number, score_text


def test_nearly_perfect_is_not_shown_as_perfect() -> None:
    assert score_text(0.99961, translator("en")) == "0.99961"


def test_perfect_is_perfect() -> None:
    assert score_text(1.0, translator("en")) == "1.000"


def test_a_large_error_has_no_needless_decimals() -> None:
    assert score_text(54230.123, translator("pt_BR")) == "54.230"


def test_an_unknown_family_keeps_its_name() -> None:
    assert family("brand_new", translator("en")) == "brand_new"


def test_a_year_is_not_written_with_a_thousands_sign() -> None:
    assert plain_number(1987.0, translator("pt_BR")) == "1987"
