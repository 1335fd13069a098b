"""Formats other than separated text, and files with several tables."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

from freemlops.domain.errors import ChoiceNeededError, InvalidError, TooLargeError
from freemlops.engine.ingest import members

from .conftest import Read

TABLE = pa.table({"a": [1, 2], "b": ["x", None]})


def zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def workbook(*sheets: str) -> bytes:
    """A small .xlsx by hand: one `sheetData` for each sheet."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    numbers = range(1, len(sheets) + 1)
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="r1" Type="{rel}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{rel}"><sheets>'
        + "".join(f'<sheet name="s{i}" sheetId="{i}" r:id="r{i}"/>' for i in numbers)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/'
        'package/2006/relationships">'
        + "".join(
            f'<Relationship Id="r{i}" Type="{rel}/worksheet" Target="worksheets/s{i}.xml"/>'
            for i in numbers
        )
        + "</Relationships>",
    }
    for i, data in zip(numbers, sheets, strict=True):
        files[f"xl/worksheets/s{i}.xml"] = (
            f"<worksheet {main}><sheetData>{data}</sheetData></worksheet>"
        )
    return zipped(files)


def cell(place: str, value: object) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


SHEET = (
    f'<row r="1">{cell("A1", "nome")}{cell("B1", "valor")}</row>'
    f'<row r="2">{cell("A2", "Ana, a primeira")}{cell("B2", 1.5)}</row>'
    f'<row r="3">{cell("A3", "Bia")}{cell("B3", 2)}</row>'
)


def test_reads_arrow_files_and_streams(read: Read) -> None:
    for write in (pa.ipc.new_file, pa.ipc.new_stream):
        out = io.BytesIO()
        with write(out, TABLE.schema) as writer:
            writer.write_table(TABLE)
        got = read(out.getvalue(), "t.arrow")
        assert got.rows == [(1, "x"), (2, None)]
        assert got.types == {"a": "integer", "b": "text"}


def test_reads_a_workbook(read: Read) -> None:
    got = read(workbook(SHEET), "t.xlsx")
    assert got.types == {"nome": "text", "valor": "decimal"}
    assert got.rows == [("Ana, a primeira", 1.5), ("Bia", 2.0)]


def test_a_workbook_of_several_sheets_asks_for_one(read: Read) -> None:
    book = workbook(SHEET, SHEET)
    with pytest.raises(ChoiceNeededError) as caught:
        read(book, "t.xlsx")
    assert [str(d.message) for d in caught.value.details] == ["s1", "s2"]
    assert len(read(book, "t.xlsx", member="s2").rows) == 2


def test_refuses_cells_far_apart(read: Read) -> None:
    far = f'<row r="1">{cell("A1", 1)}</row><row r="1048576">{cell("XFD1048576", 1)}</row>'
    with pytest.raises(TooLargeError):
        read(workbook(far), "t.xlsx")


def test_an_archive_of_several_tables_asks_for_one(read: Read, tmp_path: Path) -> None:
    packed = zipped({"a.csv": "a\n1\n", "x/b.csv": "b\n2\n"})
    with pytest.raises(ChoiceNeededError) as caught:
        read(packed, "t.zip")
    assert [str(d.message) for d in caught.value.details] == ["a.csv", "x/b.csv"]
    assert read(packed, "t.zip", member="x/b.csv").rows == [(2,)]
    assert members(tmp_path / "upload") == ("a.csv", "x/b.csv")
    with pytest.raises(InvalidError):
        read(packed, "t.zip", member="c.csv")
