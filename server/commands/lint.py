"""What each photo would get: the 13 measures and the error code at every level."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from quality.explanation import Explanation, explain
from quality.face import BoundingBox, ImageArray
from quality.gate import LEVELS
from quality.thresholds import MEASURES, QualityControl
from server.admin.thumbnail import thumbnail_jpeg
from server.contract.errors import ApiError
from server.operation.image_codec import MAX_FILE_BYTES
from server.operation.pipeline import Measured, codes_by_level, measure_picture, refuse_violation
from server.pixels.analyzer import Analyzer
from server.pixels.workers import PixelWorkers

COLUMNS = tuple(measure.short_name for measure in MEASURES)
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp")
UNREADABLE = "UNREADABLE"
"""Status of a file that cannot be opened: ours, no code of the vendor's."""
_THUMBNAIL_PX = 160


@dataclass(frozen=True)
class Finding:
    """One photo.

    Attributes
    ----------
    file : str
    control : QualityControl
        The level asked for.
    status : str
        Error code at that level; empty when accepted.
    why : str
        The reason in words.
    explanation : Explanation or None
        None where no face could be measured.
    status_at : dict
        Level -> error code, empty when accepted.
    thumbnail : str
        A small JPEG as base64; empty unless asked for.
    """

    file: str
    control: QualityControl
    status: str
    why: str = ""
    explanation: Explanation | None = None
    status_at: dict[str, str] = field(default_factory=dict)
    thumbnail: str = ""

    @property
    def values(self) -> dict[str, float]:
        """Column -> measured value; empty where no face could be measured."""
        if self.explanation is None:
            return {}
        return {verdict.measure.short_name: round(verdict.value, 4) for verdict in self.explanation.verdicts}


def photo_count(findings: Sequence[Finding]) -> str:
    """Return how many photos were judged, in words."""
    return f"{len(findings)} {'photo' if len(findings) == 1 else 'photos'}"


def picture_files(names: Sequence[str]) -> list[Path]:
    """Return the files meant: folders are searched for pictures, files are taken as they are."""
    paths: list[Path] = []
    for name in names:
        path = Path(name)
        found = (
            sorted(p for p in path.rglob("*") if p.suffix.lower() in PICTURE_SUFFIXES) if path.is_dir() else [path]
        )
        paths += found
    return paths


def find_all(
    paths: Sequence[Path],
    control: QualityControl,
    threads: int,
    with_thumbnails: bool,
    draw: Callable[[Measured, Explanation], None] | None = None,
) -> Iterator[Finding]:
    """Judge photos side by side; findings come in the order of the paths; each photo measured goes to `draw` too."""
    workers = PixelWorkers(max(min(threads, len(paths)), 1))
    judge = partial(find, control=control, with_thumbnail=with_thumbnails, draw=draw)
    for future in [workers.submit(partial(judge, path)) for path in paths]:
        yield future.result()
    workers.close()


def find(
    path: Path,
    analyzer: Analyzer,
    control: QualityControl,
    with_thumbnail: bool = False,
    draw: Callable[[Measured, Explanation], None] | None = None,
) -> Finding:
    """Judge one photo by the server's pipeline."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        levels = dict.fromkeys(map(str, LEVELS), UNREADABLE)
        return Finding(str(path), control, UNREADABLE, error.strerror or "", status_at=levels)
    try:
        measured = measure_picture(content, analyzer)
    except ApiError as refusal:
        levels = dict.fromkeys(map(str, LEVELS), refusal.code)
        small = thumbnail_jpeg(content, _THUMBNAIL_PX) if with_thumbnail else None
        return Finding(
            str(path), control, refusal.code, refusal.why, status_at=levels, thumbnail=_base64(small or b"")
        )
    explanation = explain(measured.report, control)
    if draw is not None:
        draw(measured, explanation)
    status = why = ""
    try:
        refuse_violation(explanation)
    except ApiError as refusal:
        status, why = refusal.code, refusal.why
    thumbnail = _thumbnail(measured) if with_thumbnail else ""
    return Finding(str(path), control, status, why, explanation, codes_by_level(explanation), thumbnail)


def _thumbnail(measured: Measured) -> str:
    """Return the picture, small, with the face's box, as a base64 JPEG."""
    image: ImageArray = measured.image
    scale = _THUMBNAIL_PX / image.shape[0]
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    box: BoundingBox = measured.face.box
    corners = np.round(np.array([box.left, box.top, box.right, box.bottom]) * scale).astype(int)
    cv2.rectangle(small, tuple(corners[:2]), tuple(corners[2:]), (255, 255, 255), 1, cv2.LINE_AA)
    options = [cv2.IMWRITE_JPEG_QUALITY, 80]
    return _base64(cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), options)[1].tobytes())


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
