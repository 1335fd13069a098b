"""The route of the page `deployments`."""

from freemlops.server import ensure_server
from freemlops.ui.route import serve

serve("deployments", ensure_server())
