"""What is left out is said in words that can be translated; a library's words stand apart."""

from __future__ import annotations

import pytest

from freemlops.domain.errors import ExportError
from freemlops.engine.failure import MOST_DETAIL, failed, refused


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "more memory"),
        (RuntimeError("std::bad_alloc"), "more memory"),
        (TimeoutError(), "time was over"),
        (ValueError("The least populated class in y has only 1 member"), "too few rows"),
    ],
)
def test_a_known_reason_carries_no_words_of_a_library(error: Exception, words: str) -> None:
    said = failed("xgboost", error)
    assert words in said.english()
    assert dict(said.params) == {"family": "xgboost"}


def test_an_unknown_reason_keeps_the_librarys_words_as_one_short_line() -> None:
    said = failed("linear", ValueError("Input\n contains " + "x" * 1000))
    assert "Technical detail" in said.template
    detail = str(said.params["detail"])
    assert detail.startswith("ValueError: Input contains x")
    assert "\n" not in detail
    assert len(detail) == MOST_DETAIL


def test_an_export_that_answers_differently_says_by_how_much() -> None:
    said = refused(
        "linear", ExportError("The exported model answers {difference}.", difference=0.5)
    )
    assert dict(said.params) == {"family": "linear", "difference": 0.5}


def test_an_export_that_fails_names_its_cause_as_a_detail() -> None:
    error = ExportError("The export stopped with “{problem}”.", problem="KeyError: 'a'")
    error.__cause__ = KeyError("a")
    assert refused("linear", error).params["detail"] == "KeyError: 'a'"
