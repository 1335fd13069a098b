"""The versions of a model: what is said of them, how they differ, how they come and go."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Controller, Request, Response, delete, get, patch, post, put
from litestar.exceptions import ClientException

from freemlops.api.caller import caller
from freemlops.api.described import also, described
from freemlops.api.schemas.common import version_number
from freemlops.api.schemas.models import ModelOut, model_out
from freemlops.api.schemas.versions import (
    ApprovalIn,
    LineagePage,
    VersionNotesIn,
    VersionsComparedOut,
    compared_out,
    lineage_out,
)
from freemlops.bootstrap import Platform
from freemlops.domain.errors import UnreadableFileError
from freemlops.services.imports import receive


class VersionController(Controller):
    path = "/models"
    tags = ("models",)

    @post(
        "/import",
        request_max_body_size=None,
        operation_class=described(takes=["application/octet-stream"]),
        responses={200: also(ModelOut, "The version that is there")},
    )
    async def add(
        self, request: Request[Any, Any, Any], platform: Platform, name: str | None = None
    ) -> Response[ModelOut]:
        """The raw bytes of a bundle: 201 with the new version, 200 when it was there already.

        Its checksums are verified and its sample rows answered before it is taken; of what it
        holds only the ONNX graph is ever run. No alias moves.
        """
        with platform.imports.scratch.folder() as folder:
            path = folder / "bundle"
            try:
                await receive(request.stream(), path)
            except ClientException as error:
                raise UnreadableFileError(
                    "The upload broke off before its end. Nothing was saved; send the file again."
                ) from error
            made, is_new = await asyncio.to_thread(platform.imports.add, path, name)
        return Response(model_out(made), status_code=201 if is_new else 200)

    @get("/{model:str}/compare", sync_to_thread=True)
    def compare(
        self, platform: Platform, model: str, first: str, second: str
    ) -> VersionsComparedOut:
        """Two versions beside each other: `?first=1&second=2`."""
        pair = version_number(first), version_number(second)
        return compared_out(platform.models.compare(model, *pair))

    @patch("/{model:str}/versions/{version:str}", sync_to_thread=True)
    def annotate(
        self, platform: Platform, model: str, version: str, data: VersionNotesIn
    ) -> ModelOut:
        """Change what people say of the version: notes, tags."""
        number = version_number(version)
        made = platform.models.annotate(model, number, notes=data.notes, tags=data.tags)
        return model_out(made)

    @put("/{model:str}/versions/{version:str}/approval", sync_to_thread=True)
    def approve(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        model: str,
        version: str,
        data: ApprovalIn,
    ) -> ModelOut:
        """Write down that somebody approves of the version, and what they say."""
        by = (data.by or caller(request))[:200]
        return model_out(platform.models.approve(model, version_number(version), by, data.note))

    @delete("/{model:str}/versions/{version:str}/approval", status_code=200, sync_to_thread=True)
    def withdraw(self, platform: Platform, model: str, version: str) -> ModelOut:
        return model_out(platform.models.withdraw_approval(model, version_number(version)))

    @get("/{model:str}/versions/{version:str}/lineage", sync_to_thread=True)
    def lineage(self, platform: Platform, model: str, version: str) -> LineagePage:
        """The data and the run that the version came from, and the deployments that it serves."""
        number = version_number(version)
        platform.models.get(model, number)
        lines = platform.models.lineage(model=model, version=number)
        return LineagePage([lineage_out(line) for line in lines])

    @delete("/{model:str}/versions/{version:str}", sync_to_thread=True)
    def remove(self, platform: Platform, model: str, version: str) -> None:
        """Delete the version for good. 409 while a deployment serves it; its number is not given
        again."""
        platform.models.delete(model, version_number(version))

    @delete("/{model:str}/aliases/{alias:str}", sync_to_thread=True)
    def drop_alias(self, platform: Platform, model: str, alias: str) -> None:
        """Forget an alias. 409 while a deployment follows it."""
        platform.models.drop_alias(model, alias)


class LineageController(Controller):
    path = "/lineage"
    tags = ("models",)

    @get(sync_to_thread=True)
    def lineage(
        self,
        platform: Platform,
        dataset: str | None = None,
        dataset_version: int | None = None,
        run: str | None = None,
        model: str | None = None,
        deployment: str | None = None,
        request_id: str | None = None,
    ) -> LineagePage:
        """Model versions with what they came from and what they serve, by any of these ends:
        all models of a dataset, the data behind a deployment, the version that answered a request
        (by its id, while that is in the log), …"""
        lines = platform.models.lineage(
            dataset=dataset,
            dataset_version=dataset_version,
            run=run,
            model=model,
            deployment=deployment,
            request=request_id,
        )
        return LineagePage([lineage_out(line) for line in lines])
