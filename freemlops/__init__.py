"""Free MLOps: free, self-hosted, offline AutoML and MLOps that needs no code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from freemlops.client import Client

__version__ = "0.1.0"
__all__ = ["__version__", "connect"]


def connect(url: str | None = None, *, key: str | None = None) -> Client:
    """A client of a running server, for notebooks and scripts. See `freemlops.client`."""
    from freemlops.client import connect as made  # httpx loads only for who asks for it

    return made(url, key=key)
