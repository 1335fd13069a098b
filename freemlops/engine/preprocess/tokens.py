"""How a text is cut into terms: once for Python, and the same nodes for the graph.

The graph can only split at a given sign and look tokens up. So folding (case, accents,
punctuation) happens when the lookup is made, over the spellings seen and the usual others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

MOST_TOKENS = 256
"""Pieces between spaces that are read of one text; the rest of it is left out."""
MOST_LINES = 4
"""Pieces between line ends that are read of one piece."""
MOST_SPELLINGS = 24
"""Spellings of a term that the lookup holds beside the made ones."""
ENDS = ("", ".", ",", "!", "?", ";", ":")


def pieces(text: str) -> Iterator[str]:
    """The pieces of a text as the graph cuts them, in the spelling they have."""
    spaced = [p for p in text.split(" ") if p]
    for piece in spaced[:MOST_TOKENS]:
        yield from piece.split("\n")[:MOST_LINES]


def fold(piece: str) -> str:
    """The term of a piece: without case, accents and signs; empty where nothing is left."""
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
                if fold(cased + end) == term:
                    found.setdefault(cased + end, term)
    return found
