"""The SQL lab: a published copy of what researchers may see, and children that query it."""

from freemlops.warehouse.lab.lab import Answer, Lab
from freemlops.warehouse.lab.limits import Limits

__all__ = ["Answer", "Lab", "Limits"]
