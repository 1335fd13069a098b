"""The four classic data sets, read from the files that come with scikit-learn.

By their path and not through scikit-learn, whose import takes seconds and 100 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

type Columns = dict[str, Sequence[Any] | NDArray[Any]]

_MEASURES: Final = (
    "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity",
    "concave_points", "symmetry", "fractal_dimension",
)  # fmt: skip
_WINE: Final = (
    "alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols",
    "flavanoids", "nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue",
    "od280_od315_of_diluted_wines", "proline",
)  # fmt: skip
_DIABETES: Final = (
    "age", "sex", "bmi", "blood_pressure", "cholesterol", "ldl", "hdl", "cholesterol_ratio",
    "log_triglycerides", "glucose",
)  # fmt: skip


def iris() -> Columns:
    names = ("sepal_length", "sepal_width", "petal_length", "petal_width")
    return _classes("iris.csv", names, "species", ("setosa", "versicolor", "virginica"))


def wine() -> Columns:
    return _classes("wine_data.csv", _WINE, "cultivar", ("Barolo", "Grignolino", "Barbera"))


def breast_cancer() -> Columns:
    names = [f"mean_{m}" for m in _MEASURES]
    names += [f"{m}_error" for m in _MEASURES]
    names += [f"worst_{m}" for m in _MEASURES]
    return _classes("breast_cancer.csv", names, "diagnosis", ("malignant", "benign"))


def diabetes() -> Columns:
    """As it was measured, not scaled."""
    rows = _read("diabetes_data_raw.csv.gz", None, 0)
    columns: Columns = dict(zip(_DIABETES, rows.T, strict=True))
    columns["progression"] = _read("diabetes_target.csv.gz", None, 0)
    return columns


def _classes(file: str, names: Sequence[str], target: str, classes: Sequence[str]) -> Columns:
    rows = _read(file, ",", 1)
    columns: Columns = dict(zip(names, rows[:, :-1].T, strict=True))
    columns[target] = [classes[int(i)] for i in rows[:, -1]]
    return columns


def _read(file: str, separator: str | None, skip: int) -> NDArray[np.float64]:
    found = find_spec("sklearn")
    assert found is not None
    assert found.origin is not None
    path = Path(found.origin).parent / "datasets" / "data" / file
    return np.loadtxt(path, delimiter=separator, skiprows=skip, dtype=np.float64)
