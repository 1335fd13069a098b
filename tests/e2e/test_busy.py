"""A button that was busy is ready again, however short it was."""

from __future__ import annotations

import pytest

from tests.conftest import LiveServer
from tests.e2e.conftest import OpenTab

pytestmark = pytest.mark.browser
BUSY_FOR_A_MOMENT = """async (button) => {
    const models = Bokeh.documents.flatMap((d) => [...d._all_models.values()])
    const model = models.find((m) => m.id === button.getAttribute("data").match(/p\\d+/)[0])
    const told = (busy) => model.setv({loading: busy, disabled: busy}, {sync: false})
    const drawn = new MutationObserver(() => { if (button.disabled) told(false) })
    drawn.observe(button, {attributes: true})  // looks after the drawing, before React's effects
    told(true)
    await new Promise((done) => setTimeout(done, 1000))
    return [button.disabled, model.disabled, model.loading]
}"""


def test_a_button_that_is_ready_as_soon_as_it_looks_busy_is_ready(
    server: LiveServer, open_tab: OpenTab
) -> None:
    tab = open_tab()
    tab.page.goto(f"{server.url}/sql")
    button = tab.page.locator(".fm-sql-run button")
    button.wait_for()
    assert button.evaluate(BUSY_FOR_A_MOMENT) == [False, False, False]
    tab.assert_clean()


def test_a_page_may_still_tell_its_address(server: LiveServer, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.page.goto(f"{server.url}/sql")
    tab.page.locator(".fm-sql-run button").wait_for()
    told = """(address) => {
        const models = [...Bokeh.documents[0]._all_models.values()]
        const model = models.find((m) => m.type.endsWith(".Location"))
        model.href = address
        return model.href
    }"""
    address = f"{tab.page.url}#told"
    assert tab.page.evaluate(told, address) == address
    tab.assert_clean()
