"""A folder that builds a container which serves one bundle, and nothing else."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import freemlops
from freemlops.serving.bundle import packed

SERVE = (
    "babel", "click", "httptools", "msgspec", "numpy", "onnxruntime", "structlog",
    "uvicorn", "uvloop",
)  # fmt: skip
"""What a replica needs; the extra `serve` of pyproject.toml lists the same."""
PARTS = (
    "__init__.py", "__main__.py", "domain/**/*.py", "serving/**/*.py", "i18n/**/*.py",
    "i18n/locales/*.po", "replica/**/*.py", "cli/__init__.py", "cli/app.py", "cli/serve_model.py",
    "engine/__init__.py", "engine/predict.py", "engine/feed.py", "engine/typed.py",
    "engine/notice.py", "engine/session.py",
)  # fmt: skip
"""Of this package: what `serve-model` imports."""

CONTAINERFILE = """\
# A replica that serves one model: podman build -t {name} . && podman run -p 5006:5006 {name}
ARG BASE=docker.io/library/debian:trixie-slim
FROM ${{BASE}}
RUN apt-get update -qq \\
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \\
    python3 python3-venv ca-certificates >/dev/null \\
 && rm -rf /var/lib/apt/lists/* && useradd --uid 10001 --no-create-home freemlops
COPY requirements.txt /app/
# Every package and its exact version is listed, so nothing has to be resolved.
RUN python3 -m venv /opt/replica \\
 && /opt/replica/bin/pip install --quiet --no-cache-dir --no-deps -r /app/requirements.txt
COPY freemlops /app/freemlops
COPY model.fmlops /app/
ENV PYTHONPATH=/app PYTHONUNBUFFERED=1 PATH=/opt/replica/bin:/usr/bin:/bin
USER freemlops
EXPOSE 5006
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["python3", "-c", \\
  "import urllib.request as u; u.urlopen('http://127.0.0.1:5006/readyz', timeout=4)"]
STOPSIGNAL SIGINT
CMD ["python3", "-m", "freemlops", "serve-model", "/app/model.fmlops", "--host", "0.0.0.0"]
"""


def container_context(bundle: bytes, name: str) -> bytes:
    """A zip: Containerfile, the bundle, exact requirements, and the part of this package that
    serves. The same bundle gives the same bytes."""
    parts = {
        "Containerfile": CONTAINERFILE.format(name=re.sub(r"[^a-z0-9-]", "-", name.lower())),
        "requirements.txt": serve_requirements(),
    }
    files = {k: v.encode() for k, v in parts.items()} | {"model.fmlops": bundle}
    return packed(files | package_files())


def package_files() -> dict[str, bytes]:
    """The modules that a replica imports, by their path in the context."""
    root = Path(freemlops.__file__).parent
    found = {p for part in PARTS for p in root.glob(part) if p.is_file()}
    return {f"freemlops/{p.relative_to(root).as_posix()}": p.read_bytes() for p in sorted(found)}


def serve_requirements() -> str:
    """Exact versions of `SERVE` and of all that they need, as they are installed here."""
    found: dict[str, str] = {}
    waiting = list(SERVE)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            known = distribution(name)
        except PackageNotFoundError:
            continue  # needed on other systems only
        found[name] = known.version
        for need in known.requires or ():
            if "extra ==" not in need:
                waiting += [_plain(re.split(r"[^A-Za-z0-9._-]", need, maxsplit=1)[0])]
    return "".join(f"{name}=={found[name]}\n" for name in sorted(found))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
