"""What a run keeps for the case that it goes on later: its candidates' parts, its best trials.

Files of numbers and JSON, no pickles: what comes out of a warehouse may be older than this code,
or from another place, and nothing in it is run.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from freemlops.engine.reporter import plain
from freemlops.engine.trial import Tried

MOST_BYTES = 32_000_000
"""Of the search: with more, the lesser trials are forgotten."""
HEAD = "head"


class Part(msgspec.Struct, frozen=True):
    """A member of a candidate: enough to fit it again."""

    family: str
    params: dict[str, Any]
    weight: float
    fit_s: float


class _Head(msgspec.Struct, frozen=True):
    parts: list[Part]
    export_s: float
    temperature: float
    whole: bool
    rows: int


class _Trial(msgspec.Struct, frozen=True):
    family: str
    params: dict[str, Any]
    losses: list[float]
    scores: list[float | None]
    fit_s: float
    cut: bool


@dataclass(frozen=True, slots=True)
class Recalled:
    """A candidate as it was: its `parts`, and what it says of the holdout, [rows, outputs].

    `whole` when its files are those of the fit on all rows. `rows` is how many it learned from.
    """

    parts: tuple[Part, ...]
    export_s: float
    temperature: float
    whole: bool
    rows: int
    made: NDArray[np.float64]


def candidate_memory(recalled: Recalled) -> bytes:
    head = _Head(
        list(recalled.parts),
        recalled.export_s,
        recalled.temperature,
        bool(recalled.whole),
        recalled.rows,
    )
    return _packed(head, {"made": recalled.made})


def recall_candidate(content: bytes) -> Recalled:
    """Raises `ValueError` for what is no such file."""
    arrays, head = _unpacked(content, _Head)
    parts = tuple(head.parts)
    return Recalled(parts, head.export_s, head.temperature, head.whole, head.rows, arrays["made"])


def search_memory(best: Sequence[Tried]) -> bytes:
    """The trials in the order given, as many as there is room for."""
    room = MOST_BYTES
    kept: list[Tried] = []
    for tried in best:
        room -= tried.out_of_fold.nbytes
        if room < 0 and kept:
            break
        kept.append(tried)
    heads = [
        _Trial(t.family, t.params, list(t.losses), list(t.scores), t.fit_s, t.cut) for t in kept
    ]
    return _packed(heads, {str(i): t.out_of_fold for i, t in enumerate(kept)})


def recall_search(content: bytes) -> list[Tried]:
    """Raises `ValueError` for what is no such file."""
    arrays, heads = _unpacked(content, list[_Trial])
    return [
        Tried(
            h.family,
            h.params,
            tuple(h.losses),
            tuple(float("nan") if v is None else v for v in h.scores),
            arrays[str(i)],
            h.fit_s,
            h.cut,
        )
        for i, h in enumerate(heads)
    ]


def _packed(head: Any, arrays: Mapping[str, NDArray[Any]]) -> bytes:
    out = io.BytesIO()
    told = np.frombuffer(msgspec.json.encode(plain(head)), np.uint8)
    np.savez(out, allow_pickle=False, **{HEAD: told}, **arrays)
    return out.getvalue()


def _unpacked[T](content: bytes, kind: type[T]) -> tuple[dict[str, NDArray[Any]], T]:
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return arrays, msgspec.json.decode(arrays.pop(HEAD).tobytes(), type=kind)
