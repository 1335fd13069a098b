"""How a version was read, over HTTP: its options and open questions, and reading it anew."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, get, post
from litestar.response import Stream

from freemlops.api.caller import caller
from freemlops.api.errors import language
from freemlops.api.schemas.common import version_number
from freemlops.api.schemas.readings import AnswerIn, ReadingOut, reading_out
from freemlops.bootstrap import Platform


class ReadingController(Controller):
    path = "/datasets/{dataset:str}/versions/{version:str}"
    tags = ("datasets",)

    @get("/reading", sync_to_thread=True)
    def reading(
        self, request: Request[Any, Any, Any], platform: Platform, dataset: str, version: str
    ) -> ReadingOut:
        """The version, the options it was read with, and what its file leaves open."""
        found = platform.datasets.get(dataset, version_number(version))
        return reading_out(platform, found, language(request))

    @post("/reading", sync_to_thread=True)
    def read_anew(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        dataset: str,
        version: str,
        data: dict[str, Any],
    ) -> ReadingOut:
        """Read the same file with other options; gives the new version."""
        made = platform.intake.read_anew(dataset, version_number(version), data, caller(request))
        return reading_out(platform, made, language(request))

    @post("/answers", sync_to_thread=True)
    def answer(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        dataset: str,
        version: str,
        data: AnswerIn,
    ) -> ReadingOut:
        """Answer an open question; a new version unless it was read like that already."""
        made = platform.intake.answer(
            dataset, version_number(version), data.option, data.value, caller(request)
        )
        return reading_out(platform, made, language(request))

    @get("/rejects", sync_to_thread=True, media_type="text/csv")
    def rejects(self, platform: Platform, dataset: str, version: str) -> Stream:
        """A CSV of the lines that did not fit: line, column, reason, text."""
        found = platform.datasets.get(dataset, version_number(version))
        pieces = platform.intake.rejects(dataset, found.version)
        name = f"rejects-{found.version}.csv"
        return Stream(
            pieces,
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )
