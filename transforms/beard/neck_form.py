"""The form of a neck that a beard hid: how wide it is and where the clothes begin. Proportions by eye."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quality.face import FloatArray
from transforms.head.head_crop import FACE_PX
from transforms.head.lower_head import LowerHead

_HALF_WIDTH = 0.36
"""Against the width of the face, below the jaw."""
_FLARE, _FLARE_FROM_FACES = 0.38, 0.08
_NECKLINE_DROP_FACES, _SHOULDER_SLOPE = 0.14, 0.4
_SHOULDERS_FACES = (0.62, 0.55)
"""Where shoulders are taken to be when none are seen: beside and below the chin."""
_LEAST_COLUMNS = 8


@dataclass(frozen=True)
class NeckForm:
    """Half a neck's width, and how far below the chin its front and its sides end, in face heights."""

    half_width_faces: float
    neckline_faces: float
    base_faces: float

    @classmethod
    def over(cls, head: LowerHead, clothes: NDArray[np.bool_]) -> NeckForm:
        """Fit a neck to a head and to what is seen of the clothes, (h, w)."""
        half = neck_half_width_faces(head)
        base = _base_faces(head, clothes, half)
        return cls(half, base + _NECKLINE_DROP_FACES, base)

    def half_width_at(self, down: FloatArray) -> FloatArray:
        """Return half its width so far below the chin: a neck widens towards the shoulders."""
        along = np.clip((down - _FLARE_FROM_FACES) / max(self.base_faces - _FLARE_FROM_FACES, 0.1), 0, 1.3)
        return self.half_width_faces * (1 + _FLARE * along**2)

    def neckline_at(self, across: FloatArray, down: FloatArray) -> FloatArray:
        """Return how far below the chin clothes begin, so far from the middle."""
        wide, beside = self.half_width_at(down), np.abs(across)
        drop = self.neckline_faces - self.base_faces
        front = self.neckline_faces - drop * np.minimum(beside / wide, 1.5) ** 2
        return np.where(beside < wide, front, self.base_faces + _SHOULDER_SLOPE * (beside - wide))


def neck_half_width_faces(head: LowerHead) -> float:
    """Return half the width of the neck by that of the face, in face heights."""
    return _HALF_WIDTH * float(np.linalg.norm(head.points[454] - head.points[234])) / FACE_PX


def _base_faces(head: LowerHead, clothes: NDArray[np.bool_], half_width_faces: float) -> float:
    """Follow the shoulders that are seen up to the neck's sides; returns how far below the chin they meet."""
    tops = []
    for side in (-1, 1):
        rows, columns = np.nonzero(clothes & (side * head.u > 0.42) & (side * head.u < 0.9))
        # The first that is found of a column lies highest.
        columns, first = np.unique(columns, return_index=True)
        tops.append((np.abs(head.u[rows[first], columns]), head.down[rows[first], columns]))
    beside, below = np.concatenate(tops, axis=1)
    at, top = (np.median(beside), np.median(below)) if beside.size > _LEAST_COLUMNS else _SHOULDERS_FACES
    return float(np.clip(top - _SHOULDER_SLOPE * (at - half_width_faces), 0.2, 0.5))
