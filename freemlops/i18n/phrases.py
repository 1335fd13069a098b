"""Names and numbers that pages and reports write alike."""

from __future__ import annotations

from freemlops.domain.family import family_title
from freemlops.domain.run import Run
from freemlops.i18n.translator import Translator


def family(name: str, t: Translator) -> str:
    """The family in words; its own name when we have none."""
    return t.text(family_title(name))


def plain_number(value: float, t: Translator) -> str:
    """A number from the data, where 1987 may be a year: no thousands sign under 10,000."""
    whole = float(value).is_integer() and abs(value) < 10_000
    return str(int(value)) if whole else t.number(value)


def truth_text(value: bool, words: tuple[str, str] | None, t: Translator) -> str:
    """In the data's own words for false and true, such as `não` and `sim`, where it has them."""
    if words is not None:
        return words[value]
    return t.text("yes") if value else t.text("no")


def group_name(label: str, t: Translator, *, truths: bool) -> str:
    """The rows that share a value; `truths` as in `GroupReport`."""
    if not label:
        return t.text("missing")
    return truth_text(label == "true", None, t) if truths else label


def score_text(value: float, t: Translator) -> str:
    """A score: three decimals where scores are close to one another, else as fits its size."""
    digits = 3 if abs(value) < 10 else None
    if digits and value < 1 <= round(value, digits):
        digits = 5  # 0.9996 is not 1
    return t.number(value, digits)


def run_title(run: Run, t: Translator) -> str:
    """The name that a person gave the run, else what it predicts and from what."""
    return title_of(run.spec.name, run.spec.target, run.dataset_name, t)


def title_of(name: str, target: str, dataset_name: str, t: Translator) -> str:
    """As `run_title`, from the parts of a run."""
    if name:
        return name
    if target.casefold() == dataset_name.casefold():
        return target
    return t.text("{target} from {dataset}", target=target, dataset=dataset_name)
