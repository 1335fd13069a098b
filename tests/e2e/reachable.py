"""What axe-core says of a page: whether a keyboard and a screen reader get through it."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Final

from playwright.sync_api import Page, expect

TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
GRAVE: Final = ("serious", "critical")
_RUN: Final = """async (tags) => (await axe.run(document, {
  resultTypes: ["violations"], runOnly: {type: "tag", values: tags}
})).violations"""


@cache
def _axe() -> str:
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def assert_reachable(page: Page) -> None:
    """axe-core, in the page as it is now, finds nothing serious; else each finding in words."""
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(_axe())
    # a menu that fades away is hidden already, and still holds its lines
    expect(page.locator(".MuiPopover-root[aria-hidden=true]")).to_have_count(0)
    found: list[dict[str, Any]] = page.evaluate(_RUN, TAGS)
    lines = [
        f"{rule['id']} ({node['impact']}) at {_selector(node['target'])}\n    {node['html'][:200]}"
        for rule in found
        for node in rule["nodes"]
        if node["impact"] in GRAVE
    ]
    assert not lines, f"{page.url}:\n" + "\n".join(lines)


def _selector(target: list[Any]) -> str:
    """The last steps of the way through the shadow trees."""
    steps = [step for part in target for step in ([part] if isinstance(part, str) else part)]
    return " >>> ".join(steps[-2:])
