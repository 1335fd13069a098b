"""Endpoints: raw columns in, predictions out."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.concurrency import sync_to_thread

from freemlops.api.errors import language
from freemlops.api.schemas.explanations import explained_answer
from freemlops.api.schemas.predict import PredictOut, answer, as_csv, as_json
from freemlops.bootstrap import Platform
from freemlops.domain.model import ModelVersion
from freemlops.i18n import Translator

MAX_BODY = 64 * 1024**2


class EndpointController(Controller):
    path = "/endpoints"
    tags = ("endpoints",)

    @post("/{name:str}/predict", status_code=200, request_max_body_size=MAX_BODY)
    async def predict(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        name: str,
        explain: bool = False,
    ) -> Response[PredictOut]:
        """One prediction a row, in order.

        The body is `{"rows": [{column: value}, …]}`, `{"columns": {column: [values]}}`, or CSV
        with a header (`Content-Type: text/csv`); `Accept: text/csv` is answered with CSV.
        `?explain=true` adds what each column adds to the answer, for up to 100 rows, in JSON.
        """
        version = await sync_to_thread(platform.predictions.served, name)
        if explain:
            return await respond_explained(request, platform, version)
        return await respond(request, platform, version)

    @get("/{name:str}/schema", sync_to_thread=True)
    def schema(self, platform: Platform, name: str) -> dict[str, Any]:
        """JSON Schema of one row: types, the ranges and categories seen, an example."""
        return platform.predictions.json_schema(name)


async def respond(
    request: Request[Any, Any, Any], platform: Platform, version: ModelVersion
) -> Response[Any]:
    """Predict the request's body with `version`, answered in the kind that `Accept` names."""
    body = await request.body()
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    wants_csv = "text/csv" in request.headers.get("accept", "")
    return await sync_to_thread(
        _respond, platform, version, body, media_type, wants_csv, language(request)
    )


async def respond_explained(
    request: Request[Any, Any, Any], platform: Platform, version: ModelVersion
) -> Response[Any]:
    """`respond` with contributions, always in JSON."""
    body = await request.body()
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    services = (platform.predictions, platform.explanations)
    made = await sync_to_thread(
        explained_answer, *services, version, body, media_type, language(request)
    )
    return Response(made)


def _respond(
    platform: Platform,
    version: ModelVersion,
    body: bytes,
    media_type: str,
    wants_csv: bool,
    t: Translator,
) -> Response[Any]:
    made = answer(platform.predictions, version, body, media_type)
    if wants_csv:
        return Response(as_csv(made), media_type="text/csv")
    return Response(as_json(made, t))
