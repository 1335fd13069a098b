"""What a person decides about a file, and what they are asked."""

from __future__ import annotations

from typing import Any

import pytest

from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import InvalidError, UnreadableFileError
from freemlops.domain.reading import DateOrder, OnBad

from .conftest import Read

BAD = "id;n\n01;1\n02;x\n03;3\n"


def test_asks_which_comes_first_in_a_date(read: Read) -> None:
    asked = read("d\n01/02/2024\n03/04/2024\n").questions
    assert [(q.option, [c.value for c in q.choices], q.columns) for q in asked] == [
        ("date_order", ["dmy", "mdy"], ("d",))
    ]


def test_asks_what_a_point_stands_for(read: Read) -> None:
    asked = read("x\n1.234\n5.678\n").questions
    assert [(q.option, [c.value for c in q.choices]) for q in asked] == [("decimal", [".", ","])]


def test_does_not_ask_what_leaves_no_doubt(read: Read) -> None:
    assert read("d,x,y\n13/02/2024,1.5,1e3\n03/04/2024,2.5,2e3\n").questions == ()


def test_an_answer_is_followed_and_not_asked_again(read: Read) -> None:
    got = read("d,x\n01/02/2024,1.234\n", date_order=DateOrder.MDY, decimal=",")
    assert str(got.rows[0][0]) == "2024-01-02"
    assert got.rows[0][1] == 1234
    assert got.questions == ()


def test_reads_the_encoding_it_is_told(read: Read) -> None:
    assert read("a\nação\n".encode("cp850"), encoding="cp850").rows == [("ação",)]
    assert read("a\nдом\n".encode("cp1251"), encoding="windows-1251").rows == [("дом",)]
    assert read("a,b\n表,1\n".encode("shift_jis"), encoding="shift_jis").rows == [("表", 1)]


@pytest.mark.parametrize(
    "option",
    [
        {"encoding": "rot13"},
        {"encoding": "nothing"},
        {"separator": "||"},
        {"quote": "''"},
        {"decimal": "x"},
        {"header_line": -1},
        {"header_line": 9999},
        {"types": {"zzz": ColumnType.TEXT}},
    ],
    ids=str,
)
def test_refuses_options_without_sense(read: Read, option: dict[str, Any]) -> None:
    with pytest.raises(InvalidError):
        read("a,b\n1,2\n", **option)


def test_takes_separator_quote_and_header_line_as_told(read: Read) -> None:
    assert read("a,b\nc;d\n1;'2;3'\n", separator=";", quote="'", header_line=2).rows == [(1, "2;3")]
    assert read("a;b\n1;2\n", header_line=0).rows == [("a", "b"), ("1", "2")]


def test_text_is_kept_exactly(read: Read) -> None:
    got = read("a;b\n 007 ;NA\n1;2\n", types={"a": ColumnType.TEXT, "b": ColumnType.TEXT})
    assert got.rows == [(" 007 ", "NA"), ("1", "2")]


def test_cells_that_do_not_fit_are_named_with_their_place(read: Read) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read(BAD, types={"n": ColumnType.INTEGER})
    detail = caught.value.details[0]
    assert (detail.line, detail.column) == (3, "n")
    assert "“x”" in str(detail.message)


def test_their_lines_can_be_left_out(read: Read) -> None:
    got = read(BAD, types={"n": ColumnType.INTEGER}, bad=OnBad.DROP)
    assert got.rows == [("01", 1), ("03", 3)]
    assert [(r["line"], r["column"], r["text"]) for r in got.rejects] == [("3", "n", "02;x")]


def test_they_can_be_made_missing(read: Read) -> None:
    got = read(BAD, types={"n": ColumnType.INTEGER}, bad=OnBad.BLANK)
    assert got.rows == [("01", 1), ("02", None), ("03", 3)]
    assert [r["line"] for r in got.rejects] == ["3"]


def test_places_are_right_in_an_uneven_file(read: Read) -> None:
    text = 'a;b;n\n1;"x\ny";1\n2;z\n3;w;q\n4;v;4;9\n5;u;5\n6;t;6\n7;t;6\n8;t;6\n'
    got = read(text, types={"n": ColumnType.INTEGER}, bad=OnBad.DROP)
    assert [r[0] for r in got.rows] == [1, 5, 6, 7, 8]
    assert [(r["line"], r["text"]) for r in got.rejects] == [
        ("4", "2;z"),
        ("6", "4;v;4;9"),
        ("5", "3;w;q"),
    ]


def test_cut_fields_are_not_lost(read: Read) -> None:
    got = read("a;b\n1;2\n3;4;5\n6;7\n")
    assert [(r["line"], r["text"]) for r in got.rejects] == [("3", "3;4;5")]


def test_uneven_lines_can_be_refused(read: Read) -> None:
    with pytest.raises(UnreadableFileError, match="Some lines"):
        read("a;b\n1;2\n3;4;5\n6;7\n", bad=OnBad.REFUSE)


def test_lines_below_the_table_are_kept_with_their_numbers(read: Read) -> None:
    got = read("a;b\nx;1\ny;2\nTotal;3\n\nFonte: IBGE\n")
    assert [(r["line"], r["text"]) for r in got.rejects] == [("4", "Total;3"), ("6", "Fonte: IBGE")]


def test_the_words_of_the_file_are_kept(read: Read) -> None:
    assert read("a\nS\nN\n").words["a"] == ("N", "S")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x\n12%\n", "number.percent"),
        ("x\nR$ 5,50\n", "number.currency"),
        ("x\n12345678901234567890\n", "text.digits"),
        ("x\n007\n", "text.digits"),
        ("d\n31/12/23\n", "date.short"),
        ("data\n20240312\n", "date.compact"),
        ("a,b\n1,2\na,b\n3,4\n", "rows.header"),
        ("x\nUS$ 5\nR$ 5\n", "number.mixed"),
    ],
)
def test_says_what_was_decided(read: Read, text: str, code: str) -> None:
    assert code in read(text).notes


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_quotation_mark_that_is_never_closed_costs_its_own_line_only(
    read: Read, end: str
) -> None:
    got = read(end.join(["a,b", "1,2", 'x,"q', "3,4", '"5",6', ""]), bad=OnBad.DROP)
    assert got.rows == [(1, 2), (3, 4), (5, 6)]
    assert [(r["line"], r["text"]) for r in got.rejects] == [("3", 'x,"q')]
