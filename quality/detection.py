"""One reading of a face by the detector, and how two of them compare."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from quality.face import FloatArray

_SIZE_FACTOR = 1.7
"""How far the sizes of two readings of one face may be apart. By eye."""


@dataclass(frozen=True, eq=False)
class Detection:
    """One face as YuNet sees it, in pixels of the whole picture.

    Attributes
    ----------
    center_px : ndarray, (2,) float32
        Center of the box, x right, y down.
    size_px : float
        Longer side of the box.
    roll_deg : float
        Angle of the eyes-to-mouth line against the vertical, clockwise positive, -180..180.
    score : float
        Confidence 0..1.
    """

    center_px: FloatArray
    size_px: float
    roll_deg: float
    score: float

    def scaled(self, factor: float) -> Detection:
        """Return the same face in a picture so many times as large."""
        return replace(self, center_px=self.center_px * np.float32(factor), size_px=self.size_px * factor)


def is_apart(one: Detection, other: Detection) -> bool:
    """Tell whether two readings are of two faces: further apart than half of the larger."""
    distance = float(np.linalg.norm(one.center_px - other.center_px))
    return distance > 0.5 * max(one.size_px, other.size_px)


def is_alike_in_size(one: Detection, other: Detection) -> bool:
    """Tell whether two readings can be of one face: a covered one, read sideways, may seem twice as large."""
    return 1 / _SIZE_FACTOR < one.size_px / other.size_px < _SIZE_FACTOR


def surer(one: Detection | None, other: Detection | None) -> Detection | None:
    """Return the reading of higher confidence, the first of two alike."""
    if one is None or other is None:
        return one or other
    return one if one.score >= other.score else other


def wrapped_deg(angle_deg: float) -> float:
    """Bring an angle to -180..180."""
    return (angle_deg + 180) % 360 - 180
