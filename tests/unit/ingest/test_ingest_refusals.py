"""Files that are no table: refused in words that say what to do."""

from __future__ import annotations

import gzip
import io
import os
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from freemlops.domain.errors import TooLargeError, UnreadableFileError

from .conftest import Read


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


TABLE = b"a,b\n1,2\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))

REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "file is empty"),
    "blank": (b"\n \n\n", "file is empty"),
    "only a mark": (b"\xef\xbb\xbf", "file is empty"),
    "only a header": (b"a,b,c\n", "no rows below"),
    "only a header and blanks": (b"a,b,c\n\n,,\n", "no rows below"),
    "an image": (PNG, "an image"),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(100), "a program"),
    "a windows program": (b"MZ\x90\x00" + bytes(100), "a program"),
    "a pdf": (b"%PDF-1.7\n1 0 obj", "PDF"),
    "noise": (os.urandom(50_000).replace(b"\x1f\x8b", b""), "no text"),
    "a web page": (b"<!DOCTYPE html><html><body>x</body></html>", "web page"),
    "xml": (b'<?xml version="1.0"?><a/>', "web page"),
    "json of numbers": (b'[{"a": 1}, 2]', "line 1"),
    "json that is cut off": (b'{"a": 1}\n{"a": 2,\n', "line 2"),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Save as"),
    "a spreadsheet": (zipped(("[Content_Types].xml", b"<x/>"), ("xl/a.xml", b"<x/>")), "Save as"),
    "an open document": (zipped(("mimetype", b"application/x"), ("a.xml", b"")), "Save as"),
    "two tables in one archive": (zipped(("a.csv", TABLE), ("b.csv", TABLE)), "2 tables"),
    "an empty archive": (zipped(), "archive is empty"),
    "an archive in an archive": (zipped(("a.zip", zipped(("a.csv", TABLE)))), "inside"),
    "gzip in gzip": (gzip.compress(gzip.compress(TABLE)), "inside"),
    "an image in an archive": (zipped(("a.csv", PNG)), "an image"),
    "a cut archive": (zipped(("a.csv", TABLE * 100))[:-30], "damaged"),
    "a cut gzip": (gzip.compress(os.urandom(5000))[:-500], "damaged"),
    "a cut parquet": (b"PAR1" + bytes(100) + b"PAR1", "damaged"),
    "a quote that is never closed": (b'a,b\n1,"x\n2,y\n3,z\n', "line 2"),
    "a quote that is never closed elsewhere": (b'a,b\n1,x\n"2,y\n3,z\n', "line 3"),
    "all lines of different widths": (b"a,b\n1,2,3\n1,2,3,4\n1\n5,6,7,8,9\n", "Most lines"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str, read: Read) -> None:
    content, words = REFUSED[name]
    with pytest.raises(UnreadableFileError, match=words):
        read(content)


def test_the_place_of_an_open_quotation_mark_is_given(read: Read) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read('a,b\n1,x\n"2,y\n3,z\n')
    assert caught.value.details[0].line == 3


def test_refuses_a_bomb_before_it_fills_the_disk(read: Read) -> None:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as packed:
        for _ in range(300):
            packed.write(b"0" * 2**20)
    with pytest.raises(TooLargeError, match="unpacks to more"):
        read(out.getvalue())


def test_refuses_too_many_columns(read: Read) -> None:
    row = ",".join(str(i) for i in range(5001))
    with pytest.raises(TooLargeError, match="5001"):
        read(",".join(f"c{i}" for i in range(5001)) + "\n" + row + "\n")


def test_reads_as_many_columns_as_are_allowed(read: Read) -> None:
    head = ",".join(f"c{i}" for i in range(5000))
    got = read(head + "\n" + ",".join("1" for _ in range(5000)) + "\n")
    assert len(got.types) == 5000


@pytest.mark.parametrize("quoted", [True, False])
def test_refuses_a_giant_cell(read: Read, quoted: bool) -> None:
    cell = "x" * (17 * 1024**2)
    with pytest.raises(TooLargeError, match="16 MB"):
        read(f'a,b\n1,"{cell}"\n' if quoted else f"a,b\n1,{cell}\n2,y\n")


def test_reads_gzip_and_an_archive_with_clutter(read: Read) -> None:
    assert read(gzip.compress(TABLE), "t.csv.gz").rows == [(1, 2)]
    clutter = ("__MACOSX/._a.csv", b"\x00\x05"), ("x/.DS_Store", b"\x00")
    assert read(zipped(("x/a.csv", TABLE), *clutter), "t.zip").rows == [(1, 2)]


def parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def test_reads_parquet_in_its_own_types(read: Read) -> None:
    table = pa.table(
        {
            "i": pa.array([1, None], pa.int8()),
            "f": pa.array([float("nan"), float("inf")], pa.float32()),
            "d": pa.array([None, "1.50"]).cast(pa.decimal128(9, 2)),
            "s": pa.array(["x", "x"]).dictionary_encode(),
            "t": pa.array([0, 1], pa.timestamp("ns", tz="America/Sao_Paulo")),
            "nested": pa.array([[1], [2]]),
        }
    )
    got = read(parquet(table), "t.parquet")
    assert list(got.types.values()) == ["integer", "decimal", "decimal", "text", "datetime"]
    assert [r[:4] for r in got.rows] == [(1, None, None, "x"), (None, None, 1.5, "x")]
    assert "nested" in got.said("parquet.nested")


def test_refuses_parquet_without_rows(read: Read) -> None:
    with pytest.raises(UnreadableFileError, match="no rows"):
        read(parquet(pa.table({"a": pa.array([], pa.int64())})))
