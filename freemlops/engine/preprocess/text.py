"""Features of texts of words: TF-IDF, then a truncated SVD (latent semantic analysis)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.utils.extmath import randomized_svd, svd_flip

from freemlops.engine.preprocess.tokens import MOST_TOKENS, fold, pieces, spellings

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

    terms: Mapping[str, int]
    """Spelling to the place of its term."""
    idf: NDArray[np.float64]
    """[terms]"""
    components: NDArray[np.float64]
    """[terms, components]"""

    def transform(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32 of shape [texts, components]; zeros for a text without a known word."""
        made = np.zeros((len(texts), self.components.shape[1]), np.float32)
        for first in range(0, len(texts), 4_096):
            part = texts[first : first + 4_096]
            weights = _weighted(_counts(part, self.terms, len(self.idf)), self.idf)
            made[first : first + len(part)] = np.rint(weights @ self.components * GRID) / GRID
        return made


def fit_words(texts: Sequence[str], seed: int) -> Words | None:
    """Learn from `MOST_TEXTS` of `texts` or fewer; none where too few words come back."""
    texts = _drawn(texts, seed)
    seen: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    folded: dict[str, str] = {}
    for text in texts:
        cut = list(pieces(text))
        seen.update(cut)
        for piece in cut:
            if piece not in folded:
                folded[piece] = fold(piece)
        spread.update({folded[p] for p in cut} - {""})
    ranked = sorted((-n, t) for t, n in spread.items() if n >= LEAST_TEXTS)[:MOST_TERMS]
    if len(ranked) < 2:
        return None
    place = {t: i for i, (_, t) in enumerate(ranked)}
    by_use = [p for p, _ in sorted(seen.items(), key=lambda item: (-item[1], item[0]))]
    terms = {s: place[t] for s, t in spellings(place, by_use).items()}
    within = np.array([-n for n, _ in ranked], np.float64)
    idf = np.log((1 + len(texts)) / (1 + within)) + 1
    weights = _weighted(_counts(texts, terms, len(idf)), idf)
    size = min(MOST_COMPONENTS, min(weights.shape) - 1)
    if size < 1:
        return None
    left, _, right = randomized_svd(weights, size, random_state=seed, flip_sign=False)
    _, right = svd_flip(left, right, u_based_decision=False)
    return Words(terms, idf, np.ascontiguousarray(right.T))


def _drawn(texts: Sequence[str], seed: int) -> Sequence[str]:
    """As many as are learned from, drawn at random and in their order."""
    order = np.random.default_rng(seed).permutation(len(texts))[:MOST_TEXTS]
    sizes = [min(texts[i].count(" ") + 1, MOST_TOKENS) for i in order]
    kept = int(np.searchsorted(np.cumsum(sizes), MOST_PIECES, side="right"))
    return [texts[i] for i in np.sort(order[: max(kept, 1)])]


def _counts(texts: Sequence[str], terms: Mapping[str, int], width: int) -> csr_matrix:
    columns: list[int] = []
    ends = [0]
    for text in texts:
        columns += [terms[p] for p in pieces(text) if p in terms]
        ends.append(len(columns))
    made = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(texts), width))
    made.sum_duplicates()
    return made


def _weighted(counts: csr_matrix, idf: NDArray[np.float64]) -> csr_matrix:
    """Counts times idf, each row of length 1 where it holds anything."""
    made = counts.multiply(idf).tocsr()
    lengths = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
    return made.multiply(1 / np.where(lengths > 0, lengths, 1)[:, None]).tocsr()
