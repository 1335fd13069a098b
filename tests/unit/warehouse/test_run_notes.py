"""What people write on runs, and runs side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from freemlops.domain.errors import InvalidError, NotFoundError
from freemlops.domain.run import Run, Score
from freemlops.domain.search import Annotation, RunFilter
from freemlops.services.experiments import ExperimentService


def test_notes_tags_star_and_name_change_one_by_one(
    service: ExperimentService, add: Callable[..., Run]
) -> None:
    add(1)
    service.annotate("run_001", Annotation(starred=True))
    service.annotate("run_001", Annotation(tags=(" a ", "b", "a", "")))
    run = service.annotate("run_001", Annotation(notes=" why\nso ", name="  my   run "))
    assert (run.spec.name, run.notes, run.tags, run.starred) == (
        "my run", "why\nso", ("a", "b"), True,
    )  # fmt: skip
    for filter in (RunFilter(starred=True), RunFilter(tags=("b", "a"))):
        assert [r.id for r in service.search(filter).items] == ["run_001"]
    run = service.annotate("run_001", Annotation(name="", tags=(), notes="", starred=False))
    assert (run.spec.name, run.notes, run.tags, run.starred) == ("", "", (), False)
    assert service.annotate("run_001", Annotation()) == run


@pytest.mark.parametrize(
    "wrong",
    [
        Annotation(name="x" * 121),
        Annotation(notes="x" * 10_001),
        Annotation(tags=tuple(f"t{n}" for n in range(21))),
        Annotation(tags=("x" * 41,)),
        Annotation(tags=("a,b",)),
        Annotation(name="nul\0"),
    ],
)
def test_notes_beyond_the_limits_are_refused(
    service: ExperimentService, add: Callable[..., Run], wrong: Annotation
) -> None:
    before = add(1)
    with pytest.raises(InvalidError):
        service.annotate("run_001", wrong)
    assert service.search().items[0].name == before.spec.name


def test_an_unknown_run_cannot_be_annotated(service: ExperimentService) -> None:
    with pytest.raises(NotFoundError):
        service.annotate("run_1", Annotation(starred=True))
    with pytest.raises(NotFoundError):
        service.annotate("run_1", Annotation())


def test_a_comparison_has_all_metrics_and_names_what_differs(
    service: ExperimentService, add: Callable[..., Run]
) -> None:
    add(1, score=0.9, name="one")
    add(2, score=0.8, name="two", seed=8)
    add(3, seed=7)
    made = service.compare(["run_003", "run_001", "run_002", "run_001"])
    assert [c.run.id for c in made.runs] == ["run_003", "run_001", "run_002"]
    assert [c.best and c.best.holdout["roc_auc"].value for c in made.runs] == [None, 0.9, 0.8]
    assert made.runs[1].best is not None
    assert made.runs[1].best.holdout["other"] == Score(9.0, 8.0, 10.0)
    assert made.differs == ("seed",)


def test_a_comparison_of_nothing_too_many_or_unknown_runs_is_refused(
    service: ExperimentService, add: Callable[..., Run]
) -> None:
    add(1)
    with pytest.raises(InvalidError):
        service.compare([])
    with pytest.raises(InvalidError):
        service.compare([f"run_{n}" for n in range(21)])
    with pytest.raises(NotFoundError, match="run_9"):
        service.compare(["run_001", "run_9"])
