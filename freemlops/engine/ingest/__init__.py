"""Files as people have them become typed tables, and every decision on the way is told."""

from freemlops.engine.ingest.ingested import Ingested
from freemlops.engine.ingest.reader import members, read_table

__all__ = ["Ingested", "members", "read_table"]
