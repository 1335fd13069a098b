"""Features of texts of words: TF-IDF, then a truncated SVD (latent semantic analysis)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.utils.extmath import randomized_svd, svd_flip
from threadpoolctl import threadpool_limits

from freemlops.engine.preprocess.tokens import MOST_TOKENS, Pieces, cut, fold, spellings

MOST_TERMS = 2_000
MOST_COMPONENTS = 30
MOST_TEXTS = 5_000
"""Texts that terms and components are learned from."""
MOST_PIECES = 200_000
"""Pieces of those texts together; fewer texts are read where they are long."""
GRID = 2.0**24
"""Features are multiples of 1 / GRID: sums in another order fall on the same side of a split."""
LEAST_TEXTS = 2
"""Texts that a term must be in."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was learned of a text column."""

    spellings: str
    """A line each: no spelling holds a line end. Files are written much sooner than of a dict."""
    places: NDArray[np.int32]
    """[spellings]: the place of the term of each."""
    idf: NDArray[np.float64]
    """[terms]"""
    components: NDArray[np.float64]
    """[terms, components]"""

    @property
    def terms(self) -> dict[str, int]:
        """Spelling to the place of its term."""
        return dict(zip(self.spellings.split("\n"), self.places.tolist(), strict=True))

    def transform(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32 of shape [texts, components]; zeros for a text without a known word."""
        made = np.zeros((len(texts), self.components.shape[1]), np.float32)
        terms = self.terms
        for first in range(0, len(texts), 4_096):
            part = texts[first : first + 4_096]
            counts = _counts(cut(part), len(part), terms, len(self.idf))
            weights = _weighted(counts, self.idf)
            made[first : first + len(part)] = np.rint(weights @ self.components * GRID) / GRID
        return made


def fit_words(texts: Sequence[str], seed: int) -> Words | None:
    """Learn from `MOST_TEXTS` of `texts` or fewer; none where too few words come back."""
    texts = _drawn(texts, seed)
    found = cut(texts)
    terms, held = _terms(found, len(texts))
    if len(terms) < 2:
        return None
    times = np.bincount(found.codes, minlength=len(found.spellings))
    by_use = sorted(range(len(times)), key=lambda i: (-times[i], found.spellings[i]))
    place = {t: i for i, t in enumerate(terms)}
    spelled = spellings(place, [found.spellings[i] for i in by_use])
    known = {s: place[t] for s, t in spelled.items()}
    idf = np.log((1 + len(texts)) / (1 + held)) + 1
    weights = _weighted(_counts(found, len(texts), known, len(idf)), idf)
    size = min(MOST_COMPONENTS, min(weights.shape) - 1)
    if size < 1:
        return None
    with threadpool_limits(1):  # small products: threads would wait for each other
        left, _, right = randomized_svd(weights, size, n_iter=4, random_state=seed, flip_sign=False)
    _, right = svd_flip(left, right, u_based_decision=False)
    places = np.fromiter(known.values(), np.int32, len(known))
    return Words("\n".join(known), places, idf, np.ascontiguousarray(right.T))


def _terms(found: Pieces, texts: int) -> tuple[list[str], NDArray[np.float64]]:
    """The terms that most texts hold, and how many do."""
    folded = [fold(s) for s in found.spellings]
    names = sorted(set(folded) - {""})
    number = {t: i for i, t in enumerate(names)} | {"": -1}
    of_piece = np.array([number[t] for t in folded], np.int64)[found.codes]
    there = of_piece >= 0
    where = (found.owners[there], of_piece[there])
    pairs = csr_matrix((np.ones(int(there.sum())), where), shape=(texts, len(names)))
    held = np.bincount(pairs.indices, minlength=len(names))
    order = np.argsort(-held, kind="stable")[:MOST_TERMS]
    order = order[held[order] >= LEAST_TEXTS]
    return [names[i] for i in order], held[order].astype(np.float64)


def _drawn(texts: Sequence[str], seed: int) -> Sequence[str]:
    """As many as are learned from, drawn at random and in their order."""
    order = np.random.default_rng(seed).permutation(len(texts))[:MOST_TEXTS]
    sizes = [min(texts[i].count(" ") + 1, MOST_TOKENS) for i in order]
    kept = int(np.searchsorted(np.cumsum(sizes), MOST_PIECES, side="right"))
    return [texts[i] for i in np.sort(order[: max(kept, 1)])]


def _counts(found: Pieces, texts: int, terms: Mapping[str, int], width: int) -> csr_matrix:
    known = np.array([terms.get(s, -1) for s in found.spellings], np.int64)
    columns = known[found.codes] if len(known) else found.codes
    there = columns >= 0
    where = (found.owners[there], columns[there])
    return csr_matrix((np.ones(int(there.sum())), where), shape=(texts, width))


def _weighted(counts: csr_matrix, idf: NDArray[np.float64]) -> csr_matrix:
    """Counts times idf, each row of length 1 where it holds anything."""
    made = counts.multiply(idf).tocsr()
    lengths = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
    return made.multiply(1 / np.where(lengths > 0, lengths, 1)[:, None]).tocsr()
