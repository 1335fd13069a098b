"""Which language a person gets, and links that work under every server."""

from __future__ import annotations

import pytest

from freemlops.ui.address import choose_language, link


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "language"),
    [
        ("pt_BR", "en", "en", "pt_BR"),
        (None, "pt_BR", "en", "pt_BR"),
        ("xx", None, "pt-PT,en;q=0.5", "pt_BR"),
        (None, "<script>", "de", "en"),
        (None, None, None, "en"),
    ],
)
def test_the_url_wins_over_the_cookie_and_the_cookie_over_the_browser(
    query: str | None, cookie: str | None, accept: str | None, language: str
) -> None:
    assert choose_language(query, cookie, accept) == language


def test_links_are_relative_and_quoted() -> None:
    assert link("new", dataset="a&b", version=2, step="", x=None) == "./new?dataset=a%26b&version=2"
