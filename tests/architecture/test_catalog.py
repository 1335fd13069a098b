"""Both languages are complete."""

from __future__ import annotations

import string

from tests.catalog import msgids, read


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_sentence_is_translated() -> None:
    catalog = read()
    missing = {
        text: places[0]
        for text, places in msgids().items()
        if not (m := catalog.get(text)) or not m.string
    }
    assert not missing


def test_no_translation_is_left_over() -> None:
    assert {str(m.id) for m in read() if m.id} <= set(msgids())


def test_translations_fill_the_same_parameters() -> None:
    wrong = [m.id for m in read() if m.id and fields(str(m.id)) != fields(str(m.string))]
    assert not wrong
