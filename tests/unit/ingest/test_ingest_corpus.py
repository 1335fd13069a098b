"""Dirty files as people have them, and what becomes of each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from .conftest import Read


def at(*parts: int) -> datetime:
    return datetime(*parts)  # noqa: DTZ001 - stored times have no zone


CORPUS: dict[str, tuple[bytes | str, dict[str, str], list[tuple[Any, ...]]]] = {
    "plain": ("a,b\n1,x\n2,y\n", {"a": "integer", "b": "text"}, [(1, "x"), (2, "y")]),
    "semicolons and decimal commas in latin-1": (
        "município;preço\nSão Paulo;1.234,56\nBelém;2,5\n".encode("latin-1"),
        {"município": "text", "preço": "decimal"},
        [("São Paulo", 1234.56), ("Belém", 2.5)],
    ),
    "windows quotes and euro": (
        "a;b\n“x”;€\ny;z\n".encode("cp1252"),
        {"a": "text", "b": "text"},
        [("“x”", "€"), ("y", "z")],
    ),
    "tabs": ("a\tb\n1\t2,5\n", {"a": "integer", "b": "decimal"}, [(1, 2.5)]),
    "pipes": ("a|b\n1|x, y\n", {"a": "integer", "b": "text"}, [(1, "x, y")]),
    "byte order mark": ("\ufeffa,b\n1,2\n", {"a": "integer", "b": "integer"}, [(1, 2)]),
    "utf-16": ("a;b\n1;ã\n".encode("utf-16"), {"a": "integer", "b": "text"}, [(1, "ã")]),
    "utf-16 without mark": (
        "a;b\n1;ab\n".encode("utf-16-le"),
        {"a": "integer", "b": "text"},
        [(1, "ab")],
    ),
    "windows line ends": (
        "a,b\r\n1,2\r\n3,4\r\n",
        {"a": "integer", "b": "integer"},
        [(1, 2), (3, 4)],
    ),
    "old mac line ends": ("a,b\r1,2\r3,4\r", {"a": "integer", "b": "integer"}, [(1, 2), (3, 4)]),
    "no last line end": ("a,b\n1,2", {"a": "integer", "b": "integer"}, [(1, 2)]),
    "quotes, line ends and separators in cells": (
        'a,b\n"x, ""y""\nz",1\nw,2\n',
        {"a": "text", "b": "integer"},
        [('x, "y"\nz', 1), ("w", 2)],
    ),
    "single quotes": (
        "a,b\n'x,y','1'\n'z','2'\n",
        {"a": "text", "b": "integer"},
        [("x,y", 1), ("z", 2)],
    ),
    "blanks around": (
        "a , b\n 1 , x \n 2,y\n",
        {"a": "integer", "b": "text"},
        [(1, "x"), (2, "y")],
    ),
    "blank lines and empty rows": (
        "a,b\n\n1,2\n\n,\n3,4\n\n",
        {"a": "integer", "b": "integer"},
        [(1, 2), (3, 4)],
    ),
    "leading zeros are codes": (
        "cep,n\n01234,1\n99999,2\n",
        {"cep": "text", "n": "integer"},
        [("01234", 1), ("99999", 2)],
    ),
    "numbers beyond int64 stay text": (
        "id,n\n12345678901234567890,9223372036854775807\n1,-9223372036854775808\n",
        {"id": "text", "n": "integer"},
        [("12345678901234567890", 2**63 - 1), ("1", -(2**63))],
    ),
    "english thousands": (
        'n,x\n"1,234","1,234.5"\n"5,678,901",2\n',
        {"n": "integer", "x": "decimal"},
        [(1234, 1234.5), (5678901, 2.0)],
    ),
    "brazilian thousands": (
        "n;x\n1.234;1.234,5\n5.678.901;2\n",
        {"n": "integer", "x": "decimal"},
        [(1234, 1234.5), (5678901, 2.0)],
    ),
    "points mean decimals without other signs": (
        "x\n1.234\n2.500\n",
        {"x": "decimal"},
        [(1.234,), (2.5,)],
    ),
    "exponents, signs and bare points": (
        "x\n1e3\n-2.5E-1\n+.5\n3.\n1e+2\n",
        {"x": "decimal"},
        [(1000.0,), (-0.25,), (0.5,), (3.0,), (100.0,)],
    ),
    "infinities and hexadecimals are text": ("x\n1e999\n2\n", {"x": "text"}, [("1e999",), ("2",)]),
    "one column with decimal commas": (
        "valor\n1,5\n2,75\n",
        {"valor": "decimal"},
        [(1.5,), (2.75,)],
    ),
    "booleans in words": (
        "a,b,c\nyes,sim,TRUE\nno,não,False\n",
        {"a": "boolean", "b": "boolean", "c": "boolean"},
        [(True, True, True), (False, False, False)],
    ),
    "0 and 1 are numbers": ("a\n0\n1\n", {"a": "integer"}, [(0,), (1,)]),
    "iso dates and times": (
        "d,t,u\n2024-01-02,2024-01-02 03:04:05,2024-01-02T03:04\n"
        "2024-12-31,2024-01-02T03:04:05.5,2024-01-03\n",
        {"d": "date", "t": "datetime", "u": "datetime"},
        [
            (date(2024, 1, 2), at(2024, 1, 2, 3, 4, 5), at(2024, 1, 2, 3, 4)),
            (date(2024, 12, 31), at(2024, 1, 2, 3, 4, 5, 500_000), at(2024, 1, 3)),
        ],
    ),
    "times with a zone": (
        "t\n2024-01-02T03:04:05Z\n2024-01-02T03:04:05-03:00\n",
        {"t": "datetime"},
        [(at(2024, 1, 2, 3, 4, 5),), (at(2024, 1, 2, 6, 4, 5),)],
    ),
    "day first": (
        "d\n01/02/2024\n31/12/2023\n",
        {"d": "date"},
        [(date(2024, 2, 1),), (date(2023, 12, 31),)],
    ),
    "month first when nothing else fits": (
        "d\n01/02/2024\n12/31/2023\n",
        {"d": "date"},
        [(date(2024, 1, 2),), (date(2023, 12, 31),)],
    ),
    "dates that do not exist are text": (
        "d\n30/02/2024\n01/01/2024\n",
        {"d": "text"},
        [("30/02/2024",), ("01/01/2024",)],
    ),
    "missing words": (
        "a,b\nNA,x\n1,?\n,N/A\n3,null\n",
        {"a": "integer", "b": "text"},
        [(None, "x"), (1, None), (None, None), (3, None)],
    ),
    "none is a name among names": ("a\nNone\nBasic\n", {"a": "text"}, [("None",), ("Basic",)]),
    "repeated and empty names": (
        "a,a,,A,a_2\n1,2,3,4,5\n",
        {
            "a": "integer",
            "a_3": "integer",
            "column_3": "integer",
            "A_4": "integer",
            "a_2": "integer",
        },
        [(1, 2, 3, 4, 5)],
    ),
    "an index column without name": (
        ",a,b\n0,x,1\n1,y,2\n",
        {"column_1": "integer", "a": "text", "b": "integer"},
        [(0, "x", 1), (1, "y", 2)],
    ),
    "row names of R": (
        '"a","b"\n"1",5,"x"\n"2",6,"y"\n',
        {"column_1": "integer", "a": "integer", "b": "text"},
        [(1, 5, "x"), (2, 6, "y")],
    ),
    "separators at the end of lines": (
        "a;b;\n1;2;\n3;4;\n",
        {"a": "integer", "b": "integer"},
        [(1, 2), (3, 4)],
    ),
    "separators at the end of rows only": (
        "a;b\n1;2;\n3;4;\n",
        {"a": "integer", "b": "integer"},
        [(1, 2), (3, 4)],
    ),
    "titles above": (
        "Relatório de vendas;;\nGerado em 2024;;\n\na;b;c\n1;2;3\n4;5;6\n",
        {"a": "integer", "b": "integer", "c": "integer"},
        [(1, 2, 3), (4, 5, 6)],
    ),
    "sep= line of Excel": ("sep=;\na;b\n1;2\n", {"a": "integer", "b": "integer"}, [(1, 2)]),
    "no header": (
        "5.1,3.5,setosa\n4.9,3.0,virginica\n",
        {"column_1": "decimal", "column_2": "decimal", "column_3": "text"},
        [(5.1, 3.5, "setosa"), (4.9, 3.0, "virginica")],
    ),
    "years as names": (
        "uf,2019,2020\nSP,1,2\n",
        {"uf": "text", "2019": "integer", "2020": "integer"},
        [("SP", 1, 2)],
    ),
    "null bytes": (
        b"a,b\n1,x\x00y\n" + b"2,z\n" * 30,
        {"a": "integer", "b": "text"},
        [(1, "xy"), *[(2, "z")] * 30],
    ),
    "prose in one column": (
        "Name, please\nAnn\nBob, the second\nEve\nZoe\n",
        {"Name, please": "text"},
        [("Ann",), ("Bob, the second",), ("Eve",), ("Zoe",)],
    ),
    "an empty column": ("a,b\n1,\n2,\n", {"a": "integer", "b": "text"}, [(1, None), (2, None)]),
    "quotation marks that do not enclose": (
        'a,b\n5" pipe,1\nx,2\n',
        {"a": "text", "b": "integer"},
        [('5" pipe', 1), ("x", 2)],
    ),
    "reais": (
        "x;n\nR$ 1.234,56;1\nR$ 2,00;2\n",
        {"x": "decimal", "n": "integer"},
        [(1234.56, 1), (2.0, 2)],
    ),
    "reais by the thousand": (
        "x;n\nR$ 1.234;a\nR$ 5.678;b\n",
        {"x": "decimal", "n": "text"},
        [(1234.0, "a"), (5678.0, "b")],
    ),
    "dollars": (
        'x,n\n"$1,234.50",a\n$2.00,b\n',
        {"x": "decimal", "n": "text"},
        [(1234.5, "a"), (2.0, "b")],
    ),
    "US dollars": ("x\nUS$ 10.25\nUS$ 3\n", {"x": "decimal"}, [(10.25,), (3.0,)]),
    "euro behind": (
        "x;y\n1.234,5 €;a\n2 €;b\n",
        {"x": "decimal", "y": "text"},
        [(1234.5, "a"), (2.0, "b")],
    ),
    "pounds": ("x\n£5.5\n£6\n", {"x": "decimal"}, [(5.5,), (6.0,)]),
    "two currencies are not one number": (
        "x\nUS$ 5\nR$ 5\n",
        {"x": "text"},
        [("US$ 5",), ("R$ 5",)],
    ),
    "percent": ("x;y\n12,5%;a\n3%;b\n", {"x": "decimal", "y": "text"}, [(12.5, "a"), (3.0, "b")]),
    "percent beside plain numbers is text": ("x\n50%\n0.5\n", {"x": "text"}, [("50%",), ("0.5",)]),
    "negatives in parentheses": (
        "x;y\n(1.234,56);a\n7,5;b\n",
        {"x": "decimal", "y": "text"},
        [(-1234.56, "a"), (7.5, "b")],
    ),
    "minus behind": (
        "x;y\n1,50-;a\n2,00;b\n",
        {"x": "decimal", "y": "text"},
        [(-1.5, "a"), (2.0, "b")],
    ),
    "typographic minus": (
        "x;y\n−3,5;a\n4;b\n",
        {"x": "decimal", "y": "text"},
        [(-3.5, "a"), (4.0, "b")],
    ),
    "thin blanks between thousands": (
        "x;y\n1\u2009234,5;a\n2,25;b\n",
        {"x": "decimal", "y": "text"},
        [(1234.5, "a"), (2.25, "b")],
    ),
    "swiss thousands": (
        "x;y\n1’234.5;a\n2.25;b\n",
        {"x": "decimal", "y": "text"},
        [(1234.5, "a"), (2.25, "b")],
    ),
    "S and N": ("a\nS\nN\nS\n", {"a": "boolean"}, [(True,), (False,), (True,)]),
    "Y and N": ("a\nY\nN\n", {"a": "boolean"}, [(True,), (False,)]),
    "T and F": ("a\nT\nF\n", {"a": "boolean"}, [(True,), (False,)]),
    "V and F": ("a\nV\nF\n", {"a": "boolean"}, [(True,), (False,)]),
    "on and off": ("a\non\noff\n", {"a": "boolean"}, [(True,), (False,)]),
    "letters that are no pair": (
        "a,b\nS,F\nN,F\nY,F\n",
        {"a": "text", "b": "text"},
        [("S", "F"), ("N", "F"), ("Y", "F")],
    ),
    "M and F are people": ("a\nM\nF\n", {"a": "text"}, [("M",), ("F",)]),
    "two-digit years": (
        "d\n31/12/23\n01/02/24\n",
        {"d": "date"},
        [(date(2023, 12, 31),), (date(2024, 2, 1),)],
    ),
    "month names": (
        "d\n12 mar 2024\n1 fev 2024\n",
        {"d": "date"},
        [(date(2024, 3, 12),), (date(2024, 2, 1),)],
    ),
    "month names between slashes": (
        "d\n12/mar/2024\n1/DEZ/2024\n",
        {"d": "date"},
        [(date(2024, 3, 12),), (date(2024, 12, 1),)],
    ),
    "month names in full": (
        "d;n\n12 de março de 2024;1\n1 de maio de 2023;2\n",
        {"d": "date", "n": "integer"},
        [(date(2024, 3, 12), 1), (date(2023, 5, 1), 2)],
    ),
    "month names first": (
        'd\n"March 12, 2024"\n"May 1, 2023"\n',
        {"d": "date"},
        [(date(2024, 3, 12),), (date(2023, 5, 1),)],
    ),
    "compact dates by name": (
        "data,n\n20240312,20240312\n20231231,20231399\n",
        {"data": "date", "n": "integer"},
        [(date(2024, 3, 12), 20240312), (date(2023, 12, 31), 20231399)],
    ),
    "AM and PM": (
        "t\n2024-01-02 3:04 PM\n2024-01-02 12:00 AM\n",
        {"t": "datetime"},
        [(at(2024, 1, 2, 15, 4),), (at(2024, 1, 2),)],
    ),
    "dots in dates": (
        "d\n31.12.2023\n01.02.2024\n",
        {"d": "date"},
        [(date(2023, 12, 31),), (date(2024, 2, 1),)],
    ),
    "month first by the other dates": (
        "d,e\n01/02/2024,01/31/2024\n03/04/2024,02/28/2024\n",
        {"d": "date", "e": "date"},
        [(date(2024, 1, 2), date(2024, 1, 31)), (date(2024, 3, 4), date(2024, 2, 28))],
    ),
    "a total below": (
        "a;b;c\nx;1;2\ny;3;4\nz;5;6\nTotal;9;12\n",
        {"a": "text", "b": "integer", "c": "integer"},
        [("x", 1, 2), ("y", 3, 4), ("z", 5, 6)],
    ),
    "a total of money below": (
        "a;b;c\nx;1;2,5\ny;3;4,5\nTOTAL GERAL;;R$ 1.007,00\n",
        {"a": "text", "b": "integer", "c": "decimal"},
        [("x", 1, 2.5), ("y", 3, 4.5)],
    ),
    "totals that are a class stay": (
        "a;b\nTotal;1\nx;3\nTotal;4\n",
        {"a": "text", "b": "integer"},
        [("Total", 1), ("x", 3), ("Total", 4)],
    ),
    "a source below": (
        "a;b;c\nx;1;2\ny;3;4\nFonte: IBGE, 2024\n",
        {"a": "text", "b": "integer", "c": "integer"},
        [("x", 1, 2), ("y", 3, 4)],
    ),
    "the count of a query tool": (
        "a,b\nx,1\ny,2\n\n(2 rows affected)\n",
        {"a": "text", "b": "integer"},
        [("x", 1), ("y", 2)],
    ),
    "a total and a source": (
        "a;b;c\nx;1;2\ny;3;4\nTotal;4;6\n\nFonte: IBGE;;\n",
        {"a": "text", "b": "integer", "c": "integer"},
        [("x", 1, 2), ("y", 3, 4)],
    ),
    "the header once more": (
        "a,b\n1,x\na,b\n2,y\n",
        {"a": "integer", "b": "text"},
        [(1, "x"), (2, "y")],
    ),
    "comments above": (
        "# made by hand\n# on Monday\na,b,c\n1,2,3\n4,5,6\n",
        {"a": "integer", "b": "integer", "c": "integer"},
        [(1, 2, 3), (4, 5, 6)],
    ),
    "carets": ("a^b\n1^x, y\n2^z\n", {"a": "integer", "b": "text"}, [(1, "x, y"), (2, "z")]),
    "double pipes": ("a||b\n1||x\n2||y\n", {"a": "integer", "b": "text"}, [(1, "x"), (2, "y")]),
    "mixed line ends": ("a,b\r\n1,2\n3,4\r\n", {"a": "integer", "b": "integer"}, [(1, 2), (3, 4)]),
    "big integers stay exact": (
        "a\n9007199254740993\n1\n",
        {"a": "integer"},
        [(9007199254740993,), (1,)],
    ),
    "json lines": (
        '{"a": 1, "b": "x"}\n{"a": 2.5, "c": true}\n',
        {"a": "decimal", "b": "text", "c": "boolean"},
        [(1.0, "x", None), (2.5, None, True)],
    ),
    "a json list": (
        '[{"a": 1, "b": {"c": 2}}, {"a": 2, "b": null}]',
        {"a": "integer", "b": "text"},
        [(1, '{"c": "2"}'), (2, None)],
    ),
}


@pytest.mark.parametrize("name", CORPUS)
def test_reads(name: str, read: Read) -> None:
    content, types, rows = CORPUS[name]
    got = read(content)
    assert got.types == types
    assert got.rows == rows


def test_a_type_is_decided_by_the_last_row_too(read: Read) -> None:
    got = read("a,b,c\n" + "1,01/02/2024,1\n" * 70_000 + "1.5,31/12/2024,x\n")
    assert got.types == {"a": "decimal", "b": "date", "c": "text"}
    assert got.rows[-1] == (1.5, date(2024, 12, 31), "x")
    assert "date.ambiguous" not in got.notes


def test_a_bad_byte_at_the_end_changes_the_encoding_of_all(read: Read) -> None:
    got = read(b"a,b\n" + b"1,x\n" * 300_000 + "2,é\n".encode("latin-1"))
    assert got.rows[-1] == (2, "é")
    assert "Windows-1252" in got.said("read.text")


def test_a_few_broken_characters_leave_it_utf8(read: Read) -> None:
    got = read(b"a\n" + "ação\n".encode() * 500 + b"x\xff\n")
    assert got.rows[0] == ("ação",)
    assert "1" in got.said("encoding.broken")


def test_uneven_lines_are_evened_and_named(read: Read) -> None:
    got = read("a;b;c\n1;2;3\n4;5\n6;7;8;9\n\n10;11;12\n13;14;15\n")
    assert got.rows == [(1, 2, 3), (4, 5, None), (6, 7, 8), (10, 11, 12), (13, 14, 15)]
    assert got.notes["ragged.short"].lines == (3,)
    assert got.notes["ragged.long"].lines == (4,)


def test_says_how_the_file_was_read(read: Read) -> None:
    got = read("a;b\nã;1,5\nb;2\n".encode("latin-1"))
    assert got.said("read.text") == "Read as Windows-1252 (latin-1), separated by “;”."
    assert "decimal comma" in got.said("number.comma")


def test_says_what_could_be_read_in_two_ways(read: Read) -> None:
    got = read("d,n\n01/02/2024,1.234\n03/04/2024,5.678\n")
    assert "“d”" in got.said("date.ambiguous")
    assert "“n”" in got.said("number.ambiguous")


def test_says_which_words_were_taken_for_missing(read: Read) -> None:
    said = read("a,b\nNA,x\n1,?\n").said("missing.words")
    assert "“NA”" in said
    assert "“?”" in said


def test_a_long_text_is_fine(read: Read) -> None:
    got = read("a,b\n1," + "x" * 9_000_000 + "\n2,y\n" * 3)
    assert len(got.rows[0][1]) == 9_000_000
    assert len(got.rows) == 4
