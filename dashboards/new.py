"""The route of the page `new`."""

from freemlops.server import ensure_server
from freemlops.ui.route import serve

serve("new", ensure_server())
