"""`python -m freemlops`."""

from freemlops.cli import main

if __name__ == "__main__":
    main()
