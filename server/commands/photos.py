"""`ailab-mock photos DIR`: a pack of generated pictures, one for every content error and bound, with a manifest."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from server.pack.faces import face_pictures
from server.pack.files import file_pictures
from server.pack.picture import PackPicture, http_status
from server.pixels.analyzer import Analyzer
from server.version import VERSION

MANIFEST = "manifest.json"


def draw_pack(seed: int) -> Iterator[PackPicture]:
    """Draw all pictures of the pack; the same seed gives the same bytes."""
    analyzer = Analyzer()
    try:
        yield from face_pictures(seed, analyzer.find_faces)
    finally:
        analyzer.close()
    yield from file_pictures(seed)


def write_photos(folder: str, seed: int) -> int:
    """Write the pack and its manifest.

    Parameters
    ----------
    folder : str
        Made where it is missing; files of the same names are replaced.
    seed : int
        Chooses the people.

    Returns
    -------
    int
        Exit status: 0 written, 2 the folder cannot be written.
    """
    target, entries = Path(folder), []
    try:
        target.mkdir(parents=True, exist_ok=True)
        for picture in draw_pack(seed):
            (target / picture.file).write_bytes(picture.content)
            entries.append(manifest_entry(picture))
        manifest = {"generator": f"ailab-mock {VERSION}", "seed": seed, "pictures": entries}
        (target / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        print(f"ailab-mock: {error.filename}: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 2
    print(f"wrote {len(entries)} pictures and {MANIFEST} to {folder}")  # noqa: T201
    return 0


def manifest_entry(picture: PackPicture) -> dict[str, Any]:
    """Return a picture's entry: what to send, and the answer at each level of `quality_control`."""
    return {
        "file": picture.file,
        "sha256": hashlib.sha256(picture.content).hexdigest(),
        "shows": picture.shows,
        "fields": dict(picture.fields),
        "expected": {
            str(level): {"status": http_status(codes[0]), "codes": list(codes)}
            for level, codes in picture.expected.items()
        },
    }
