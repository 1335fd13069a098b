"""Who sends a request."""

from __future__ import annotations

import getpass
import ipaddress
from typing import Any

from litestar import Request

from freemlops.domain.errors import ForbiddenError


def caller(request: Request[Any, Any, Any]) -> str:
    """The account of this computer for its own requests, else the address of the other one."""
    if not is_here(request):
        return request.client.host if request.client else ""
    try:
        return getpass.getuser()
    except OSError:  # a container may run under a number without a name
        return ""


def is_here(request: Request[Any, Any, Any]) -> bool:
    """Whether the request comes from this computer itself, and not through a proxy on it."""
    if "x-forwarded-for" in request.headers:
        return False
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def only_here(request: Request[Any, Any, Any]) -> None:
    """Raise `ForbiddenError` unless the request comes from this computer: it names folders
    of its disk."""
    if not is_here(request):
        raise ForbiddenError(
            "This names a folder of the computer on which Free MLOps runs, so it can only be "
            "asked for there."
        )
