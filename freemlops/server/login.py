"""The login page: plain HTML, because whoever stands before it may load nothing else yet."""

from __future__ import annotations

from html import escape

from freemlops.domain.words import N_
from freemlops.i18n import Translator

WRONG = N_("That is not the password, or there were too many tries. Wait a minute and try again.")
_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title} · Free MLOps</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center }}
form {{ width: min(22rem, 90vw); display: grid; gap: 1rem }}
h1 {{ margin: 0; font-size: 1.4rem }}
p {{ margin: 0 }}
label {{ display: grid; gap: .25rem }}
input, button {{ font: inherit; padding: .6rem .8rem }}
input, button {{ border-radius: .5rem; border: 1px solid #8888 }}
button {{ background: #0f766e; color: #fff; border: 0; cursor: pointer }}
[role=alert] {{ color: #b91c1c }}
@media (prefers-color-scheme: dark) {{ [role=alert] {{ color: #fca5a5 }} }}
</style></head>
<body><main><form method="post" action="/login">
<h1>{title}</h1>
<p>{about}</p>
{problem}
<input type="hidden" name="next" value="{next}">
<label>{label}<input name="password" type="password" autocomplete="current-password"
 required autofocus></label>
<button type="submit">{button}</button>
</form></main></body></html>
"""


def login_page(t: Translator, next_path: str, *, failed: bool = False) -> str:
    """The form; `next_path` is where the person wanted to go."""
    problem = f'<p role="alert">{escape(t.text(WRONG))}</p>' if failed else ""
    return _PAGE.format(
        lang=t.language.replace("_", "-"),
        title=escape(t.text("Log in")),
        about=escape(
            t.text("This Free MLOps is shared over the network, so it asks for its password.")
        ),
        label=escape(t.text("Password")),
        button=escape(t.text("Log in")),
        problem=problem,
        next=escape(next_path, quote=True),
    )


def safe_next(path: str) -> str:
    """A path of this site, `/` for anything that could lead elsewhere."""
    if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable():
        return path
    return "/"
