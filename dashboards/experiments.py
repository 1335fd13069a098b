"""The route of the page `experiments`."""

from freemlops.server import ensure_server
from freemlops.ui.route import serve

serve("experiments", ensure_server())
