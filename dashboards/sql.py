"""The route of the page `sql`."""

from freemlops.server import ensure_server
from freemlops.ui.route import serve

serve("sql", ensure_server())
