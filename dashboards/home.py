"""The route of the page `home`."""

from freemlops.server import ensure_server
from freemlops.ui.route import serve

serve("home", ensure_server())
