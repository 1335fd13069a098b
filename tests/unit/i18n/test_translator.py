"""Words, numbers and dates in two languages."""

from __future__ import annotations

import pytest

from freemlops.domain.words import say
from freemlops.i18n import negotiate, translator

EN, PT = translator("en"), translator("pt_BR")


def test_numbers_are_written_in_the_readers_way() -> None:
    assert EN.number(1234.5) == "1,234"
    assert PT.number(1234567.0) == "1.234.567"
    assert PT.number(0.87654, 2) == "0,88"
    assert PT.percent(0.25) == "25%"


def test_small_numbers_keep_their_digits() -> None:
    assert EN.number(0.000123) == "0.000123"


def test_what_is_no_number_is_a_dash() -> None:
    assert EN.number(float("nan")) == "–"
    assert EN.number(None) == "–"


def test_durations_and_sizes() -> None:
    assert PT.duration(0.002) == "< 0,1 s"
    assert EN.duration(0) == "0.0 s"
    assert EN.duration(4.21) == "4.2 s"
    assert EN.duration(65) == "1 min 05 s"
    assert EN.duration(7380) == "2 h 03 min"
    assert PT.bytes(1536) == "1,5 KB"


def test_a_number_in_a_message_is_localised_and_a_name_is_not() -> None:
    message = say("{rows} rows on port {port}", rows=12345, port="5006")
    assert EN.text(message) == "12,345 rows on port 5006"


def test_families_are_named_in_words() -> None:
    said = say("{families} and {family}", families="neural, linear", family="neural")
    assert PT.text(said) == "Rede neural, Modelo linear and Rede neural"


def test_braces_in_a_persons_data_are_text() -> None:
    assert EN.text(say("Column {name}", name="{evil}")) == "Column {evil}"


def test_a_missing_parameter_never_hides_the_message() -> None:
    assert EN.text("Hello {name}", other="x") == "Hello {name}"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt_BR"),
        ("pt", "pt_BR"),
        ("en-US,en;q=0.9,pt;q=0.8", "en"),
        ("de,fr;q=0.5", "en"),
        ("en;q=0.1,pt;q=0.2", "pt_BR"),
        ("pt;q=nonsense", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_language_is_negotiated(header: str | None, language: str) -> None:
    assert negotiate(header) == language


def test_huge_and_tiny_numbers_have_an_exponent() -> None:
    assert PT.number(1.5e300) == "1,5e+300"
    assert EN.number(-2e-10) == "-2e-10"
    assert EN.number(0.0004, 3) == "4e-4"
    assert EN.number(0.0) == "0"
    assert EN.number(0.0, 3) == "0.000"
