"""Endpoints: raw columns in, predictions out."""

from __future__ import annotations

from typing import Any, cast

from litestar import Controller, Request, Response, get, post
from litestar.concurrency import sync_to_thread

from freemlops.bootstrap import Platform
from freemlops.serving.asgi import Receive, Scope
from freemlops.serving.endpoint import MAX_BODY, Asked, asked_of, encoded
from freemlops.serving.model import ServedModel
from freemlops.serving.wire import PredictOut


class EndpointController(Controller):
    path = "/endpoints"
    tags = ("endpoints",)

    @post("/{name:str}/predict", status_code=200, request_max_body_size=MAX_BODY)
    async def predict(
        self, request: Request[Any, Any, Any], platform: Platform, name: str
    ) -> Response[PredictOut]:
        """One prediction a row, in order.

        The body is `{"rows": [{column: value}, …]}`, `{"columns": {column: [values]}}`, or CSV
        with a header (`Content-Type: text/csv`), or an Arrow stream
        (`application/vnd.apache.arrow.stream`). CSV and Arrow are answered when `Accept` asks.
        """
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        # The server lets the endpoint answer before the framework; what comes here all the same,
        # such as a path with two slashes, is under the same rules.
        scope = {**request.scope, "path": f"/api/v1/endpoints/{name}/predict"}
        await platform.endpoint(scope, cast(Receive, request.receive), send)
        if not sent:  # the client has gone
            return Response(cast(Any, b""), status_code=400)
        headers = {k.decode(): v.decode("latin-1") for k, v in sent[0]["headers"]}
        del headers["content-length"]
        media_type = headers.pop("content-type")
        return Response(
            sent[1]["body"], media_type=media_type, status_code=sent[0]["status"], headers=headers
        )

    @get("/{name:str}/schema", sync_to_thread=True)
    def schema(self, platform: Platform, name: str) -> dict[str, Any]:
        """JSON Schema of one row: types, the ranges and categories seen, an example."""
        return platform.predictions.json_schema(name)


async def respond(request: Request[Any, Any, Any], model: ServedModel) -> Response[Any]:
    """Predict the request's body with `model`, answered in the kind that `Accept` names."""
    body = await request.body()
    asked = asked_of(cast(Scope, request.scope))
    return await sync_to_thread(_respond, model, body, asked)


def _respond(model: ServedModel, body: bytes, asked: Asked) -> Response[Any]:
    made = model.answer(model.read(body, asked.media_type), body, asked.request_id)
    content, media_type = encoded(made, asked)
    return Response(content, media_type=media_type.decode())
