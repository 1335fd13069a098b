"""What the OpenAPI document says beyond the signatures: bodies taken and given as they are, and
the problems that a call can answer with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
)
from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute, HTTPRoute

from freemlops.serving.problem import MEDIA_TYPE

TABLES = ("text/csv", "application/octet-stream")
"""What a file of rows may be sent as; its kind is found by looking into it."""
BYTES = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
_ANY = Schema()
ROWS_BODY = Schema(
    description="One row or more, as a list of rows or as columns of the same length.",
    one_of=[
        Schema(
            type=OpenAPIType.OBJECT,
            required=["rows"],
            properties={
                "rows": Schema(
                    type=OpenAPIType.ARRAY,
                    items=Schema(type=OpenAPIType.OBJECT, additional_properties=_ANY),
                )
            },
        ),
        Schema(
            type=OpenAPIType.OBJECT,
            required=["columns"],
            properties={
                "columns": Schema(
                    type=OpenAPIType.OBJECT,
                    additional_properties=Schema(type=OpenAPIType.ARRAY, items=_ANY),
                )
            },
        ),
    ],
)


class PlaceOut(msgspec.Struct, omit_defaults=True):
    """What is wrong where; rows count from 0."""

    message: str
    row: int | None = None
    column: str | None = None
    line: int | None = None


class ProblemOut(msgspec.Struct):
    """A problem document (RFC 9457). `detail` is in the language of `Accept-Language`;
    `request_id` finds it in the server's log."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[PlaceOut]
    request_id: str


def described(
    takes: Iterable[str] = (), rows: bool = False, gives: Iterable[str] = ()
) -> type[Operation]:
    """An operation whose raw body comes in one of the media types `takes`, with `rows` also as
    the JSON of a prediction, and that answers in those of `gives` too."""
    bodies = {media: OpenAPIMediaType(schema=BYTES) for media in takes}
    if rows:
        bodies = {"application/json": OpenAPIMediaType(schema=ROWS_BODY), **bodies}
    also = {media: OpenAPIMediaType(schema=BYTES) for media in gives}

    @dataclass
    class Described(Operation):
        def __post_init__(self) -> None:
            if bodies:
                self.request_body = RequestBody(content=dict(bodies), required=True)
            for status, response in (self.responses or {}).items():
                if status.startswith("2") and isinstance(response, OpenAPIResponse):
                    response.content = {**(response.content or {}), **also}

    return Described


class Problems(ReceiveRoutePlugin):
    """Writes into each call's description what it can refuse, and how that looks."""

    def receive_route(self, route: BaseRoute) -> None:
        if not isinstance(route, HTTPRoute):
            return
        for handler in route.route_handlers:
            if handler.include_in_schema is False or "OPTIONS" in handler.http_methods:
                continue
            given = dict(handler.responses or {})
            handler.responses = refusals(*_statuses(route, handler)) | given


def _statuses(route: HTTPRoute, handler: HTTPRouteHandler) -> list[int]:
    """401, 403 and 421 are the door's, which stands before every call, 429 a key's, 503 and 507
    those of a server that is closing, busy or full."""
    made = {400, 401, 403, 421, 422, 429, 503, 507}
    takes_body = bool(handler.http_methods & {"POST", "PUT", "PATCH"})
    if takes_body or route.path_parameters:
        made |= {404, 409}
    return sorted(made | {413} if takes_body else made)


def refusals(*statuses: int) -> dict[int, ResponseSpec]:
    """Problem documents of these statuses."""
    return {
        status: ResponseSpec(
            ProblemOut,
            generate_examples=False,
            description=HTTPStatus(status).description or HTTPStatus(status).phrase,
            media_type=MEDIA_TYPE,
        )
        for status in statuses
    }


def also(container: Any, description: str, media_type: str = "application/json") -> ResponseSpec:
    """A second good answer of a call, such as 200 beside 201; None for one without a body."""
    return ResponseSpec(
        container, generate_examples=False, description=description, media_type=media_type
    )
