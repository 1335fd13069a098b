"""A report is complete, loads nothing, and no name of the data gets out of its place."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shlex
from dataclasses import replace

import pytest

from freemlops.domain.run import RunStatus, Split, SplitKind, Task
from freemlops.domain.words import say
from freemlops.i18n import translator
from freemlops.report.again import call
from freemlops.report.page import POLICY, STYLE, page
from tests.unit.report import examples
from tests.unit.report.examples import EVIL, Elements

SECTIONS = {
    "summary", "limits", "data", "split", "board", "measures", "pictures", "drivers", "failures",
    "again",
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "pt_BR"])
@pytest.mark.parametrize("task", list(Task))
def test_it_has_every_section_and_loads_nothing(task: Task, language: str) -> None:
    made = Elements(page(examples.facts(task), translator(language)))
    assert made.ids() >= SECTIONS
    assert list(made.loads()) == []
    assert [t for t, _ in made.found].count("style") == 1
    assert dict(made.found)["html"] == {"lang": language.replace("_", "-")}


def test_names_of_the_data_are_text_and_nothing_else() -> None:
    html = page(examples.facts(), translator("en"))
    made = Elements(html)
    for name in (*EVIL[:3], EVIL[4]):
        assert name in made.text
    assert "<script" not in html and "<img" not in html and "<svg onload" not in html
    assert html.count("</style>") == 1
    assert STYLE in html


def test_the_style_fetches_nothing_and_is_the_one_that_the_policy_allows() -> None:
    assert "url(" not in STYLE and "@import" not in STYLE and "<" not in STYLE
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in POLICY


def test_characters_that_turn_or_break_the_text_are_seen_instead_of_working() -> None:
    html = page(examples.facts(), translator("en"))
    assert not re.search("[\x00\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)
    assert "\ufffdevil\ufffd" in html
    html.encode()


def test_no_value_of_a_row_is_told() -> None:
    assert "a secret of a row" not in page(examples.facts(), translator("en"))


def test_the_call_to_repeat_it_survives_a_shell() -> None:
    run = examples.run()
    spec = replace(run.spec, split=Split(SplitKind.GROUP, EVIL[4]))
    words = shlex.split(call(replace(run, spec=spec)))
    assert words[:3] == ["curl", "-X", "POST"]
    body = json.loads(words[-1])
    assert body["target"] == EVIL[0]
    assert body["split"] == {"kind": "group", "column": EVIL[4]}
    assert (body["seed"], body["max_trials"], body["warm_start"]) == (5, 7, False)


@pytest.mark.parametrize("status", [RunStatus.QUEUED, RunStatus.RUNNING])
def test_a_training_that_is_going_on_says_so(status: RunStatus) -> None:
    run = examples.run(status=status, plan={}, receipt=None, libraries={})
    bare = examples.facts(
        run=run, board=(), candidate=None, measured=None, importance=None, signature=None
    )
    text = Elements(page(bare, translator("en"))).text
    assert "There is no model yet." in text
    assert "still going on" in text


def test_a_training_that_failed_says_why() -> None:
    run = examples.run(status=RunStatus.FAILED, error=say("The data ran away."))
    bare = examples.facts(run=run, board=(), candidate=None, measured=None, importance=None)
    assert "The data ran away." in page(bare, translator("en"))


def test_pictures_that_cannot_be_drawn_give_their_reason() -> None:
    bare = examples.facts(measured=None, unmeasured=say("The answers are gone."), importance=None)
    assert "The answers are gone." in page(bare, translator("en"))


@pytest.mark.parametrize("language", ["en", "pt_BR"])
def test_the_card_of_an_imported_model_tells_what_came_with_it(language: str) -> None:
    bare = examples.facts(
        run=None, board=(), candidate=None, data=None, measured=None, importance=None,
        card=examples.card(), has_script=False,
    )  # fmt: skip
    made = Elements(page(bare, translator(language)))
    assert made.ids() >= {"summary", "model", "inputs", "limits", "data", "again"}
    assert "run_far" in made.text and "cd" * 32 in made.text
    assert list(made.loads()) == []
