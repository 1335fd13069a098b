"""Errors as RFC 9457 problem documents, for everything that speaks HTTP."""

from __future__ import annotations

import secrets
from typing import Any

from freemlops.domain import errors
from freemlops.domain.words import N_
from freemlops.i18n import Translator

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[errors.FreeMLOpsError], int] = {
    errors.NotFoundError: 404,
    errors.InvalidError: 422,
    errors.MalformedError: 400,
    errors.UnreadableFileError: 422,
    errors.ImportRefusedError: 422,
    errors.TooLargeError: 413,
    errors.TooManyError: 429,
    errors.QueryLimitError: 422,
    errors.ConflictError: 409,
    errors.CancelledError: 409,
    errors.UnavailableError: 503,
    errors.StorageFullError: 507,
    errors.TrainingError: 422,
    errors.ExportError: 409,
    errors.UnauthorizedError: 401,
    errors.ForbiddenError: 403,
    errors.WarehouseHeldError: 503,
    errors.WarehouseError: 500,
}
RETRY_S = 30

FAULT = N_("This is a fault of Free MLOps, not yours. The id in request_id finds it in the log.")


def status_of(error: errors.FreeMLOpsError) -> int:
    return next((STATUS[c] for c in type(error).__mro__ if c in STATUS), 500)


def headers_of(error: errors.FreeMLOpsError) -> dict[str, str]:
    """`Retry-After` and the like."""
    match status_of(error):
        case 503:
            return {"Retry-After": str(RETRY_S)}
        case 429:
            wait = getattr(error, "retry_s", 1)
            return {"Retry-After": str(wait)}
        case 401:
            return {"WWW-Authenticate": "Bearer"}
    return {}


def document(
    status: int,
    code: str,
    title: str,
    detail: str,
    instance: str,
    items: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """`title` and `detail` are translated already."""
    return {
        "type": f"urn:freemlops:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": instance,
        "errors": items or [],
        "request_id": f"req_{secrets.token_hex(8)}",
    }


def document_of(error: errors.FreeMLOpsError, t: Translator, instance: str) -> dict[str, Any]:
    return document(
        status_of(error),
        error.code,
        t.text(error.title),
        t.text(error.message),
        instance,
        items_of(error, t),
    )


def fault(t: Translator, instance: str) -> dict[str, Any]:
    """For an error that nobody expected."""
    return document(500, "internal", t.text(errors.FreeMLOpsError.title), t.text(FAULT), instance)


def items_of(error: errors.FreeMLOpsError, t: Translator) -> list[dict[str, Any]]:
    """The places that are wrong."""
    items: list[dict[str, Any]] = []
    for detail in error.details:
        item: dict[str, Any] = {"message": t.text(detail.message)}
        for name in ("row", "column", "line"):
            if (value := getattr(detail, name)) is not None:
                item[name] = value
        items.append(item)
    return items
