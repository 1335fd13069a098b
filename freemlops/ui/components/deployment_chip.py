"""Whether an endpoint answers, in a word."""

from __future__ import annotations

from freemlops.domain.model import Deployment, DeploymentStatus
from freemlops.i18n import Translator
from freemlops.ui.components.safe import Markup, tag


def deployment_chip(found: Deployment, t: Translator) -> Markup:
    live = found.status is DeploymentStatus.LIVE
    return tag(
        "span",
        t.text("Answering") if live else t.text("Paused"),
        class_=f"chip fm-deployment-status {'good' if live else 'warn'}",
    )
