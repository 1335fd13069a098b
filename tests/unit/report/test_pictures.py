"""Every picture is well-formed, explains itself, and shows what the numbers say."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from freemlops.domain.evaluation.curves import Confusion, Density
from freemlops.domain.run import Task
from freemlops.i18n import translator
from freemlops.report.block_pictures import confusion
from freemlops.report.page import _UNSEEN
from freemlops.report.pictures import MOST_LINES, figure
from freemlops.report.svg import WIDTH, picture
from tests.unit.report.examples import answers, curves

CASES = [
    (task, name, rows)
    for task in Task
    for name, _ in curves(answers(task, 40))
    for rows in (40, 3000)
]


@pytest.mark.parametrize("language", ["en", "pt_BR"])
@pytest.mark.parametrize(("task", "name", "rows"), CASES)
def test_a_picture_is_whole_and_says_what_it_shows(
    task: Task, name: str, rows: int, language: str
) -> None:
    t = translator(language)
    made = dict(curves(answers(task, rows, classes=14)))[name]
    html = _UNSEEN.sub("?", str(figure(name, made, t)))
    root = ElementTree.fromstring(html)
    svg = root.find("svg")
    assert svg is not None and svg.get("role") == "img"
    assert svg.findtext("title") and len(svg.findtext("desc") or "") > 15
    assert svg.findtext("desc") == root.findtext("figcaption/p/b")
    assert "nan" not in html.lower().split("<figcaption>")[0].split("</desc>")[1]
    height = float(str(svg.get("viewBox")).split()[3])
    for element in svg.iter():
        for name_, most in (("x", WIDTH), ("cx", WIDTH), ("y", height), ("cy", height)):
            if name_ in element.attrib:
                assert -1 <= float(element.attrib[name_]) <= most + 1, element.attrib
    assert len(root.findall(".//tbody/tr")) <= max(MOST_LINES, 14)


def test_a_picture_of_endless_numbers_is_still_one() -> None:
    values = (0.0, math.inf, -math.inf, math.nan, 1e308, -1e308)
    made = Density(values, values, (1,) * 6, (), (), 6, False)
    html = str(figure("predicted_true", made, translator("en")))
    ElementTree.fromstring(html)
    assert 'cx="nan"' not in html and 'cx="inf"' not in html


def test_the_confusion_shows_its_counts_and_its_worst_mixture() -> None:
    made = Confusion(("no", "yes"), ((50, 3), (7, 40)), 100, 0.5)
    height, marks, about = confusion(made, translator("en"))
    texts = re.findall(r">(\d+)</text>", str(picture("x", "t", about, height, marks)))
    assert texts == ["50", "3", "7", "40"]
    assert (
        about
        == "90 of 100 rows are right. The most frequent mistake: “yes” taken for “no”, 7 times."
    )


def test_of_many_classes_the_most_frequent_are_shown_and_it_is_said() -> None:
    counts = np.diag(range(1, 31))
    made = Confusion(
        tuple(f"c{i}" for i in range(30)), tuple(tuple(int(v) for v in r) for r in counts), 465
    )
    _, marks, about = confusion(made, translator("en"))
    assert "12 most frequent of 30" in about
    assert ">c29</text>" in str(marks) and ">c2</text>" not in str(marks)
    assert "<table" not in str(figure("confusion", made, translator("en")))
