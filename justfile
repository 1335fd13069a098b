# Development in one word. `uv run --group dev just` runs these without an installed just.
set positional-arguments

_default:
    @just --list

# What CI runs: format, lint, types, import contracts, tests
check: lint types contracts test

# Write the format
format:
    uv run --group dev ruff format .
    uv run --group dev ruff check --fix .

# Format and lint, changing nothing
lint:
    uv run --group dev ruff format --check .
    uv run --group dev ruff check .

# mypy, strict
types:
    uv run --group dev mypy

# The direction of imports
contracts:
    uv run --group dev lint-imports

# All tests, browser included (Debian: apt-get install chromium curl nginx-light nodejs)
test *ARGS:
    uv run --group test pytest "$@"

# Write new msgids into the Portuguese catalog; the test fails while any is untranslated
catalog:
    uv run --group test python -m tests.catalog

# Refresh the exact pins in pyproject.toml
lock:
    uv run --group dev python -m tests.pins

# A benchmark: `just bench budget`
bench NAME *ARGS:
    shift; uv run --group bench python -m "tests.bench.{{NAME}}" "$@"

# Build the container with buildah and walk it with the API smoke test (root, Debian)
container:
    tests/container/run
