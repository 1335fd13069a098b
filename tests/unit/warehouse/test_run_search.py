"""Finding runs: filters, orders, pages that stand still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from freemlops.domain.errors import InvalidError
from freemlops.domain.run import (
    Run,
    RunStatus,
    Task,
    new_run_id,
)
from freemlops.domain.search import Annotation, Facet, RunFilter, RunSort
from freemlops.services.experiments import ExperimentService
from freemlops.warehouse.warehouse import Warehouse
from tests.unit.warehouse.conftest import START

HOSTILE = (
    "100%", "_", "a_b", "'; DROP TABLE app.run; --", '"quoted"', "\\", "$word0", "{conditions}",
    "/*conditions*/ true", "naïve café", "日本", "%' OR '1'='1",
)  # fmt: skip


def found(
    service: ExperimentService, sort: RunSort = RunSort.NEWEST, **filter: object
) -> list[str]:
    page = service.search(RunFilter(**filter), sort)  # type: ignore[arg-type]
    assert page.total == len(page.items)
    return [r.id for r in page.items]


def walk(service: ExperimentService, sort: RunSort, limit: int) -> list[str]:
    ids, cursor = [], None
    while True:
        page = service.search(RunFilter(), sort, limit, cursor)
        ids += [r.id for r in page.items]
        if (cursor := page.cursor) is None:
            return ids


def test_a_line_of_the_list_says_what_leads_and_what_guessing_gets(
    service: ExperimentService, add: Callable[..., Run]
) -> None:
    add(1, score=0.9, took=12.5, family="lightgbm")
    (line,) = service.search().items
    assert (line.best_family, line.best_score, line.baseline_score) == ("lightgbm", 0.9, 0.5)
    assert line.duration_s == 12.5
    assert line.beats_baseline is True
    add(2, score=0.4)
    assert service.search().items[0].beats_baseline is False
    add(3)
    assert service.search().items[0].beats_baseline is None


def test_a_run_that_keeps_nothing_loses_its_lead(
    service: ExperimentService, add: Callable[..., Run], warehouse: Warehouse
) -> None:
    add(1, score=0.9)
    warehouse.runs.update("run_001", best=None, status=RunStatus.CANCELLED)
    (line,) = service.search().items
    assert (line.best, line.best_family, line.best_score) == (None, None, None)


def test_each_filter_keeps_what_matches(
    service: ExperimentService, add: Callable[..., Run]
) -> None:
    add(1, score=0.9, family="lightgbm")
    add(2, score=0.7, target="z", dataset="ds_2", dataset_name="vendas")
    add(3, task=Task.REGRESSION, metric="rmse", name="Preço médio")
    assert found(service) == ["run_003", "run_002", "run_001"]
    assert found(service, dataset="ds_2") == ["run_002"]
    assert found(service, target="y") == ["run_003", "run_001"]
    assert found(service, task=Task.REGRESSION) == ["run_003"]
    assert found(service, metric="roc_auc") == ["run_002", "run_001"]
    assert found(service, family="lightgbm") == ["run_001"]
    assert found(service, statuses=(RunStatus.QUEUED,)) == ["run_003"]
    assert found(service, statuses=tuple(RunStatus)) == ["run_003", "run_002", "run_001"]
    assert found(service, least_score=0.8) == ["run_001"]
    assert found(service, least_score=0.7, most_score=0.8) == ["run_002"]
    assert found(service, created_from=START + timedelta(minutes=2)) == ["run_003", "run_002"]
    assert found(service, created_before=START + timedelta(minutes=2)) == ["run_001"]
    assert found(service, text="preco MEDIO") == ["run_003"]
    assert found(service, text="vendas z") == ["run_002"]
    assert found(service, text="vendas y") == []


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_only_text(
    service: ExperimentService, add: Callable[..., Run], text: str
) -> None:
    add(1, name="plain")
    add(2)
    service.annotate("run_002", Annotation(name=text, notes=text, tags=(text,)))
    assert found(service, text=text) == ["run_002"]
    assert found(service, tags=(text,)) == ["run_002"]
    assert found(service, family=text) == found(service, dataset=text) == []
    assert [f.value for f in service.facets(RunFilter(text=text)).tags] == [text]


def test_paging_neither_repeats_nor_skips_while_runs_come_in(
    service: ExperimentService, add: Callable[..., Run]
) -> None:
    for number in range(10):
        add(number)
    first = service.search(limit=4)
    add(50)
    second = service.search(limit=4, cursor=first.cursor)
    add(51)
    third = service.search(limit=4, cursor=second.cursor)
    ids = [r.id for page in (first, second, third) for r in page.items]
    assert ids == [f"run_{n:03}" for n in reversed(range(10))]
    assert third.cursor is None
    assert (first.total, third.total) == (10, 12)


@pytest.mark.parametrize("sort", RunSort)
@pytest.mark.parametrize("limit", [1, 3, 5])
def test_every_order_pages_through_everything_ties_and_gaps_included(
    service: ExperimentService, add: Callable[..., Run], sort: RunSort, limit: int
) -> None:
    for number, (score, took) in enumerate([(0.9, 5), (0.9, 5), (None, None), (0.5, 60)]):
        add(number, score=score, took=took, name=("b", "b", "", "À")[number])
    ids = walk(service, sort, limit)
    assert sorted(ids) == [f"run_{n:03}" for n in range(4)]
    order = {
        RunSort.NEWEST: ["run_003", "run_002", "run_001", "run_000"],
        RunSort.SCORE: ["run_000", "run_001", "run_003", "run_002"],
        RunSort.DURATION: ["run_003", "run_000", "run_001", "run_002"],
        RunSort.NAME: ["run_003", "run_000", "run_001", "run_002"],
    }
    assert ids == order[sort]


def test_the_best_score_is_the_smallest_where_less_is_better(
    service: ExperimentService, add: Callable[..., Run]
) -> None:
    for number, score in enumerate([3.0, 1.0, 2.0]):
        add(number, score=score, metric="rmse", task=Task.REGRESSION)
    assert found(service, RunSort.SCORE) == ["run_001", "run_002", "run_000"]


def test_scores_of_different_metrics_are_not_put_in_one_order(
    service: ExperimentService, add: Callable[..., Run]
) -> None:
    add(1, score=0.9)
    add(2, score=0.1, metric="log_loss")
    with pytest.raises(InvalidError, match="different metrics"):
        service.search(sort=RunSort.SCORE)
    assert found(service, RunSort.SCORE, metric="log_loss") == ["run_002"]


@pytest.mark.parametrize("cursor", ["", "x", "bnVsbA==", "W10=", "é", "eyJhIjoxfQ==", "[" * 9999])
def test_a_cursor_that_is_not_ours_is_refused(service: ExperimentService, cursor: str) -> None:
    with pytest.raises(InvalidError, match="cursor"):
        service.search(cursor=cursor)


def test_a_cursor_of_another_order_is_refused(
    service: ExperimentService, add: Callable[..., Run]
) -> None:
    add(1)
    add(2)
    cursor = service.search(limit=1).cursor
    with pytest.raises(InvalidError, match="cursor"):
        service.search(sort=RunSort.NAME, cursor=cursor)


def test_facets_count_what_each_filter_would_leave(
    service: ExperimentService, add: Callable[..., Run]
) -> None:
    add(1, score=0.9)
    add(2, dataset="ds_2", dataset_name="vendas")
    add(3, dataset="ds_2", dataset_name="vendas")
    facets = service.facets(RunFilter(dataset="ds_2"))
    assert facets.total == 2
    assert [(f.value, f.count, f.title) for f in facets.datasets] == [
        ("ds_2", 2, "vendas"),
        ("ds_1", 1, "clientes"),
    ]
    assert [(f.value, f.count) for f in facets.statuses] == [("queued", 2)]
    assert facets.families == ()


def test_identifiers_sort_by_time_and_never_repeat() -> None:
    hours = [START + timedelta(hours=2 * n) for n in range(50)]
    ids = [new_run_id(at) for at in hours]
    assert [i[:8] for i in ids] == sorted({i[:8] for i in ids})
    assert len({new_run_id(START) for _ in range(1000)}) == 1000


@pytest.mark.parametrize("sort", list(RunSort))
def test_skipped_lines_lead_to_the_same_pages_as_cursors(
    service: ExperimentService, add: Callable[..., Run], sort: RunSort
) -> None:
    for n in range(11):
        add(n, score=0.5 + n % 4 / 10, took=float(n % 3))
    pages = [service.search(RunFilter(), sort, 4, skip=skip) for skip in (0, 4, 8, 12)]
    assert [r.id for page in pages for r in page.items] == walk(service, sort, 4)
    assert [page.total for page in pages] == [11] * 4
    assert [page.cursor is not None for page in pages] == [True, True, False, False]


def test_remembered_facets_follow_each_change(
    service: ExperimentService, add: Callable[..., Run]
) -> None:
    add(1, score=0.9)
    first = service.facets()
    assert service.facets() == first
    assert service.facets(RunFilter(text="nothing")).total == 0
    add(2)
    assert service.facets().total == 2
    service.annotate("run_001", Annotation(tags=("new",)))
    assert service.facets().tags == (Facet("new", 1),)
    for n in range(100):
        assert service.facets(RunFilter(text=str(n))).total <= 2
    assert service.facets().total == 2
