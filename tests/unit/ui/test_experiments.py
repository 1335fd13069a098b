"""The list of trainings without a browser: its state, its choices, its lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from bokeh.document import Document

from freemlops.domain.errors import InvalidError
from freemlops.domain.run import Candidate, Phase, Run, RunSpec, RunStatus, Score, Task
from freemlops.domain.search import (
    MAX_COMPARED,
    Annotation,
    Compared,
    Comparison,
    Facet,
    Facets,
    RunFilter,
    RunSort,
    RunSummary,
)
from freemlops.i18n import translator
from freemlops.ui.components.run_beside import side_by_side
from freemlops.ui.components.run_filters import CLEAR, RunFilters, choices
from freemlops.ui.components.run_notes import RunNotes
from freemlops.ui.components.run_table import RunTable, run_table
from freemlops.ui.state.experiments import IN_URL, ExperimentsState

T = translator("en")
EVIL = '<img src=x onerror="alert(1)">'
RUN = RunSummary(
    id="run_1",
    name="",
    dataset="ds_1",
    dataset_name="clientes",
    version=2,
    target="churn",
    task=Task.BINARY,
    metric="roc_auc",
    status=RunStatus.FINISHED,
    created_at=datetime(2026, 1, 2, tzinfo=UTC),
    duration_s=12.0,
    best="c1",
    best_family="lightgbm",
    best_score=0.9,
    baseline_score=0.5,
    notes="",
    tags=(),
    starred=False,
)


def test_the_address_gives_the_filter_and_nonsense_is_ignored() -> None:
    state = ExperimentsState(
        {"q": "a b", "status": "dreaming", "starred": "1", "sort": "magic", "target": "y"}
    )
    assert state.filter() == RunFilter(text="a b", target="y", starred=True)
    assert state.order is RunSort.NEWEST
    assert ExperimentsState({"q": "x" * 999, "sort": "name"}).order is RunSort.NAME


def test_a_new_choice_goes_back_to_the_first_page() -> None:
    state = ExperimentsState({"page": "3"})
    assert state.place == 2
    state.turn(1)
    assert (state.place, state.page) == (1, "2")
    state.choose("status", "failed")
    assert (state.place, state.page, state.status) == (0, "", "failed")
    state.choose("password", "x")
    state.choose("page", "9")
    state.choose("status", "'; DROP")
    assert state.filter() == RunFilter()
    assert state.place == 0


@pytest.mark.parametrize("page", ["0", "1", "-2", "1.5", "x", "²", "9" * 12, ""])
def test_a_page_that_is_none_is_the_first(page: str) -> None:
    assert ExperimentsState({"page": page}).page == ""


def test_what_is_compared_is_chosen_once_each_up_to_twenty() -> None:
    state = ExperimentsState({"compare": "run_1,run_2,run_1,<b>,,run_3"})
    assert state.compared == ("run_1", "run_2", "run_3")
    state.pick("run_2")
    state.pick("run_4")
    assert state.compare == "run_1,run_3,run_4"
    state.choose("status", "failed")
    state.clear()
    assert len(state.compared) == 3
    state.keep(["run_4", "run_1"])
    assert state.compared == ("run_1", "run_4")
    state.compare = ",".join(f"run_{n}" for n in range(MAX_COMPARED))
    with pytest.raises(InvalidError):
        state.pick("run_99")
    state.keep(())
    assert state.compare == ""


def test_changing_a_filter_is_one_step_in_the_history() -> None:
    steps: list[int] = []
    state = ExperimentsState({"page": "3"})
    state.param.watch(lambda *events: steps.append(len(events)), list(IN_URL))
    state.choose("status", "failed")
    state.turn(2)
    state.clear()
    assert steps == [2, 1, 2]


def compared(run: Run, score: float) -> Compared:
    best = Candidate("c1", run.id, "lightgbm", {"roc_auc": Score(score, score - 0.1, score + 0.1)})
    return Compared(run, best)


def test_side_by_side_marks_what_differs_and_escapes_what_people_wrote() -> None:
    spec = RunSpec("ds_1", 2, "churn", Task.BINARY, "roc_auc", 60.0, seed=1, name=EVIL)
    at = datetime(2026, 1, 2, tzinfo=UTC)
    one = Run("run_1", spec, EVIL, RunStatus.FINISHED, Phase.DONE, 1.0, at)
    other = replace(one, id="run_2", spec=replace(spec, seed=2, exclude=(EVIL,)))
    failed = replace(one, id="run_3", status=RunStatus.FAILED)
    both = Comparison((compared(one, 0.75), compared(other, 0.5), Compared(failed, None)))
    shown = str(side_by_side(both, T))
    assert "<img" not in shown
    assert shown.count("differs") == 3  # the model, the seed, the columns left out
    assert "0.750" in shown and "0.650 to 0.850" in shown
    assert "Did not work" in shown
    alone = str(side_by_side(Comparison((compared(one, 0.75),)), T))
    assert "Choose a second training" in alone and "<table" not in alone


def test_clearing_opens_the_filters_and_keeps_the_order() -> None:
    state = ExperimentsState({"q": "x", "tag": "a", "sort": "name"})
    state.clear()
    assert state.filter() == RunFilter()
    assert state.order is RunSort.NAME


def test_a_chosen_value_stays_offered_when_nothing_matches() -> None:
    values = {**ExperimentsState({}).values, "tag": "gone"}
    assert choices(Facets(0), values, T)["tag"] == [("", "Any tag"), ("gone", "gone (0)")]


def test_best_first_is_offered_only_within_one_metric() -> None:
    values = ExperimentsState({}).values
    one = Facets(2, metrics=(Facet("rmse", 2),))
    two = Facets(3, metrics=(Facet("rmse", 2), Facet("mae", 1)))
    assert "score" in dict(choices(one, values, T)["sort"])
    assert "score" not in dict(choices(two, values, T)["sort"])


@pytest.mark.parametrize("language", ["en", "pt_BR"])
def test_what_people_wrote_is_escaped(language: str) -> None:
    run = replace(RUN, name=EVIL, notes=EVIL, tags=(EVIL,), target=EVIL, dataset_name=EVIL)
    shown = str(run_table([run], translator(language)))
    assert "<img" not in shown
    assert shown.count("&lt;img") > 5


def test_a_line_says_the_score_and_what_guessing_gets() -> None:
    assert "guessing gets 0.500" in str(run_table([RUN], T))
    assert "no better than guessing" in str(run_table([replace(RUN, best_score=0.4)], T))
    alone = replace(RUN, best_family="constant", best_score=0.5)
    assert "guess" not in str(run_table([alone], T))
    assert "churn from clientes" in str(run_table([RUN], T))


def test_each_part_of_the_page_makes_its_model_and_asks_no_other_host() -> None:
    table, notes = RunTable(), RunNotes(T)
    filters = RunFilters(T, ExperimentsState({}).values)
    table.show([RUN], T, back=False, more=True)
    notes.edit(RUN)
    filters.show(Facets(1, tags=(Facet("a", 1),)), ExperimentsState({"tag": "a"}).values, T)
    notes.tell(InvalidError("A run may have {most} tags.", most=20), T)
    for part in (table, notes, filters):
        assert part.get_root(Document()) is not None
        assert "http" not in part._esm + "".join(part._stylesheets)
    assert notes.open
    assert "20 tags" in notes.wrong


def test_what_the_browser_says_reaches_the_page_each_time() -> None:
    heard: list[object] = []
    table, notes = RunTable(), RunNotes(T)
    filters = RunFilters(T, ExperimentsState({}).values)
    for part, name in ((table, "pressed"), (filters, "heard"), (notes, "written")):
        part.param.watch(lambda event: heard.append(event.new), name, onlychanged=False)
    notes.edit(RUN)
    table._handle_msg({"act": "star", "value": "run_1"})
    table._handle_msg({"act": "star", "value": "run_1"})
    filters._handle_msg({"name": CLEAR, "value": ""})
    notes._handle_msg({"name": "n", "tags": "a, b", "notes": ""})
    assert heard.count(("star", "run_1")) == 2
    assert (CLEAR, "") in heard
    assert ("run_1", Annotation("n", "", ("a", " b"))) in heard
