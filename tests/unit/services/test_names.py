"""Names from outside are kept in one spelling, without what cannot be seen."""

from __future__ import annotations

import pytest

from freemlops.domain.errors import InvalidError
from freemlops.services.names import clean_filename, clean_name


def test_two_spellings_of_the_same_letters_are_one_name() -> None:
    assert clean_name("regia\u0303o") == clean_name("regi\u00e3o") == "regi\u00e3o"


def test_nothing_hidden_stays_in_a_name() -> None:
    assert clean_name("a\x00b\u202ecsv.exe\u200b \t c") == "a bcsv.exe c"


def test_a_name_of_hidden_characters_alone_is_missing() -> None:
    with pytest.raises(InvalidError):
        clean_name("\u202e\u200b\x00")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/loans.csv", "loans.csv"),
        ("C:\\data\\loans.csv", "loans.csv"),
        ("loans\u202evsc.csv", "loansvsc.csv"),
        ("lo\x00ans.csv", "lo ans.csv"),
        ("", "upload.csv"),
        ("\x00", "upload.csv"),
    ],
)
def test_a_filename_is_its_last_part_cleaned(given: str, kept: str) -> None:
    assert clean_filename(given, "upload.csv") == kept
