"""The bytes of a file as it was sent, kept small."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa

PIECE_BYTES = 4 * 1024**2
TRIED_BYTES = 1024**2
WORTH = 0.8
"""Below this share of its size a file is kept packed; zipped and columnar files are not."""
PACKED, PLAIN = "original.zst", "original"


def pack(path: Path, target: Path) -> str:
    """Write the file to `target`, with Zstandard where that pays; gives the format's name."""
    with path.open("rb") as file:
        tried = file.read(TRIED_BYTES)
        if len(pa.compress(tried, codec="zstd", asbytes=True)) > WORTH * len(tried):
            shutil.copyfile(path, target)
            return PLAIN
        file.seek(0)
        with pa.CompressedOutputStream(str(target), "zstd") as out:
            shutil.copyfileobj(file, out, PIECE_BYTES)
    return PACKED


def unpack_original(packed: Path, format: str, target: Path) -> None:
    """Undo `pack`: the bytes as they were sent."""
    if format != PACKED:
        shutil.copyfile(packed, target)
        return
    with pa.CompressedInputStream(str(packed), "zstd") as source, target.open("wb") as out:
        while piece := source.read(PIECE_BYTES):
            out.write(piece)
