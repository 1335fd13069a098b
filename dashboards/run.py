"""The route of the page `run`."""

from freemlops.server import ensure_server
from freemlops.ui.route import serve

serve("run", ensure_server())
