"""Models as skops files: the same answers, and nothing in them that is not on the list."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from freemlops.domain.errors import ExportError
from freemlops.domain.run import Task
from freemlops.engine.export.skops_file import dump, load
from freemlops.engine.families import FAMILIES

from .test_script import CASES, csv_text, fitted, opened

skops_io = pytest.importorskip("skops.io")
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize("case", ["binary", "multiclass", "regression"])
def test_a_skops_file_gives_the_answers_bit_for_bit(case: str, tmp_path: Path) -> None:
    """All families at once, over numbers, dates, truths, few texts and many."""
    task, target, decimal, more = CASES[case]
    work = opened(tmp_path, csv_text(decimal), task, target)
    _, model = fitted(work, sorted(FAMILIES), **more)
    back = load(dump(model))
    assert np.array_equal(back.outputs(work.source.table), model.outputs(work.source.table))
    assert back.signature == model.signature
    assert back.preparation == model.preparation


def test_a_model_with_a_strange_part_is_not_written(tmp_path: Path) -> None:
    from dataclasses import replace

    work = opened(tmp_path, csv_text(), Task.BINARY, "alvo")
    _, model = fitted(work, ["constant"])
    odd = replace(model.members[0], model=Path("/etc/passwd"))
    with pytest.raises(ExportError):
        dump(replace(model, members=(odd,)))


def test_a_file_with_a_strange_type_is_not_loaded() -> None:
    content = skops_io.dumps({"x": Path("/etc/passwd")})
    with pytest.raises(Exception, match="ntrusted"):
        load(content)
