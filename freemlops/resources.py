"""Where the files that are no Python lie: the SQL and the page scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent


def resource(kind: Literal["store", "dashboards"]) -> Path:
    """The folder of that kind: inside the installed package, else beside it in a checkout."""
    for folder in (_PACKAGE / "_bundled" / kind, _PACKAGE.parent / kind):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"{kind}/ is neither in freemlops/_bundled nor beside freemlops/")
