"""A bundle from somewhere else is hostile until it has proved itself."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from freemlops.domain.bundle import Lineage, Manifest
from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import ImportRefusedError
from freemlops.domain.model import Signature, SignatureColumn
from freemlops.domain.run import Task
from freemlops.serving import bundle as bundles
from freemlops.serving.bundle import Bundle, Samples, read_bundle, write_bundle
from freemlops.serving.onnx_gate import check_graph
from freemlops.serving.replay import replay

FLOAT = TensorProto.FLOAT


def graph(*nodes: Any, constants: Any = (), domains: tuple[str, ...] = ("",)) -> onnx.ModelProto:
    ends = [helper.make_tensor_value_info(n, FLOAT, [None, 1]) for n in ("x", "prediction")]
    made = helper.make_graph(list(nodes), "g", ends[:1], ends[1:], list(constants))
    opsets = [helper.make_opsetid(d, 18 if not d else 1) for d in domains]
    return helper.make_model(made, opset_imports=opsets, ir_version=9)


def doubled() -> onnx.ModelProto:
    two = numpy_helper.from_array(np.array([2.0], np.float32), "two")
    return graph(helper.make_node("Mul", ["x", "two"], ["prediction"]), constants=[two])


def bundle(**changes: Any) -> Bundle:
    made = Bundle(
        Manifest("m", 3, "linear", "rmse", 0.5, "2026-01-01T00:00:00+00:00", Lineage("r", "c")),
        Signature((SignatureColumn("x", ColumnType.DECIMAL),), "y", Task.REGRESSION),
        doubled().SerializeToString(),
        Samples({"x": [1.0, 2.5, -3.0]}, [[2.0], [5.0], [-6.0]]),
        dict.fromkeys(bundles.CARDS, "# card"),
    )
    return replace(made, **changes)


def saved(folder: Path, content: bytes) -> Path:
    path = folder / "x.fmlops"
    path.write_bytes(content)
    return path


def rezipped(
    content: bytes, change: Callable[[dict[str, bytes]], None], sums: bool = True
) -> bytes:
    """The members changed; with `sums` their checksums are made to fit, as a forger would."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    change(parts)
    if sums:
        lines = [
            f"{hashlib.sha256(parts[n]).hexdigest()}  {n}\n" for n in bundles.MEMBERS if n in parts
        ]
        parts[bundles.CHECKSUMS] = "".join(lines).encode()
    return bundles.packed(parts)


def test_a_bundle_comes_back_as_it_went(tmp_path: Path) -> None:
    made = bundle()
    content = write_bundle(made)
    assert content == write_bundle(made)
    back = read_bundle(saved(tmp_path, content))
    assert back == replace(made, sha256=hashlib.sha256(content).hexdigest())
    _, difference = replay(back)
    assert difference == 0


def _evil_path(parts: dict[str, bytes]) -> None:
    parts["../../evil.py"] = b"x"


def _more(parts: dict[str, bytes]) -> None:
    parts["model.pickle"] = b"x"


def _less(parts: dict[str, bytes]) -> None:
    del parts["samples.json"]


def _manifest(**changes: Any) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        told = json.loads(parts["manifest.json"]) | changes
        parts["manifest.json"] = json.dumps(told).encode()

    return change


def _nested(parts: dict[str, bytes]) -> None:
    parts["samples.json"] = b"[" * 1_000_000


REFUSED = {
    "a path that leads out": (_evil_path, "evil"),
    "a member too many": (_more, "model.pickle"),
    "a member too few": (_less, "samples.json"),
    "a newer format": (_manifest(format_version=2), "format 2"),
    "another kind of file": (_manifest(kind="x"), "no bundle"),
    "a manifest of wrong types": (_manifest(version="three"), "can't be read"),
    "nesting without an end": (_nested, "can't be read"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_no_bundle_has_is_refused(case: str, tmp_path: Path) -> None:
    change, words = REFUSED[case]
    path = saved(tmp_path, rezipped(write_bundle(bundle()), change))
    with pytest.raises(ImportRefusedError, match=words):
        read_bundle(path)


def test_a_changed_member_does_not_fit_its_checksum(tmp_path: Path) -> None:
    content = rezipped(write_bundle(bundle()), _manifest(score=0.99), sums=False)
    with pytest.raises(ImportRefusedError, match="checksums"):
        read_bundle(saved(tmp_path, content))


def test_a_small_file_that_unpacks_to_much_is_refused(tmp_path: Path) -> None:
    """64 MB of zeros are 64 KB in a zip; no more than the limit is ever unpacked."""

    def bomb(parts: dict[str, bytes]) -> None:
        parts["samples.json"] = b" " * (bundles.MOST_TEXT + 1)

    content = rezipped(write_bundle(bundle()), bomb)
    assert len(content) < 100_000
    with pytest.raises(ImportRefusedError, match="unpacks"):
        read_bundle(saved(tmp_path, content))


def test_a_member_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO(write_bundle(bundle()))
    with pytest.warns(UserWarning), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("manifest.json", b"{}")
    with pytest.raises(ImportRefusedError, match="not whole"):
        read_bundle(saved(tmp_path, out.getvalue()))


def test_bytes_cut_or_flipped_anywhere_never_pass_and_never_crash(tmp_path: Path) -> None:
    content = write_bundle(bundle())
    random = np.random.default_rng(0)
    for _ in range(300):
        made = bytearray(content)
        if random.random() < 0.3:
            del made[int(random.integers(0, len(made))) :]
        else:
            for place in random.integers(0, len(made), 3):
                made[place] = int(random.integers(0, 256))
        try:
            back = read_bundle(saved(tmp_path, bytes(made)))
        except ImportRefusedError:
            continue
        # what a zip holds beside its members (times, comments) may change without harm
        assert replace(back, sha256="") == bundle()


def test_a_model_with_data_in_other_files_is_refused() -> None:
    model = doubled()
    tensor = model.graph.initializer[0]
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    with pytest.raises(ImportRefusedError, match="other files"):
        check_graph(model.SerializeToString())
    tensor.data_location = TensorProto.DEFAULT  # forgotten, the entry still names a file
    with pytest.raises(ImportRefusedError, match="other files"):
        check_graph(model.SerializeToString())


def test_data_in_other_files_is_found_in_attributes_too() -> None:
    tensor = TensorProto(name="t", data_type=FLOAT, dims=[1])
    tensor.data_location = TensorProto.EXTERNAL
    node = helper.make_node("Constant", [], ["prediction"], value=tensor)
    with pytest.raises(ImportRefusedError, match="other files"):
        check_graph(graph(node).SerializeToString())


def test_operators_of_others_are_refused() -> None:
    node = helper.make_node("Evil", ["x"], ["prediction"], domain="com.evil")
    for domains in (("",), ("", "com.evil")):
        with pytest.raises(ImportRefusedError, match=r"com\.evil"):
            check_graph(graph(node, domains=domains).SerializeToString())


def test_functions_loops_and_branches_are_refused() -> None:
    model = doubled()
    model.functions.add(name="f", domain="")
    with pytest.raises(ImportRefusedError, match="functions"):
        check_graph(model.SerializeToString())
    inner = doubled().graph
    node = helper.make_node("If", ["x"], ["prediction"], then_branch=inner, else_branch=inner)
    with pytest.raises(ImportRefusedError, match="loops"):
        check_graph(graph(node).SerializeToString())


def test_what_is_no_model_is_refused() -> None:
    for content in (
        b"",
        b"\x00",
        b"\xff" * 100,
        b"hello world",
        doubled().SerializeToString()[:-5],
    ):
        with pytest.raises(ImportRefusedError):
            check_graph(content)


OTHERWISE = {
    "other answers": {"samples": Samples({"x": [1.0, 2.0]}, [[2.0], [5.0]])},
    "answers of another shape": {"samples": Samples({"x": [1.0]}, [[2.0, 3.0]])},
    "no rows": {"samples": Samples({"x": []}, [])},
    "fewer values than answers": {"samples": Samples({"x": [1.0]}, [[2.0], [4.0]])},
    "values of another type": {"samples": Samples({"x": ["a"]}, [[2.0]])},
    "another input": {
        "signature": Signature((SignatureColumn("z", ColumnType.DECIMAL),), "y", Task.REGRESSION),
        "samples": Samples({"z": [1.0]}, [[2.0]]),
    },
}


@pytest.mark.parametrize("case", OTHERWISE)
def test_a_model_that_does_not_answer_its_samples_is_refused(case: str) -> None:
    with pytest.raises(ImportRefusedError):
        replay(bundle(**OTHERWISE[case]))


def test_every_operator_of_our_own_exports_passes_the_gate() -> None:
    from freemlops.engine.export.graph import build_graph
    from freemlops.engine.families import FAMILIES
    from tests.unit.engine.test_export import fitted

    for family in FAMILIES:
        for classes in (0, 3):
            check_graph(build_graph(fitted(family, classes)).SerializeToString())
