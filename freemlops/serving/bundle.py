"""The `.fmlops` file: one model with its signature, its card, sample rows and their answers, and
the sha256 of each. A zip of known members, read with bounds on everything."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from freemlops.domain.bundle import KIND, VERSION, Manifest
from freemlops.domain.errors import ImportRefusedError
from freemlops.domain.model import Signature
from freemlops.domain.words import N_
from freemlops.serving.onnx_gate import check_graph

SUFFIX: Final = ".fmlops"
MOST_BYTES: Final = 512 * 1024**2
"""Of the file, and of all that is in it once unpacked."""
MOST_TEXT: Final = 32 * 1024**2
"""Of each member but the graph."""
MANIFEST, SIGNATURE, MODEL, SAMPLES = (
    "manifest.json",
    "signature.json",
    "model.onnx",
    "samples.json",
)
CARDS: Final = ("card.en.md", "card.pt_BR.md")
CHECKSUMS: Final = "checksums.txt"
MEMBERS: Final = (MANIFEST, SIGNATURE, MODEL, SAMPLES, *CARDS)
EPOCH: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Samples:
    """Rows as a request has them, column by column, and what was answered: `outputs` are
    [rows, classes] probabilities or [rows, 1] values."""

    columns: Mapping[str, Sequence[Any]]
    outputs: Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Bundle:
    """`sha256` names the whole file."""

    manifest: Manifest
    signature: Signature
    model: bytes
    samples: Samples
    cards: Mapping[str, str]
    sha256: str = ""


def write_bundle(bundle: Bundle) -> bytes:
    """The file. The same content gives the same bytes: no clock, no order of chance."""
    parts = {
        MANIFEST: _pretty(bundle.manifest),
        SIGNATURE: _pretty(bundle.signature),
        MODEL: bundle.model,
        SAMPLES: _pretty(bundle.samples),
        **{name: bundle.cards[name].encode() for name in CARDS},
    }
    sums = "".join(f"{hashlib.sha256(c).hexdigest()}  {n}\n" for n, c in parts.items())
    return packed(parts | {CHECKSUMS: sums.encode()})


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A zip of the parts, the same bytes for the same parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, content, compresslevel=6)
    return out.getvalue()


def _pretty(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1) + b"\n"


def read_bundle(path: Path) -> Bundle:
    """Checked from the outside in: size, members, checksums, format, graph.

    Raises `ImportRefusedError`, which says what is wrong. Nothing is written to disk, and the
    model is not run.
    """
    if path.stat().st_size > MOST_BYTES:
        raise _refused(N_("The file is larger than {most} MB."), most=MOST_BYTES // 1024**2)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        try:
            parts = _parts(file)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise _refused(N_("The file is damaged, or no bundle at all.")) from error
        except (NotImplementedError, RuntimeError) as error:
            raise _refused(N_("The file is packed in a way that bundles are not.")) from error
    _check_sums(parts)
    return _made(parts, sha256)


def _parts(file: IO[bytes]) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        wanted = {*MEMBERS, CHECKSUMS}
        names = [i.filename for i in infos]
        strange = [n for n in names if n not in wanted]
        if strange:
            raise _refused(N_("“{name}” does not belong into a bundle."), name=strange[0][:100])
        if len(set(names)) != len(names) or len(names) != len(wanted):
            lacking = sorted(wanted - set(names))
            raise _refused(N_("The bundle is not whole: {name} is lacking or there twice."),
                           name=lacking[0] if lacking else names[0])  # fmt: skip
        for info in infos:
            if info.flag_bits & 1 or info.compress_type not in (
                zipfile.ZIP_STORED,
                zipfile.ZIP_DEFLATED,
            ):
                raise _refused(N_("The file is packed in a way that bundles are not."))
        return {i.filename: _unpacked(archive, i) for i in infos}


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Never more than allowed, whatever the zip says of its size."""
    most = MOST_BYTES if info.filename == MODEL else MOST_TEXT
    with archive.open(info) as member:
        content = member.read(most + 1)
    if len(content) > most:
        raise _refused(N_("“{name}” unpacks to more than a bundle may hold."), name=info.filename)
    return content


def _check_sums(parts: Mapping[str, bytes]) -> None:
    wanted = "".join(f"{hashlib.sha256(parts[n]).hexdigest()}  {n}\n" for n in MEMBERS)
    told = parts[CHECKSUMS].decode("utf-8", "replace").splitlines()
    if sorted(told) != sorted(wanted.splitlines()):
        raise _refused(
            N_("The checksums do not fit: the bundle was changed or damaged on its way.")
        )


def _made(parts: Mapping[str, bytes], sha256: str) -> Bundle:
    try:
        head = msgspec.json.decode(parts[MANIFEST], type=dict[str, Any])
        if head.get("kind") != KIND:
            raise _refused(N_("The file is damaged, or no bundle at all."))
        if head.get("format_version") != VERSION:
            raise _refused(
                N_("The bundle has format {found}, and only {known} is known. Update Free MLOps."),
                found=str(head.get("format_version"))[:20],
                known=str(VERSION),
            )
        manifest = msgspec.json.decode(parts[MANIFEST], type=Manifest)
        signature = msgspec.json.decode(parts[SIGNATURE], type=Signature)
        samples = msgspec.json.decode(parts[SAMPLES], type=Samples)
        cards = {name: parts[name].decode() for name in CARDS}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _refused(
            N_("A part of the bundle can't be read: {problem}."), problem=str(error)[:200]
        ) from error
    check_graph(parts[MODEL])
    return Bundle(manifest, signature, parts[MODEL], samples, cards, sha256)


def _refused(text: str, **params: Any) -> ImportRefusedError:
    return ImportRefusedError(text, **params)
