"""One process, one port: the API under `/api`, the pages everywhere else, one door before both."""

from freemlops.server.beside import ensure_server

__all__ = ["ensure_server"]
