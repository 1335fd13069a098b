"""The frame of the pages leaves nothing behind in the process that serves them all."""

from __future__ import annotations

import gc
import weakref

import panel as pn

from freemlops.i18n import translator
from freemlops.ui.shell import bare


def test_a_frame_is_let_go_with_its_tab() -> None:
    before = len(pn.state.param.watchers.get("busy", {}).get("value", ()))
    frame = bare(pn.Column(), translator("en"))
    assert len(pn.state.param.watchers.get("busy", {}).get("value", ())) == before
    gone = weakref.ref(frame)
    del frame
    gc.collect()
    assert gone() is None
