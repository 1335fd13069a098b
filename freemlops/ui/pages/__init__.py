"""The pages by the name in their URL."""

from __future__ import annotations

from freemlops.ui.pages.base import PageView
from freemlops.ui.pages.compare import ComparePage
from freemlops.ui.pages.datasets import DatasetsPage
from freemlops.ui.pages.deployments import DeploymentsPage
from freemlops.ui.pages.experiments import ExperimentsPage
from freemlops.ui.pages.home import HomePage
from freemlops.ui.pages.models import ModelsPage
from freemlops.ui.pages.new import NewPage
from freemlops.ui.pages.run import RunPage
from freemlops.ui.pages.sql import SqlPage

PAGES: dict[str, type[PageView]] = {
    "home": HomePage,
    "new": NewPage,
    "datasets": DatasetsPage,
    "experiments": ExperimentsPage,
    "run": RunPage,
    "compare": ComparePage,
    "models": ModelsPage,
    "deployments": DeploymentsPage,
    "sql": SqlPage,
}
