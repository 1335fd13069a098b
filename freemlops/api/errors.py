"""The one place where an error becomes HTTP: RFC 9457 problem details in the caller's language."""

from __future__ import annotations

import re
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from freemlops.domain import errors
from freemlops.domain.words import N_
from freemlops.i18n import Translator, negotiate, translator
from freemlops.serving.problem import (
    FAULT,
    MEDIA_TYPE,
    document,
    headers_of,
    items_of,
    status_of,
)

log = structlog.get_logger(__name__)


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
    body = document(status, code, title, detail, request.url.path, items)
    return Response(
        body,
        status_code=status,
        media_type=MEDIA_TYPE,
        headers={"Content-Language": language(request).language.replace("_", "-")}
        | (headers or {}),
    )


def on_domain_error(
    request: Request[Any, Any, Any], error: errors.FreeMLOpsError
) -> Response[dict[str, Any]]:
    t = language(request)
    return problem(
        request,
        status_of(error),
        error.code,
        t.text(error.title),
        t.text(error.message),
        items_of(error, t),
        headers_of(error),
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
        t.text(FAULT),
    )
    log.error("unexpected", request_id=answer.content["request_id"], exc_info=error)
    return answer


HANDLERS: Any = {
    errors.FreeMLOpsError: on_domain_error,
    HTTPException: on_http_error,
    Exception: on_unexpected,
}
