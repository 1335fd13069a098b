"""The route of the page `models`."""

from freemlops.server import ensure_server
from freemlops.ui.route import serve

serve("models", ensure_server())
