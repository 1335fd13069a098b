"""The route of the page `compare`."""

from freemlops.server import ensure_server
from freemlops.ui.route import serve

serve("compare", ensure_server())
