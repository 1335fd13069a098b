"""Answers from deployed models: rows of raw columns in, predictions out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from freemlops.domain.errors import InvalidError, UnavailableError, WarehouseError
from freemlops.domain.model import (
    Deployment,
    DeploymentStatus,
    ModelVersion,
    Signature,
    Target,
)
from freemlops.engine.predict import Predictor
from freemlops.services.changes import Changes
from freemlops.services.deployments import DeploymentService
from freemlops.services.models import ModelService
from freemlops.serving.model import PredictionAnswer, ServedModel
from freemlops.serving.route import Answering, Role, Route, answering
from freemlops.serving.row_schema import example_row, row_schema
from freemlops.serving.rows import MAX_ROWS, by_column, check_count

log = structlog.get_logger(__name__)

LOADED_MODELS = 16


class PredictionService:
    """Thread-safe. Loaded models are kept by content hash, the least recently used go first."""

    def __init__(
        self,
        deployments: DeploymentService,
        models: ModelService,
        changes: Changes,
        max_rows: int = MAX_ROWS,
        keys_only: bool = False,
    ) -> None:
        self._deployments = deployments
        self._models = models
        self._changes = changes
        self._max_rows = max_rows
        self._keys_only = keys_only
        self._loading = threading.Lock()
        self._predictors: OrderedDict[str, Predictor] = OrderedDict()
        self._routes: dict[str, tuple[int, Route]] = {}

    def predict(self, endpoint: str, rows: Sequence[Mapping[str, Any]]) -> PredictionAnswer:
        """One prediction a row, in order, by the endpoint's champion.

        Raises `NotFoundError` (endpoint), `UnavailableError` (paused), `InvalidError` with the
        row and column of each mistake, `TooLargeError` over the limit.
        """
        return self.answer_rows(self.find(endpoint).champion.model, rows)

    def answer_rows(
        self, model: ServedModel, rows: Sequence[Mapping[str, Any]]
    ) -> PredictionAnswer:
        check_count(len(rows), self._max_rows)
        return model.answer(by_column(rows))

    def version(
        self, model: str, version: int | None = None, alias: str | None = None
    ) -> ServedModel:
        """A registered version that need not be deployed. Raises `NotFoundError`, and
        `InvalidError` for a version and an alias."""
        if version is not None and alias is not None:
            raise InvalidError("Name either a version or an alias.")
        return self._load(self._models.get(model, version, alias))

    def known(self, endpoint: str) -> Route | None:
        """The route of an endpoint, None when it was never looked up or may have changed."""
        found = self._routes.get(endpoint)
        if found is not None and found[0] == self._changes.version("deployments"):
            return found[1]
        return None

    def find(self, endpoint: str) -> Route:
        """Remembered until a deployment changes. Raises `NotFoundError`, and `UnavailableError`
        when the endpoint is paused."""
        with self._loading:
            if (route := self.known(endpoint)) is not None:
                return route
            seen = self._changes.version("deployments")
            deployment = self._deployments.get(endpoint)
            if deployment.status is DeploymentStatus.PAUSED:
                raise UnavailableError(
                    "The endpoint “{name}” is paused. Resume it on the deployments page.",
                    name=endpoint,
                )
            route = self._route(deployment)
            self._routes[endpoint] = (seen, route)
            return route

    def _route(self, deployment: Deployment) -> Route:
        """When a file is damaged the endpoint goes on with what it has in memory, if it has."""
        name, model = deployment.name, deployment.model
        rules = self._deployments.rules(name)
        if self._keys_only:
            rules = replace(rules, needs_key=True)

        def second(target: Target | None, role: Role) -> Answering | None:
            if target is None:
                return None
            found = self._models.get(model, target.version, target.alias)
            return answering(self._made(found), role)

        try:
            return Route(
                name,
                answering(self._made(self._deployments.served(deployment))),
                second(rules.challenger, Role.CHALLENGER),
                second(rules.shadow, Role.SHADOW),
                rules,
            )
        except WarehouseError as error:
            log.error("model_damaged", endpoint=name, problem=str(error))
            if (kept := self._routes.get(name)) is not None:
                return replace(kept[1], rules=rules)
            raise UnavailableError(
                "The model of “{name}” is damaged and is not served: its file no longer fits its "
                "checksum. Serve another version, or put a copy of the warehouse in place.",
                name=name,
            ) from error

    def _load(self, version: ModelVersion) -> ServedModel:
        with self._loading:
            return self._made(version)

    def _made(self, version: ModelVersion) -> ServedModel:
        """The caller holds the lock: of many requests for a new version one loads it."""
        predictor = self._predictor(version)
        threshold = self._models.threshold(version)
        return ServedModel(
            predictor, version.model, version.version, threshold, max_rows=self._max_rows
        )

    def _predictor(self, version: ModelVersion) -> Predictor:
        key = version.artifacts["onnx"].sha256
        if key in self._predictors:
            self._predictors.move_to_end(key)
            return self._predictors[key]
        _, content = self._models.artifact(version, "onnx")
        made = self._predictors[key] = Predictor(content, version.signature)
        while len(self._predictors) > LOADED_MODELS:
            self._predictors.popitem(last=False)
        return made

    def signature(self, endpoint: str) -> Signature:
        return self._deployments.served(self._deployments.get(endpoint)).signature

    def example(self, endpoint: str) -> dict[str, Any]:
        """One row that the endpoint answers, made of values seen in training."""
        return example_row(self.signature(endpoint))

    def json_schema(self, endpoint: str) -> dict[str, Any]:
        """JSON Schema (2020-12) of one row."""
        return row_schema(self.signature(endpoint), title=endpoint)
