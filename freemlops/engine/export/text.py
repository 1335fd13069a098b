"""Writes the features of a text of words as nodes; they need opset 20."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto

from freemlops.engine.preprocess.text import GRID, Words
from freemlops.engine.preprocess.tokens import MOST_LINES, MOST_TOKENS

if TYPE_CHECKING:
    from freemlops.engine.export.graph import Graph

TEXT_OPSET = 20


def add_words(graph: Graph, column: str, words: Words) -> str:
    """float32 of shape [rows, components], as `Words.transform` gives it."""
    # A first piece that is no word: a batch of empty texts has a piece each as well.
    lead = graph.constant(np.array([["\x01 "]], object))
    flat = graph.constant(np.array([0, -1], np.int64))
    text = graph.add("StringConcat", lead, column)
    cut = _split(graph, text, "", MOST_TOKENS + 1)
    cut = _split(graph, graph.add("Reshape", cut, flat), "\n", MOST_LINES)
    places = graph.add(
        "LabelEncoder",
        graph.add("Reshape", cut, flat),
        domain="ai.onnx.ml",
        keys_strings=words.spellings.split("\n"),
        values_int64s=words.places.tolist(),
        default_int64=-1,
    )
    width = len(words.idf)
    counts = graph.add(
        "TfIdfVectorizer",
        places,
        min_gram_length=1,
        max_gram_length=1,
        max_skip_count=0,
        mode="TF",
        ngram_counts=[0],
        ngram_indexes=list(range(width)),
        pool_int64s=list(range(width)),
    )
    wide = graph.add("Cast", counts, to=TensorProto.DOUBLE)
    weights = graph.add("Mul", wide, graph.constant(words.idf))
    squares = graph.add("Mul", weights, weights)
    last = graph.constant(np.array([1], np.int64))
    length = graph.add("Sqrt", graph.add("ReduceSum", squares, last, keepdims=1))
    some = graph.add("Greater", length, graph.number(0.0))
    length = graph.add("Where", some, length, graph.number(1.0))
    scaled = graph.add("Div", weights, length)
    made = graph.add("MatMul", scaled, graph.constant(words.components))
    raised = graph.add("Round", graph.add("Mul", made, graph.number(GRID)))
    return graph.add("Cast", graph.add("Div", raised, graph.number(GRID)), to=TensorProto.FLOAT)


def _split(graph: Graph, text: str, delimiter: str, most: int) -> str:
    """Cut in pieces along a new last axis; what is left after `most` of them is dropped."""
    cut, count = graph.name("StringSplit"), graph.name("pieces")
    graph.append("StringSplit", [text], [cut, count], delimiter=delimiter, maxsplit=most)
    ends = (graph.constant(np.array([v], np.int64)) for v in (0, most, -1))
    return graph.add("Slice", cut, *ends)
