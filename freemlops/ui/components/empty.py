"""What a list shows when there is nothing in it: why, and what to do about it."""

from __future__ import annotations

from freemlops.ui.components.safe import Markup, tag


def empty(title: str, about: str, href: str | None = None, action: str | None = None) -> Markup:
    return tag(
        "div",
        tag("h3", title),
        tag("p", about, class_="muted"),
        tag("a", action, href=href, class_="button") if href and action else None,
        class_="empty fm-empty",
    )


def skeleton(count: int = 3) -> Markup:
    """Grey blocks in the place of what is still being read."""
    return tag(
        "div",
        [tag("div", class_="skeleton") for _ in range(count)],
        class_="grid",
        aria_busy="true",
    )
