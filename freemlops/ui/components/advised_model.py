"""Which of the models that are as good as the best to take, and why."""

from __future__ import annotations

from collections.abc import Sequence

from freemlops.domain.evaluation.ties import Ties
from freemlops.domain.run import Candidate
from freemlops.i18n import Translator
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.components.words import family


def advised_model(ties: Ties, board: Sequence[Candidate], t: Translator) -> Markup | None:
    """A sentence above the board; None when there is nothing to say."""
    if ties.reason is None:
        return None
    found = next((c for c in board if c.id == ties.recommended), None)
    lead = (
        tag("b", t.text("We would take: {name}.", name=family(found.family, t)), " ")
        if found is not None
        else None
    )
    return tag("p", lead, t.text(ties.reason), class_="panel note fm-recommended")
