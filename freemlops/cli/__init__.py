"""The command line. Data goes to stdout, words to stderr.

Exit 0 good, 1 the work failed, 2 wrong use, 3 the warehouse is held by another process.
"""

from freemlops.cli.app import main

__all__ = ["main"]
