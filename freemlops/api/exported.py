"""An export as an HTTP answer: the file, its checksum, the proof."""

from __future__ import annotations

from litestar import Response

from freemlops.domain.export import FORMATS, Export

FILES = tuple(dict.fromkeys(f.media_type for f in FORMATS.values()))


def sent(export: Export) -> Response[bytes]:
    """`X-Content-SHA256` and `X-Checksum-Sha256` are the same; the parity is that of the model in
    the file."""
    headers = {
        "X-Content-SHA256": export.sha256,
        "X-Checksum-Sha256": export.sha256,
        "ETag": f'"{export.sha256}"',
        "Content-Disposition": f'attachment; filename="{export.filename}"',
    }
    if export.parity is not None:
        worst, rows = export.parity.difference, export.parity.rows
        headers |= {
            "X-Parity-Max-Difference": repr(worst),
            "X-Parity-Rows": str(rows),
            "X-Parity-Stamp": f"identical within 1e-5 (max difference {worst:.1e}) on {rows} rows",
        }
    return Response(export.content, media_type=export.media_type, headers=headers)
