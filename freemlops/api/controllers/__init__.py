"""One controller a noun: path and schema in, one service call, schema out."""

from freemlops.api.controllers.batches import BatchController
from freemlops.api.controllers.comparisons import ComparisonController
from freemlops.api.controllers.datasets import DatasetController
from freemlops.api.controllers.deployments import DeploymentController
from freemlops.api.controllers.endpoints import EndpointController
from freemlops.api.controllers.evaluation import EvaluationController
from freemlops.api.controllers.explanations import ExplanationController
from freemlops.api.controllers.keys import KeyController
from freemlops.api.controllers.models import ModelController
from freemlops.api.controllers.profiles import ProfileController
from freemlops.api.controllers.readings import ReadingController
from freemlops.api.controllers.reports import ReportController
from freemlops.api.controllers.runs import RunController
from freemlops.api.controllers.samples import SampleController
from freemlops.api.controllers.sql import SqlController
from freemlops.api.controllers.storage import StorageController
from freemlops.api.controllers.uploads import UploadController
from freemlops.api.controllers.versions import LineageController, VersionController

CONTROLLERS = (
    DatasetController,
    ProfileController,
    ReadingController,
    UploadController,
    SampleController,
    RunController,
    ComparisonController,
    ExplanationController,
    EvaluationController,
    ReportController,
    ModelController,
    VersionController,
    LineageController,
    DeploymentController,
    EndpointController,
    BatchController,
    KeyController,
    SqlController,
    StorageController,
)
__all__ = ["CONTROLLERS"]
