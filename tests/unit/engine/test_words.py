"""Texts of words become the same features in Python and in the graph."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from freemlops.engine.export.graph import IR_VERSION, Graph
from freemlops.engine.export.text import TEXT_OPSET, add_words
from freemlops.engine.preprocess.text import MOST_PIECES, Words, _drawn, fit_words
from freemlops.engine.preprocess.tokens import LONG, MOST_TOKENS, cut, fold, pieces

_WORDS = ["good", "Straße", "İstanbul", "ılık", "ΛΌΓΟΣ", "λόγος", "cafe\u0301", "café", "😀", "2nd"]
_TEXTS = [" ".join(np.random.default_rng(i).choice(_WORDS, 6)) for i in range(200)]


def _session(words: Words) -> onnxruntime.InferenceSession:
    graph = Graph(["review"])
    end = add_words(graph, "review", words)
    made = helper.make_graph(
        graph.nodes,
        "words",
        [helper.make_tensor_value_info("review", TensorProto.STRING, [None, 1])],
        [helper.make_tensor_value_info(end, TensorProto.FLOAT, None)],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", TEXT_OPSET), helper.make_opsetid("ai.onnx.ml", 3)]
    proto = helper.make_model(made, opset_imports=opsets, ir_version=IR_VERSION)
    return onnxruntime.InferenceSession(proto.SerializeToString())


@pytest.fixture(scope="module")
def words() -> Words:
    made = fit_words(_TEXTS, seed=1)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def session(words: Words) -> onnxruntime.InferenceSession:
    return _session(words)


_part = st.one_of(
    st.sampled_from(_WORDS),
    st.sampled_from([" ", "\n", "\t", "\r\n", '"', "."]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(_part, max_size=20).map(" ".join), min_size=1, max_size=5))
def test_the_graph_agrees(
    words: Words, session: onnxruntime.InferenceSession, texts: list[str]
) -> None:
    found = session.run(None, {"review": np.array(texts, object)[:, None]})[0]
    np.testing.assert_allclose(found, words.transform(texts), atol=1e-6)


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "unseen", "good " * 3_000, "good\n" * 3_000, "x" * 200_000]
)
def test_the_graph_agrees_at_the_bounds(
    words: Words, session: onnxruntime.InferenceSession, text: str
) -> None:
    found = session.run(None, {"review": np.array([[text]], object)})[0]
    np.testing.assert_allclose(found, words.transform([text]), atol=1e-6)


def test_case_accents_and_signs_are_one_term(words: Words) -> None:
    assert fold("Café!") == fold("CAFE\u0301") == "cafe"
    same = words.transform(["good", "GOOD", "Good!", "good,"])
    assert np.abs(same).sum() > 0
    np.testing.assert_array_equal(same, np.repeat(same[:1], 4, axis=0))


def test_fitting_twice_gives_the_same_bits(words: Words) -> None:
    again = fit_words(_TEXTS, seed=1)
    assert again is not None
    np.testing.assert_array_equal(again.components, words.components)


def test_long_texts_are_learned_from_in_part() -> None:
    """The time of a fold is bounded by pieces, not by texts alone."""
    texts = [" ".join(["good", "bad", f"n{i % 50}"] * 100) for i in range(3_000)]
    drawn = _drawn(texts, 1)
    assert sum(min(len(t.split(" ")), MOST_TOKENS) for t in drawn) <= MOST_PIECES
    assert len(drawn) > 500
    assert fit_words(texts, 1) is not None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(_part, max_size=20).map(" ".join), max_size=5))
def test_texts_cut_together_are_cut_as_one_by_one(texts: list[str]) -> None:
    texts = [*texts, " ".join(["a", "", "b\nc"] * LONG), "a\n" * 9, "b " * (MOST_TOKENS + 9)]
    found = cut(texts)
    for owner, text in enumerate(texts):
        codes = found.codes[found.owners == owner]
        assert [found.spellings[c] for c in codes] == list(pieces(text))
