"""Endpoints: raw columns in, predictions out."""

from __future__ import annotations

from typing import Any, cast

from litestar import Controller, Request, Response, get, post
from litestar.concurrency import sync_to_thread

from freemlops.api.described import also, described
from freemlops.api.exported import sent
from freemlops.api.schemas.explanations import ExplainedPredictOut, explained_answer
from freemlops.bootstrap import Platform
from freemlops.serving.asgi import Receive, Scope
from freemlops.serving.endpoint import MAX_BODY, Asked, asked_of, check_key, encoded
from freemlops.serving.model import ARROW, CSV, ServedModel
from freemlops.serving.wire import PredictOut


class EndpointController(Controller):
    path = "/endpoints"
    tags = ("endpoints",)

    @post(
        "/{name:str}/predict",
        status_code=200,
        request_max_body_size=MAX_BODY,
        operation_class=described(takes=(CSV, ARROW), rows=True, gives=(CSV, ARROW)),
    )
    async def predict(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        name: str,
        explain: bool = False,
    ) -> Response[PredictOut]:
        """One prediction a row, in order.

        The body is `{"rows": [{column: value}, …]}`, `{"columns": {column: [values]}}`, or CSV
        with a header (`Content-Type: text/csv`), or an Arrow stream
        (`application/vnd.apache.arrow.stream`). CSV and Arrow are answered when `Accept` asks.
        `?explain=true` adds what each column adds to the champion's answer, for up to 100 rows,
        always in JSON; these answers are not logged.
        """
        if explain:
            return await _explained(request, platform, name)
        parts: list[Any] = []

        async def send(message: Any) -> None:
            parts.append(message)

        # The server lets the endpoint answer before the framework; what comes here all the same,
        # such as a path with two slashes, is under the same rules.
        scope = {**request.scope, "path": f"/api/v1/endpoints/{name}/predict"}
        await platform.endpoint(scope, cast(Receive, request.receive), send)
        if not parts:  # the client has gone
            return Response(cast(Any, b""), status_code=400)
        headers = {k.decode(): v.decode("latin-1") for k, v in parts[0]["headers"]}
        del headers["content-length"]
        media_type = headers.pop("content-type")
        return Response(
            parts[1]["body"], status_code=parts[0]["status"], media_type=media_type, headers=headers
        )

    @get(
        "/{name:str}/bundle",
        sync_to_thread=True,
        media_type="application/zip",
        responses={304: also(None, "The caller has it already")},
    )
    def bundle(
        self, request: Request[Any, Any, Any], platform: Platform, name: str
    ) -> Response[bytes]:
        """The model that answers here now, as a bundle: what a replica serves.

        304 when `If-None-Match` names it already. 503 while the endpoint is paused.
        """
        served = platform.predictions.find(name).champion.model
        version = platform.models.get(served.model, served.version)
        known = platform.exports.bundle_sha256(version)
        if known is not None and request.headers.get("if-none-match") == f'"{known}"':
            return Response(b"", status_code=304, headers={"ETag": f'"{known}"'})
        return sent(platform.exports.version(version, "bundle"))

    @get("/{name:str}/schema", sync_to_thread=True)
    def schema(self, platform: Platform, name: str) -> dict[str, Any]:
        """JSON Schema of one row: types, the ranges and categories seen, an example."""
        return platform.predictions.json_schema(name)


async def _explained(
    request: Request[Any, Any, Any], platform: Platform, name: str
) -> Response[PredictOut]:
    """The champion's answer with its reasons, under the endpoint's rules."""
    route = await sync_to_thread(platform.predictions.find, name)
    asked = asked_of(cast(Scope, request.scope))
    check_key(route, asked)
    body = await request.body()
    made: ExplainedPredictOut = await sync_to_thread(
        explained_answer, platform, route.champion.model, body, asked
    )
    return cast("Response[PredictOut]", Response(made))


async def respond(request: Request[Any, Any, Any], model: ServedModel) -> Response[Any]:
    """Predict the request's body with `model`, answered in the kind that `Accept` names."""
    body = await request.body()
    asked = asked_of(cast(Scope, request.scope))
    return await sync_to_thread(_respond, model, body, asked)


def _respond(model: ServedModel, body: bytes, asked: Asked) -> Response[Any]:
    made = model.answer(model.read(body, asked.media_type), body, asked.request_id)
    content, media_type = encoded(made, asked)
    return Response(content, media_type=media_type.decode())
