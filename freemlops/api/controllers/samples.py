"""The data sets that ship with the product."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Controller, Request, get, post

from freemlops.api.errors import language
from freemlops.api.schemas.datasets import DatasetOut, dataset_out
from freemlops.bootstrap import Platform


class SampleOut(msgspec.Struct):
    sample: str
    title: str
    about: str
    target: str
    rows: int
    synthetic: bool


class SampleController(Controller):
    path = "/samples"
    tags = ("datasets",)

    @get(sync_to_thread=True)
    def listing(self, request: Request[Any, Any, Any], platform: Platform) -> list[SampleOut]:
        """What can be tried without any file; `synthetic` ones are generated from a seed."""
        t = language(request)
        return [
            SampleOut(s.key, t.text(s.title), t.text(s.about), s.target, s.rows, s.synthetic)
            for s in platform.datasets.samples()
        ]

    @post("/{sample:str}", status_code=201, sync_to_thread=True)
    def add(self, request: Request[Any, Any, Any], platform: Platform, sample: str) -> DatasetOut:
        """Add the sample as a dataset; again, the one that is there."""
        return dataset_out(platform.intake.add_sample(sample), language(request))
