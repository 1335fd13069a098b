"""The only part that speaks DuckDB: one file, one owner, one writer, a store for each noun."""

from freemlops.warehouse.artifacts import ArtifactStore
from freemlops.warehouse.datasets import DatasetStore
from freemlops.warehouse.deployments import DeploymentStore
from freemlops.warehouse.models import ModelStore
from freemlops.warehouse.owner import Owner, read_owner
from freemlops.warehouse.runs import RunStore
from freemlops.warehouse.settings import SettingStore
from freemlops.warehouse.warehouse import Warehouse

__all__ = [
    "ArtifactStore",
    "DatasetStore",
    "DeploymentStore",
    "ModelStore",
    "Owner",
    "RunStore",
    "SettingStore",
    "Warehouse",
    "read_owner",
]
