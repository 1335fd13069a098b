"""The route of the page `datasets`."""

from freemlops.server import ensure_server
from freemlops.ui.route import serve

serve("datasets", ensure_server())
