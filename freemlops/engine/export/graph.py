"""Builds one ONNX graph: preparation, members, their weighted sum, and the label."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, checker, helper, numpy_helper

from freemlops.engine.calibrate import SMALLEST
from freemlops.engine.export.members import OPSETS, add_member
from freemlops.engine.export.pipeline import Member, TrainedModel
from freemlops.engine.export.text import TEXT_OPSET, add_words
from freemlops.engine.preprocess.dates import civil_parts
from freemlops.engine.preprocess.inputs import Encoding, Input
from freemlops.engine.preprocess.preparation import Preparation
from freemlops.engine.preprocess.text import Words
from freemlops.engine.table import MISSING_TEXT, InputKind, input_kind

IR_VERSION = 9
_NAN = np.array([np.nan], np.float32)
_TYPES = {
    InputKind.NUMBER: TensorProto.FLOAT,
    InputKind.TEXT: TensorProto.STRING,
    InputKind.DATE: TensorProto.DOUBLE,
}


class Graph:
    """Nodes and constants under construction; hands out names that no column has."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self.columns = set(columns)
        self.prefix = "fm_"
        while any(c.startswith(self.prefix) for c in columns):
            self.prefix = "_" + self.prefix
        self._known: dict[float, str] = {}

    def name(self, hint: str) -> str:
        return f"{self.prefix}{len(self.nodes)}_{hint}"

    def constant(self, values: NDArray[np.generic], hint: str = "constant") -> str:
        name = f"{self.prefix}k{len(self.constants)}_{hint}"
        self.constants.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def number(self, value: float) -> str:
        """A float64 constant, made once."""
        if value not in self._known:
            self._known[value] = self.constant(np.array([value], np.float64))
        return self._known[value]

    def add(self, op: str, *inputs: str, domain: str = "", **attributes: object) -> str:
        """Append a node of one output, and give that output's name."""
        made = self.name(op)
        self.nodes.append(
            helper.make_node(op, list(inputs), [made], name=made, domain=domain, **attributes)
        )
        return made

    def append(
        self, op: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: object
    ) -> None:
        """Append a node of several outputs, named by the caller."""
        made = helper.make_node(op, list(inputs), list(outputs), name=outputs[0], **attributes)
        self.nodes.append(made)

    def free(self, wanted: str) -> str:
        """An output's name: `wanted`, unless a column is called so."""
        while wanted in self.columns:
            wanted += "_"
        return wanted


class GraphArithmetic:
    """`Arithmetic` over names of float64 values in a graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def _name(self, value: str | float) -> str:
        return value if isinstance(value, str) else self._graph.number(float(value))

    def add(self, a: str, b: str | float) -> str:
        return self._graph.add("Add", a, self._name(b))

    def sub(self, a: str, b: str) -> str:
        return self._graph.add("Sub", a, b)

    def mul(self, a: str, b: float) -> str:
        return self._graph.add("Mul", a, self._name(b))

    def floor_div(self, a: str, b: float) -> str:
        return self._graph.add("Floor", self._graph.add("Div", a, self._name(b)))


def build_graph(model: TrainedModel) -> ModelProto:
    """Inputs are the raw columns by name, [rows, 1] each; outputs label and probabilities,
    or prediction."""
    inputs = model.preparation.inputs
    graph = Graph([i.name for i in inputs])
    matrix = _matrix(graph, model.preparation)
    classes = model.signature.classes
    answers = [
        graph.add(
            "Cast",
            add_member(graph, matrix, m.model, len(classes)),
            to=TensorProto.DOUBLE,
        )
        for m in model.members
    ]
    total = answers[0] if len(answers) == 1 else _mixture(graph, answers, model.members)
    if classes and model.temperature != 1.0:
        total = _tempered(graph, total, model.temperature)
    total = graph.add("Cast", total, to=TensorProto.FLOAT)
    ends = _labels(graph, total, classes) if classes else _values(graph, total)
    opsets = [helper.make_opsetid(d, v) for d, v in _opsets(model.preparation).items()]
    made_graph = helper.make_graph(
        graph.nodes, "freemlops", [_input(i) for i in inputs], ends, graph.constants
    )
    proto = helper.make_model(
        made_graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="freemlops"
    )
    helper.set_model_props(proto, {"classes": json.dumps(classes)})
    checker.check_model(proto)
    return proto


def _opsets(prepared: Preparation) -> dict[str, int]:
    """The newer one only where a text is cut: older runtimes read all other graphs."""
    is_cut = any(w.components.shape[1] for w in prepared.words.values())
    return OPSETS | {"": TEXT_OPSET} if is_cut else OPSETS


def _tempered(graph: Graph, total: str, temperature: float) -> str:
    clipped = graph.add("Clip", total, *(graph.constant(np.array(v)) for v in (SMALLEST, 1.0)))
    raised = graph.add("Pow", clipped, graph.number(1.0 / temperature))
    whole = graph.add("ReduceSum", raised, graph.constant(np.array([1], np.int64)), keepdims=1)
    return graph.add("Div", raised, whole)


def _mixture(graph: Graph, answers: Sequence[str], members: Sequence[Member]) -> str:
    """The weighted sum, in double as the Python model has it."""
    shares = [
        graph.add("Mul", answer, graph.number(member.weight))
        for answer, member in zip(answers, members, strict=True)
    ]
    return graph.add("Sum", *shares)


def _input(column: Input) -> ValueInfoProto:
    type = _TYPES[input_kind(column.type)]
    return helper.make_tensor_value_info(column.name, type, [None, 1])


def _matrix(graph: Graph, prepared: Preparation) -> str:
    parts: list[str] = []
    for column in prepared.inputs:
        match column.encoding:
            case Encoding.NUMBER:
                parts.append(column.name)
            case Encoding.DATE:
                made = civil_parts(column.name, GraphArithmetic(graph))
                parts += [graph.add("Cast", p, to=TensorProto.FLOAT) for p in made]
            case Encoding.WORDS:
                if (words := prepared.words[column.name]).components.shape[1]:
                    parts.append(_words(graph, column, words))
            case _:
                parts += _levels(graph, prepared, column)
    whole = graph.add("Concat", *parts, axis=1)
    # An infinity is missing, as it is where rows are read.
    return graph.add("Where", graph.add("IsInf", whole), graph.constant(_NAN), whole)


def _words(graph: Graph, column: Input, words: Words) -> str:
    missing = graph.add(
        "LabelEncoder",
        column.name,
        domain="ai.onnx.ml",
        keys_strings=[MISSING_TEXT],
        values_floats=[float("nan")],
        default_float=0.0,
    )
    return graph.add("Add", add_words(graph, column.name, words), missing)


def _levels(graph: Graph, prepared: Preparation, column: Input) -> list[str]:
    levels = prepared.levels[column.name]
    texts = [*levels.values, MISSING_TEXT]
    return [
        graph.add(
            "LabelEncoder",
            column.name,
            domain="ai.onnx.ml",
            keys_strings=texts,
            values_floats=[*(v[k] for v in levels.values.values()), float("nan")],
            default_float=levels.unseen[k],
        )
        for k in range(len(levels.unseen))
    ]


def _labels(graph: Graph, total: str, classes: Sequence[str]) -> list[ValueInfoProto]:
    label, chances = graph.free("label"), graph.free("probabilities")
    graph.nodes.append(helper.make_node("Identity", [total], [chances], name=chances))
    place = graph.add("ArgMax", total, axis=1, keepdims=0)
    graph.nodes.append(
        helper.make_node(
            "LabelEncoder",
            [place],
            [label],
            name=label,
            domain="ai.onnx.ml",
            keys_int64s=list(range(len(classes))),
            values_strings=list(classes),
            default_string=classes[0],
        )
    )
    return [
        helper.make_tensor_value_info(label, TensorProto.STRING, [None]),
        helper.make_tensor_value_info(chances, TensorProto.FLOAT, [None, len(classes)]),
    ]


def _values(graph: Graph, total: str) -> list[ValueInfoProto]:
    name = graph.free("prediction")
    graph.nodes.append(helper.make_node("Identity", [total], [name], name=name))
    return [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 1])]
