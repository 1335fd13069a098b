"""How a text is cut into terms: once for Python, and the same nodes for the graph.

The graph can only split at a given sign and look tokens up. So folding (case, accents,
punctuation) happens when the lookup is made, over the spellings seen and the usual others.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from freemlops.domain.prose import is_prose

MOST_TOKENS = 256
"""Pieces between spaces that are read of one text; the rest of it is left out."""
MOST_LINES = 4
"""Pieces between line ends that are read of one piece."""
MOST_SPELLINGS = 24
"""Spellings of a term that the lookup holds beside the made ones."""
LONG = 20_000
"""Texts of more characters are shortened one by one before they are cut together."""
LEAST_BACK = 1.0
"""Words of a text, on average, that other texts hold too."""
ENDS = ("", ".", ",", "!", "?", ";", ":")


def pieces(text: str) -> Iterator[str]:
    """The pieces of a text as the graph cuts them, in the spelling they have."""
    for piece in _spaced(text):
        yield from piece.split("\n")[:MOST_LINES]


def _spaced(text: str) -> Iterator[str]:
    return itertools.islice(filter(None, text.split(" ")), MOST_TOKENS)


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of several texts. `owners` and `codes` are int64 of shape [pieces]: the text that
    each piece is of, in ascending order, and its place in `spellings`."""

    owners: NDArray[np.int64]
    codes: NDArray[np.int64]
    spellings: list[str]


def cut(texts: Sequence[str]) -> Pieces:
    """What `pieces` gives of each text, many times as fast."""
    short = [t if len(t) <= LONG else " ".join(list(_spaced(t))) for t in texts]
    spaced, owners = _split(pa.array(short, pa.large_string()), " ")
    there = pc.not_equal(spaced, "")
    spaced, owners = spaced.filter(there), owners[np.asarray(there)]
    first = _rank(owners) < MOST_TOKENS
    spaced, owners = spaced.filter(pa.array(first)), owners[first]
    lines, parents = _split(spaced, "\n")
    first = _rank(parents) < MOST_LINES
    coded = lines.filter(pa.array(first)).dictionary_encode()
    codes = np.asarray(coded.indices, np.int64)
    return Pieces(owners[parents[first]], codes, coded.dictionary.to_pylist())


def _split(texts: pa.Array, sign: str) -> tuple[pa.Array, NDArray[np.int64]]:
    """All parts in one array, and the place of the text that each is of."""
    made = pc.split_pattern(texts, sign)
    return pc.list_flatten(made), np.asarray(pc.list_parent_indices(made), np.int64)


def _rank(owners: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many before it have the same owner. `owners` is ascending."""
    return np.arange(len(owners)) - np.searchsorted(owners, owners)


def share_words(texts: Sequence[str]) -> bool:
    """Whether these are sentences whose words come back in other ones. Of at least one text."""
    spaced = sum(" " in t for t in texts) / len(texts)
    if not is_prose(spaced, sum(map(len, texts)) / len(texts)):
        return False
    back = sum(n for n in texts_of(texts).values() if n > 1)
    return back >= LEAST_BACK * len(texts)


def texts_of(texts: Iterable[str]) -> Counter[str]:
    """In how many of the texts each term is."""
    return Counter(t for text in texts for t in {fold(p) for p in pieces(text)} if t)


def fold(piece: str) -> str:
    """The term of a piece: without case, accents and signs; empty where nothing is left."""
    if piece.isascii():
        lower = piece.lower()
        return lower if lower.isalnum() else "".join(filter(str.isalnum, lower))
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", piece).casefold())
    return "".join(c for c in plain if c.isalnum())


def spellings(terms: Iterable[str], seen: Iterable[str]) -> dict[str, str]:
    """Spelling to term: those of `seen`, the most frequent first, and the usual of each term."""
    found: dict[str, str] = {}
    kept = dict.fromkeys(terms, 0)
    for piece in seen:
        term = fold(piece)
        if term in kept and kept[term] < MOST_SPELLINGS:
            kept[term] += 1
            found[piece] = term
    for term in kept:
        for cased in (term, term.capitalize(), term.upper()):
            for end in ENDS:
                if term.isascii() or fold(cased + end) == term:
                    found.setdefault(cased + end, term)
    return found
