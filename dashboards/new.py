"""The route of the page `new`."""

from freemlops.server import ensure_server
from freemlops.ui.route import serve

ensure_server()
serve("new")
