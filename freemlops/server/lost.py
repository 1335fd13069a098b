"""The page for an address that does not exist: plain HTML that leads home."""

from __future__ import annotations

from collections.abc import MutableMapping
from html import escape
from typing import Any
from urllib.parse import parse_qs

from freemlops.i18n import Translator, translator
from freemlops.serving.asgi import App, Receive, Scope, Send, answer, cookies, header

_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title} · Free MLOps</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center }}
main {{ width: min(28rem, 90vw); display: grid; gap: 1rem }}
h1 {{ margin: 0; font-size: 1.4rem }}
p {{ margin: 0 }}
a {{ justify-self: start; padding: .6rem 1rem; border-radius: .5rem; background: #0f766e;
 color: #fff; text-decoration: none }}
a:focus-visible {{ outline: 3px solid currentColor; outline-offset: 3px }}
</style></head>
<body><main><h1>{title}</h1><p>{about}</p><a href="/">{home}</a></main></body></html>
"""


def lost_page(t: Translator) -> str:
    """Says that there is no such page, and where the pages begin."""
    return _PAGE.format(
        lang=t.language.replace("_", "-"),
        title=escape(t.text("There is no page here")),
        about=escape(
            t.text(
                "The address may be mistyped, or the page may have moved. Begin at the home page."
            )
        ),
        home=escape(t.text("Go to the home page")),
    )


def with_lost_page(pages: App) -> App:
    """`pages`, whose bare 404 becomes a page in the reader's language for a browser's visit.

    Scripts, styles and other files asked for by a page keep the bare answer.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "text/html" not in header(scope, "accept"):
            await pages(scope, receive, send)
            return
        lost = False

        async def look(message: MutableMapping[str, Any]) -> None:
            nonlocal lost
            if message["type"] == "http.response.start" and message["status"] == 404:
                lost = True
            elif not lost:
                await send(message)

        await pages(scope, receive, look)
        if lost:
            await answer(send, 404, lost_page(_translator(scope)), "text/html")

    return serve


def _translator(scope: Scope) -> Translator:
    # Imported here: the command line starts this server without pages, and without Panel.
    from freemlops.ui.address import choose_language
    from freemlops.ui.session import LANGUAGE_COOKIE

    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return translator(
        choose_language(
            query.get("lang", [None])[0],
            cookies(scope).get(LANGUAGE_COOKIE),
            header(scope, "accept-language"),
        )
    )
