"""`ailab-mock edit IN OUT`: the server's pipeline on one file."""

from __future__ import annotations

import sys
from pathlib import Path

from server.call.trace import Trace
from server.contract.errors import ApiError
from server.operation.form import edit_request
from server.operation.image_codec import MAX_FILE_BYTES, decode, encode_jpeg, encode_png
from server.operation.pipeline import edit_pixels, open_picture
from server.pixels.analyzer import Analyzer
from transforms.plan.edit_plan import ELEMENTARY_EDITS


def edit_file(source: str, target_file: str, fields: dict[str, str], only: str = "") -> int:
    """Edit a picture file.

    Parameters
    ----------
    source, target_file : str
        Paths; a target that ends in .png is written without loss, any other as the server's JPEG.
    fields : dict
        The form's text fields.
    only : str
        Name of the one elementary edit to show; empty for all of the plan.

    Returns
    -------
    int
        Exit status: 0 written, 1 refused (the code is on stderr), 2 a file cannot be read or written.
    """
    if only and only not in ELEMENTARY_EDITS:
        return _fail(f"--only is one of {', '.join(ELEMENTARY_EDITS)}", 2)
    try:
        with Path(source).open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
        request = edit_request(content, fields)
        header = open_picture(request.picture_file, request.face_location)
        analyzer = Analyzer()
        edited = edit_pixels(request, decode(header), Trace(), analyzer, only)
        encode = encode_png if target_file.lower().endswith(".png") else encode_jpeg
        Path(target_file).write_bytes(encode(edited))
    except ApiError as refusal:
        return _fail(f"{refusal.code}: {refusal.why or refusal.message}", 1)
    except OSError as error:
        return _fail(f"{error.filename or target_file}: {error.strerror}", 2)
    analyzer.close()
    return 0


def _fail(message: str, status: int) -> int:
    print(f"ailab-mock: {message}", file=sys.stderr)  # noqa: T201
    return status
