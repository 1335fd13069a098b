"""Models with their versions, and what is deployed of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from freemlops.domain.errors import ConflictError, NotFoundError
from freemlops.domain.model import Artifact, Deployment, DeploymentStatus, ModelVersion
from freemlops.domain.run import Run
from freemlops.warehouse.warehouse import Warehouse
from tests.unit.warehouse.conftest import SIGNATURE


def register(w: Warehouse, model: str = "m", run: str = "run_1", alias: str | None = "champion"):
    return w.models.register(
        model=model,
        run=run,
        candidate="c1",
        family="lgbm",
        signature=SIGNATURE,
        metric="roc_auc",
        score=0.9,
        artifacts={"onnx": Artifact("a" * 64, "onnx", 1)},
        alias=alias,
    )


def test_versions_count_up_and_the_alias_moves(warehouse: Warehouse) -> None:
    one = register(warehouse)
    assert (one.version, one.aliases, one.signature) == (1, ("champion",), SIGNATURE)
    two = register(warehouse)
    three = register(warehouse, alias=None)
    got: tuple[ModelVersion, ...] = warehouse.models.versions("m")
    assert [(v.version, v.aliases) for v in got] == [(3, ()), (2, ("champion",)), (1, ())]
    assert warehouse.models.get("m") == two
    assert warehouse.models.get("m", alias="champion") == two
    assert warehouse.models.get("m", 3) == three
    warehouse.models.set_alias("m", "champion", 1)
    assert warehouse.models.get("m").version == 1
    assert warehouse.models.latest().items[0].version == 3


def test_versions_registered_at_the_same_time_all_differ(warehouse: Warehouse) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: register(warehouse).version, range(20)))
    assert sorted(made) == list(range(1, 21))


def test_unknown_models_versions_and_aliases_are_said_by_name(warehouse: Warehouse) -> None:
    register(warehouse)
    for ask in (
        lambda: warehouse.models.get("x"),
        lambda: warehouse.models.get("m", 9),
        lambda: warehouse.models.get("m", alias="challenger"),
        lambda: warehouse.models.versions("x"),
        lambda: warehouse.models.set_alias("m", "champion", 9),
    ):
        with pytest.raises(NotFoundError):
            ask()


def deployment(name: str = "d", **target) -> Deployment:
    now = datetime.now(UTC)
    return Deployment(name, "m", DeploymentStatus.LIVE, now, **(target or {"alias": "champion"}))


def test_a_deployment_lives_changes_and_goes(warehouse: Warehouse) -> None:
    made = deployment()
    warehouse.deployments.add(made)
    assert warehouse.deployments.get("d") == made
    with pytest.raises(ConflictError):
        warehouse.deployments.add(made)
    warehouse.deployments.set_status("d", DeploymentStatus.PAUSED)
    warehouse.deployments.set_target("d", version=4)
    got = warehouse.deployments.list()[0]
    assert (got.status, got.alias, got.version) == (DeploymentStatus.PAUSED, None, 4)
    warehouse.deployments.delete("d")
    for ask in (
        lambda: warehouse.deployments.get("d"),
        lambda: warehouse.deployments.delete("d"),
        lambda: warehouse.deployments.set_status("d", DeploymentStatus.LIVE),
    ):
        with pytest.raises(NotFoundError):
            ask()


def test_knows_which_deployments_depend_on_a_dataset(
    warehouse: Warehouse, a_run: Callable[..., Run]
) -> None:
    warehouse.runs.add(a_run("run_1", dataset="ds_1"))
    warehouse.runs.add(a_run("run_2", dataset="ds_2"))
    register(warehouse, run="run_1")
    register(warehouse, run="run_2")
    warehouse.deployments.add(deployment("by alias"))
    warehouse.deployments.add(deployment("fixed", version=1))
    assert warehouse.deployments.depends_on_dataset("ds_1") == ("fixed",)
    assert warehouse.deployments.depends_on_dataset("ds_2") == ("by alias",)
    warehouse.models.set_alias("m", "champion", 1)
    assert warehouse.deployments.depends_on_dataset("ds_2") == ()
