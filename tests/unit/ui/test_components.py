"""Each component makes its models, escaped, in both languages, and keeps what was chosen."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from bokeh.document import Document

from freemlops.domain.run import Candidate, Score
from freemlops.i18n import translator
from freemlops.ui.charts.score_line import ScoreLine
from freemlops.ui.charts.spark import spark
from freemlops.ui.components.code_tabs import CodeTabs
from freemlops.ui.components.leaderboard import Leaderboard
from freemlops.ui.components.progress import share_done
from freemlops.ui.components.stepper import Stepper
from freemlops.ui.components.uploader import Uploader

LANGUAGES = ("en", "pt_BR")


def candidate(name: str, value: float, *, tied: bool = False) -> Candidate:
    scores = {"accuracy": Score(value, value - 0.02, value + 0.02)}
    return Candidate(name, "r", "linear", scores, tied_with_best=tied)


def session(language: str) -> Any:
    return SimpleNamespace(
        t=translator(language), language=language, api_base=lambda: "http://127.0.0.1:1"
    )


def text(board: Leaderboard) -> list[list[str]]:
    lines = re.findall("<tr[^>]*data-candidate.*?</tr>", board.content)
    return [re.findall("<td[^>]*>(.*?)</td>", line) for line in lines]


def marked(board: Leaderboard) -> list[str]:
    return re.findall('data-candidate="([^"]*)" aria-selected="true"', board.content)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_component_renders(language: str) -> None:
    t = translator(language)
    for component in (
        Uploader(session(language)),
        CodeTabs(t, codes=[("curl", "fm-curl", "<b>", "")]),
        Stepper(steps=[["data", "Data"]], active="data", reachable=["data"]),
        Leaderboard(t, "accuracy", lambda _id: None),
        ScoreLine(t, "Accuracy").view,
    ):
        assert component.get_root(Document()) is not None


def test_scripts_and_styles_ask_no_other_host() -> None:
    for component in (Uploader, CodeTabs, Stepper, Leaderboard):
        words = component._esm + "".join(component._stylesheets)
        assert "http://" not in words
        assert "https://" not in words


def test_numbers_are_written_the_readers_way() -> None:
    board = Leaderboard(translator("pt_BR"), "accuracy", lambda _id: None)
    board.show([candidate("a", 0.871)])
    assert "0,871" in text(board)[0]


def test_a_tie_is_said() -> None:
    board = Leaderboard(translator("en"), "accuracy", lambda _id: None)
    board.show([candidate("a", 0.9), candidate("b", 0.89, tied=True), candidate("c", 0.5)])
    assert [line[4] for line in text(board)] == ["the best", "no clear difference", ""]


def test_the_chosen_line_stays_chosen_when_it_moves() -> None:
    chosen: list[str] = []
    board = Leaderboard(translator("en"), "accuracy", chosen.append)
    board.show([candidate("a", 0.8)])
    board._handle_msg({"candidate": "a"})
    board.show([candidate("b", 0.9), candidate("a", 0.8)])
    assert marked(board) == ["a"]
    assert chosen == ["a"]


def test_a_line_that_is_not_on_the_board_is_not_chosen() -> None:
    chosen: list[str] = []
    board = Leaderboard(translator("en"), "accuracy", chosen.append)
    board.show([candidate("a", 0.8)])
    board._handle_msg({"candidate": "<b>"})
    assert chosen == marked(board) == []


def test_the_bar_follows_the_clock_between_events() -> None:
    assert share_done(0.1, elapsed_s=30, budget_s=60) == 0.5


def test_the_bar_never_claims_to_be_done_before_it_is() -> None:
    assert share_done(1.0, elapsed_s=90, budget_s=60) == 0.99


def test_no_bars_for_nothing() -> None:
    assert spark([], "x") is None
    assert spark([0, 0], "x") is None
