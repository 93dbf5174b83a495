"""Rims of glasses as curves: what lies within them is seen through a lens, and on them lies wire."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import FloatArray

_MARGIN_EYES, _BAND_EYES, _CORE_PX, _SHIFT = 0.045, 0.05, 2, 3
_BRIDGE_RATIO = 0.2
"""Share of a curve's points that lie next to the nose."""


@dataclass(frozen=True, eq=False)
class Rims:
    """The rims of one pair of glasses.

    Attributes
    ----------
    outlines_px : tuple of ndarray, (N, 2) float32
        One curve for each eye, in pixels.
    around_px : tuple of ndarray, (N, 2) float32
        A wide curve instead, for an eye whose rim runs somewhere within it.
    likelihood : float
        That they are rims at all, 0..1.
    eyes_px : float
        Distance of the outer corners of the eyes.
    """

    outlines_px: tuple[FloatArray, ...]
    around_px: tuple[FloatArray, ...]
    likelihood: float
    eyes_px: float

    def within(self, part: tuple[slice, slice]) -> Rims:
        """Return the rims in pixels of some rows and columns."""
        corner = np.array([part[1].start, part[0].start], np.float32)
        outlines, around = (tuple(one - corner for one in curves) for curves in (self.outlines_px, self.around_px))
        return replace(self, outlines_px=outlines, around_px=around)

    def through(self, shape: tuple[int, int]) -> FloatArray:
        """Return where the skin is seen through a lens, (h, w) float32, 0..1, softly and clear of the rims."""
        mask = np.zeros(shape, np.float32)
        for outline in self.outlines_px:
            cv2.fillPoly(mask, [_fixed_point(outline)], 1.0, cv2.LINE_AA, _SHIFT)
        margin = max(round(_MARGIN_EYES * self.eyes_px), 1)
        clear = cv2.erode(mask, np.ones((2 * margin + 1,) * 2, np.uint8))
        return np.asarray(cv2.blur(clear, (margin + 1, margin + 1)), np.float32)

    def band(self, shape: tuple[int, int]) -> FloatArray:
        """Return where the rims run, (h, w) float32, 0..1, softly."""
        mask = np.zeros(shape, np.float32)
        breadth = max(round(_BAND_EYES * self.eyes_px), 2)
        for outline in self.outlines_px:
            cv2.polylines(mask, [_fixed_point(outline)], False, 1.0, breadth, cv2.LINE_AA, _SHIFT)
        for outline in (*self.around_px, *self._bridges):
            cv2.fillPoly(mask, [_fixed_point(outline)], 1.0, cv2.LINE_AA, _SHIFT)
        return np.asarray(cv2.blur(mask, (breadth // 2 + 1,) * 2), np.float32)

    def core(self, shape: tuple[int, int]) -> FloatArray:
        """Return the curves themselves, (h, w) float32, 0..1: a rim goes on where it is hardly seen."""
        mask = np.zeros(shape, np.float32)
        for outline in self.outlines_px:
            cv2.polylines(mask, [_fixed_point(outline)], False, 1.0, _CORE_PX, cv2.LINE_AA, _SHIFT)
        return np.asarray(cv2.blur(mask, (3, 3)), np.float32)

    @property
    def _bridges(self) -> tuple[FloatArray, ...]:
        """What lies between two outlines, at the root of the nose."""
        if len(self.outlines_px) < 2:
            return ()
        right, left = self.outlines_px
        count = round(_BRIDGE_RATIO * len(right))
        return (np.concatenate([right[:count], left[-count:]]),)


def _fixed_point(outline: FloatArray) -> NDArray[np.int32]:
    fixed: NDArray[np.int32] = np.round(outline * 2**_SHIFT).astype(np.int32)
    return fixed
