"""What a foreign ONNX file may not have: files beside it, code of others, and loops.

Reads the protobuf wire format itself (onnx.proto of ONNX 1.23): a replica has no `onnx` package,
and the check must come before anything loads the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from freemlops.domain.errors import ImportRefusedError

DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml"})
DEEPEST = 16

# Field numbers of onnx.proto
_MODEL_GRAPH, _MODEL_FUNCTIONS, _MODEL_OPSETS, _MODEL_TRAINING = 7, 25, 8, 20
_GRAPH_NODE, _GRAPH_TENSOR, _GRAPH_SPARSE = 1, 5, 15
_NODE_ATTRIBUTE, _NODE_DOMAIN = 5, 7
_ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS = 5, 10
_ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS, _ATTRIBUTE_SPARSE, _ATTRIBUTE_SPARSES = 6, 11, 22, 23
_TENSOR_EXTERNAL, _TENSOR_LOCATION = 13, 14
_OPSET_DOMAIN = 1


def check_graph(model: bytes) -> None:
    """Raises `ImportRefusedError` for external data, operators that ONNX itself does not have,
    functions, and graphs within graphs (loops and branches)."""
    try:
        _check_model(memoryview(model))
    except (IndexError, ValueError) as error:
        raise ImportRefusedError("The model in the bundle is no ONNX file.") from error


def _check_model(data: memoryview) -> None:
    graphs = 0
    for field, value in _fields(data):
        if field == _MODEL_GRAPH and isinstance(value, memoryview):
            graphs += 1
            _check_graph(value)
        elif field in (_MODEL_FUNCTIONS, _MODEL_TRAINING):
            raise ImportRefusedError("The model holds functions of its own.")
        elif field == _MODEL_OPSETS and isinstance(value, memoryview):
            _check_domain(value, _OPSET_DOMAIN)
    if graphs != 1:
        raise ValueError("no graph")


def _check_graph(data: memoryview) -> None:
    for field, value in _fields(data):
        if not isinstance(value, memoryview):
            continue
        if field == _GRAPH_NODE:
            _check_node(value)
        elif field == _GRAPH_TENSOR:
            _check_tensor(value)
        elif field == _GRAPH_SPARSE:
            raise ImportRefusedError("The model holds sparse tensors.")


def _check_node(data: memoryview) -> None:
    _check_domain(data, _NODE_DOMAIN)
    for field, value in _fields(data):
        if field == _NODE_ATTRIBUTE and isinstance(value, memoryview):
            for inner, tensor in _fields(value):
                if inner in (_ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS):
                    raise ImportRefusedError("The model holds loops or branches.")
                if inner in (_ATTRIBUTE_SPARSE, _ATTRIBUTE_SPARSES):
                    raise ImportRefusedError("The model holds sparse tensors.")
                if inner in (_ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS) and isinstance(
                    tensor, memoryview
                ):
                    _check_tensor(tensor)


def _check_tensor(data: memoryview) -> None:
    for field, value in _fields(data):
        if field == _TENSOR_EXTERNAL or (field == _TENSOR_LOCATION and value != 0):
            raise ImportRefusedError(
                "The model keeps data in other files. Only a model that is whole is taken."
            )


def _check_domain(data: memoryview, wanted: int) -> None:
    for field, value in _fields(data):
        if field == wanted and isinstance(value, memoryview):
            name = bytes(value).decode("utf-8", "replace")
            if name not in DOMAINS:
                raise ImportRefusedError(
                    "The model uses operators of “{domain}”, which are not those of ONNX itself.",
                    domain=name[:60],
                )


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field; what is no varint comes as its bytes. Groups are refused."""
    at, end = 0, len(data)
    while at < end:
        key, at = _varint(data, at)
        kind = key & 7
        if kind == 0:
            number, at = _varint(data, at)
            yield key >> 3, number
            continue
        if kind == 2:
            size, at = _varint(data, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
        else:
            raise ValueError("a kind of field that ONNX does not have")
        if size > end - at:
            raise ValueError("cut off")
        yield key >> 3, data[at : at + size]
        at += size


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("too long a number")
