"""One controller a noun: path and schema in, one service call, schema out."""

from freemlops.api.controllers.datasets import DatasetController
from freemlops.api.controllers.deployments import DeploymentController
from freemlops.api.controllers.endpoints import EndpointController
from freemlops.api.controllers.models import ModelController
from freemlops.api.controllers.runs import RunController
from freemlops.api.controllers.samples import SampleController

CONTROLLERS = (
    DatasetController,
    SampleController,
    RunController,
    ModelController,
    DeploymentController,
    EndpointController,
)
__all__ = ["CONTROLLERS"]
