"""A recipe as a plain Python script: what anybody can run, read and change without this product."""

from freemlops.engine.export.script.facts import Facts, Written
from freemlops.engine.export.script.render import render

__all__ = ["Facts", "Written", "render"]
