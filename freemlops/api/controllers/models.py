"""The registry over HTTP."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, Response, get, post, put
from litestar.concurrency import sync_to_thread

from freemlops.api.controllers.endpoints import respond
from freemlops.api.described import described
from freemlops.api.exported import FILES, sent
from freemlops.api.schemas.common import Limit, version_number
from freemlops.api.schemas.models import (
    AliasIn,
    ModelDetail,
    ModelIn,
    ModelOut,
    ModelPage,
    ThresholdIn,
    ThresholdOut,
    model_out,
)
from freemlops.bootstrap import Platform
from freemlops.serving.endpoint import MAX_BODY
from freemlops.serving.model import ARROW, CSV
from freemlops.serving.wire import PredictOut


class ModelController(Controller):
    path = "/models"
    tags = ("models",)

    @post(status_code=201, sync_to_thread=True)
    def register(self, data: ModelIn, platform: Platform) -> ModelOut:
        """Register a candidate of a run (its best by default) as the champion of a model."""
        service = platform.models
        return model_out(service.register(data.run, data.candidate, data.name, data.threshold))

    @get(sync_to_thread=True)
    def listing(
        self,
        platform: Platform,
        limit: Limit = 50,
        cursor: str | None = None,
        name: str | None = None,
    ) -> ModelPage:
        """The newest version of each model; with `name`, of that one alone."""
        page = platform.models.latest(limit, cursor, name)
        return ModelPage([model_out(v) for v in page.items], page.cursor)

    @get("/{model:str}", sync_to_thread=True)
    def one(self, platform: Platform, model: str) -> ModelDetail:
        """All versions of a model, newest first."""
        return ModelDetail(model, [model_out(v) for v in platform.models.versions(model)])

    @get("/{model:str}/versions/{version:str}", sync_to_thread=True)
    def version(self, platform: Platform, model: str, version: str) -> ModelOut:
        return model_out(platform.models.get(model, version_number(version)))

    @get("/{model:str}/versions/{version:str}/threshold", sync_to_thread=True)
    def threshold(self, platform: Platform, model: str, version: str) -> ThresholdOut:
        """The probability from which the version decides for the second of its two classes."""
        return _threshold(platform, model, version_number(version))

    @put("/{model:str}/versions/{version:str}/threshold", sync_to_thread=True)
    def set_threshold(
        self, data: ThresholdIn, platform: Platform, model: str, version: str
    ) -> ThresholdOut:
        """Answers carry a `decision` by it from now on; null ends that."""
        platform.models.set_threshold(model, version_number(version), data.threshold)
        return _threshold(platform, model, version_number(version))

    @get(
        "/{model:str}/versions/{version:str}/artifact",
        sync_to_thread=True,
        media_type=FILES[0],
        operation_class=described(gives=FILES),
    )
    def artifact(
        self, platform: Platform, model: str, version: str, format: str = "onnx"
    ) -> Response[bytes]:
        """A version as a file, with its sha256 and the proof of its export in headers.

        `format`: onnx, pickle, requirements (what the pickle needs), bundle, container, code.
        """
        found = platform.models.get(model, version_number(version))
        return sent(platform.exports.version(found, format))

    @post(
        "/{model:str}/predict",
        status_code=200,
        request_max_body_size=MAX_BODY,
        operation_class=described(takes=(CSV, ARROW), rows=True, gives=(CSV, ARROW)),
    )
    async def predict(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        model: str,
        version: str | None = None,
        alias: str | None = None,
    ) -> Response[PredictOut]:
        """Like an endpoint's predict, with any registered version: its number or an alias, not both
        (the champion by default)."""
        number = None if version is None else version_number(version)
        found = await sync_to_thread(platform.predictions.version, model, number, alias)
        return await respond(request, found)

    @put("/{model:str}/aliases/{alias:str}", sync_to_thread=True)
    def alias(self, data: AliasIn, platform: Platform, model: str, alias: str) -> ModelOut:
        """Point an alias (`champion`, …) at a version; deployments that follow it switch."""
        return model_out(platform.models.set_alias(model, alias, version_number(data.version)))


def _threshold(platform: Platform, model: str, version: int) -> ThresholdOut:
    known = platform.models.get(model, version)
    classes = known.signature.classes
    return ThresholdOut(platform.models.threshold(known), classes[1] if len(classes) == 2 else None)
