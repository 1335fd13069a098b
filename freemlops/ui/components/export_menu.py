"""The files a model version can be taken away as, with the proof of the export below."""

from __future__ import annotations

from typing import Final

from freemlops.domain.bundle import Parity
from freemlops.domain.model import ModelVersion
from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.ui.components.safe import Markup, tag

FORMATS: Final = {
    "onnx": ("ONNX", N_("The whole pipeline as one graph, for any language")),
    "pickle": (N_("Pickle (Python)"), N_("The Python objects; they run only where they were made")),
    "skops": (
        "skops",
        N_("The Python objects, in a file whose types can be judged before it is loaded"),
    ),
    "requirements": (N_("Requirements"), N_("The exact packages that the pickle needs")),
    "bundle": (
        N_("Bundle"),
        N_("One file for another Free MLOps: the model, its card, sample rows, checksums"),
    ),
    "container": (N_("Container"), N_("All it takes to build a container that serves this model")),
    "code": (N_("View code"), N_("A Python script that trains the same model without Free MLOps")),
}
"""Title and explanation of each export."""
_NEEDS: Final = {
    "requirements": "pickle",
    "skops": "pickle",
    "bundle": "recipe",
    "container": "recipe",
    "code": "recipe",
}


def export_menu(v: ModelVersion, api: str, parity: Parity | None, t: Translator) -> Markup:
    """Links to the files that this version has; `api` is where the API answers."""
    base = f"{api}/api/v1/models/{v.model}/versions/{v.version}/artifact"
    files = [
        tag("a", t.text(title), href=f"{base}?format={name}", title=t.text(about), download=True)
        for name, (title, about) in FORMATS.items()
        if _has(v, name)
    ]
    tongue = t.language.replace("_", "-")
    path = f"{api}/api/v1/models/{v.model}/versions/{v.version}/card"
    page = f"{path}?lang={tongue}&at_once=true"
    about = t.text("What it takes, what it is worth, where its limits are: one page to print")
    files.append(
        tag("a", t.text("Model card"), href=page, title=about, target="_blank", class_="fm-card")
    )
    stamp = None
    if parity is not None:
        words = t.text(
            "Identical within 1e-5 (max difference {difference}) on {rows} rows.",
            difference=t.number(parity.difference),
            rows=t.number(parity.rows, 0),
        )
        stamp = tag("div", words, class_="muted small fm-stamp")
    # in a table that is wider than a telephone: else each link has a line of its own
    wide = "min-width:280px"
    return tag("div", tag("div", files, class_="row fm-exports"), stamp, style=wide)


def _has(v: ModelVersion, format: str) -> bool:
    if format == "code" and v.imported is not None:
        return False
    return _NEEDS.get(format, format) in v.artifacts
