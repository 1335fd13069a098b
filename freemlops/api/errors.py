"""The one place where an error becomes HTTP: RFC 9457 problem details in the caller's language."""

from __future__ import annotations

import re
import secrets
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from freemlops.domain import errors
from freemlops.domain.words import N_
from freemlops.i18n import Translator, negotiate, translator

log = structlog.get_logger(__name__)

STATUS: dict[type[errors.FreeMLOpsError], int] = {
    errors.NotFoundError: 404,
    errors.InvalidError: 422,
    errors.MalformedError: 400,
    errors.UnreadableFileError: 422,
    errors.TooLargeError: 413,
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


def language(request: Request[Any, Any, Any]) -> Translator:
    """The translator for the caller's `Accept-Language`."""
    return translator(negotiate(request.headers.get("accept-language")))


def problem(
    request: Request[Any, Any, Any],
    status: int,
    code: str,
    title: str,
    detail: str,
    items: list[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response[dict[str, Any]]:
    """A problem document; `title` and `detail` are translated already."""
    body: dict[str, Any] = {
        "type": f"urn:freemlops:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "errors": items or [],
        "request_id": f"req_{secrets.token_hex(8)}",
    }
    return Response(
        body,
        status_code=status,
        media_type="application/problem+json",
        headers={"Content-Language": language(request).language.replace("_", "-")}
        | (headers or {}),
    )


def on_domain_error(
    request: Request[Any, Any, Any], error: errors.FreeMLOpsError
) -> Response[dict[str, Any]]:
    t = language(request)
    status = next((STATUS[c] for c in type(error).__mro__ if c in STATUS), 500)
    items: list[dict[str, Any]] = []
    for detail in error.details:
        item: dict[str, Any] = {"message": t.text(detail.message)}
        for name in ("row", "column", "line"):
            if (value := getattr(detail, name)) is not None:
                item[name] = value
        items.append(item)
    headers = {"Retry-After": "30"} if status == 503 else {}
    return problem(
        request, status, error.code, t.text(error.title), t.text(error.message), items, headers
    )


_HTTP: dict[int, tuple[str, str, str]] = {
    400: (
        "malformed",
        errors.MalformedError.title,
        N_("The body is not valid JSON. Send JSON with Content-Type application/json."),
    ),
    404: (
        "not_found",
        errors.NotFoundError.title,
        N_("There is nothing at this address. The list of calls is at /api/docs."),
    ),
    405: (
        "method",
        N_("Method not allowed"),
        N_("This address does not answer that method. See /api/docs."),
    ),
    413: (
        "too_large",
        errors.TooLargeError.title,
        N_("The request body is too large. Send fewer rows at a time."),
    ),
    422: (
        "invalid",
        errors.InvalidError.title,
        N_("The request does not have the expected form. See /api/docs."),
    ),
}


def on_http_error(
    request: Request[Any, Any, Any], error: HTTPException
) -> Response[dict[str, Any]]:
    """Litestar's own refusals (no such route, wrong method, body that does not fit)."""
    t = language(request)
    is_form = isinstance(error, ValidationException)
    status = 422 if is_form else error.status_code
    code, title, detail = _HTTP.get(status, ("http", errors.FreeMLOpsError.title, error.detail))
    return problem(
        request,
        status,
        code,
        t.text(title),
        t.text(detail),
        _validation(error, t) if is_form else None,
        dict(error.headers or {}),
    )


_MISFITS: tuple[tuple[str, str], ...] = (
    (r"Object missing required field `(?P<name>.+?)`", N_("The field “{name}” is missing.")),
    (r"Object contains unknown field `(?P<name>.+?)`", N_("There is no field “{name}” here.")),
    (r"Invalid enum value '?(?P<value>.*?)'?$", N_("“{value}” is none of the possible values.")),
    (r"Expected `(?P<wanted>.+?)`, got `(?P<got>.+?)`", N_("Expected {wanted}, got {got}.")),
    (r"Expected `str` of length (?P<bound>\S+ \S+)", N_("Expected a text of length {bound}.")),
    (r"Expected `\w+` (?P<bound>[<>]=? \S+)", N_("Expected a value {bound}.")),
)


def _validation(error: HTTPException, t: Translator) -> list[dict[str, Any]]:
    """The field and, in the caller's language, what is wrong with it."""
    found: list[dict[str, Any]] = []
    for item in error.extra or []:
        if isinstance(item, dict):
            entry: dict[str, Any] = {"message": _misfit(str(item.get("message", "")), t)}
            if item.get("key"):
                entry["column"] = str(item["key"])
            found.append(entry)
    return found


def _misfit(message: str, t: Translator) -> str:
    for pattern, template in _MISFITS:
        if match := re.match(pattern, message):
            return t.text(template, **match.groupdict())
    return t.text(N_("This value does not fit."))


def on_unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """A bug: the caller gets an id, the log gets the traceback."""
    t = language(request)
    answer = problem(
        request,
        500,
        "internal",
        t.text(errors.FreeMLOpsError.title),
        t.text(
            N_(
                "This is a fault of Free MLOps, not yours. "
                "The id in request_id finds it in the log."
            )
        ),
    )
    log.error("unexpected", request_id=answer.content["request_id"], exc_info=error)
    return answer


HANDLERS: Any = {
    errors.FreeMLOpsError: on_domain_error,
    HTTPException: on_http_error,
    Exception: on_unexpected,
}
