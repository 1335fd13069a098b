"""Splits of a booster that ask whether a code is in a set, as columns of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

if TYPE_CHECKING:
    from freemlops.engine.export.graph import Graph

BITS = 32


@dataclass
class CodeSets:
    """The sets of codes met in the trees of one model, each once.

    A split by a set becomes a split on a column that says 1 inside the set and 0 outside; the
    columns stand after the matrix, whose width is `features`.
    """

    features: int
    _members: dict[int, list[frozenset[int]]] = field(default_factory=dict)
    _places: dict[tuple[int, frozenset[int]], int] = field(default_factory=dict)

    def key(self, feature: int, words: NDArray[np.int64]) -> tuple[int, frozenset[int]]:
        """Note the set that the bits of `words` spell, and give its key."""
        found = frozenset(
            place * BITS + bit
            for place, word in enumerate(words.tolist())
            for bit in range(BITS)
            if word >> bit & 1
        )
        known = self._members.setdefault(feature, [])
        if (feature, found) not in self._places:
            self._places[(feature, found)] = len(known)
            known.append(found)
        return feature, found

    def column(self, key: tuple[int, frozenset[int]]) -> int:
        """The place of the set's column; only right once every set is noted."""
        before = sum(len(s) for f, s in sorted(self._members.items()) if f < key[0])
        return self.features + before + self._places[key]

    def tables(self) -> list[tuple[int, NDArray[np.float32]]]:
        """For each feature, [codes + 1, sets]: the last row is for codes that are in no set."""
        made = []
        for feature, sets in sorted(self._members.items()):
            top = max((max(s) for s in sets if s), default=0)
            table = np.zeros((top + 2, len(sets)), np.float32)
            for place, codes in enumerate(sets):
                table[sorted(codes), place] = 1.0
            made.append((feature, table))
        return made


def add_sets(graph: Graph, matrix: str, sets: CodeSets) -> str:
    """The matrix with a column for each set; a missing or unknown code is in none."""
    parts = [matrix]
    for feature, table in sets.tables():
        code = graph.add("Gather", matrix, graph.constant(np.array(feature, np.int64)), axis=1)
        none = graph.constant(np.array(len(table) - 1, np.float32))
        zero = graph.constant(np.array(0, np.float32))
        # A comparison with NaN is false: it lands where the unknown codes do.
        inside = graph.add(
            "And", graph.add("GreaterOrEqual", code, zero), graph.add("Less", code, none)
        )
        row = graph.add("Cast", graph.add("Where", inside, code, none), to=TensorProto.INT64)
        parts.append(graph.add("Gather", graph.constant(table), row, axis=0))
    return graph.add("Concat", *parts, axis=1) if len(parts) > 1 else matrix
