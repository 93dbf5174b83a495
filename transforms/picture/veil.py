"""A veil of haze, flare or faded print over a face: lifted before the color edits and laid back after them.

Nothing under a veil is black, so layers made for a clear picture would stand before it like paint. With the veil
lifted they are mixed with it as the face itself is.

Source: the atmospheric model and the dark channel of He, Sun & Tang 2009 (CVPR), one veil for the whole face: pupils,
nostrils and hair are black in a clear picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray

_DARK_SHARE = 0.003
"""Pupils alone are so much of a face."""
_USUAL_DARK = 32.0 / 255
"""Clear portraits in soft light have nothing darker (0 to 31 in nine of ten); by measure."""


@dataclass(frozen=True, eq=False)
class Veil:
    """The light that lies over a face.

    Attributes
    ----------
    color : ndarray, (3,) float32
        RGB, 0..1; zero for a clear picture.
    """

    color: FloatArray

    @classmethod
    def over(cls, part: ImageArray) -> Veil:
        """Estimate the veil over a face that fills `part`, (h, w, 3) uint8, RGB."""
        red, green, blue = cv2.split(part)
        brightness = cv2.max(cv2.max(red, green), blue)
        up_to = np.cumsum(np.bincount(brightness.ravel(), minlength=256))
        level = int(np.searchsorted(up_to, int(_DARK_SHARE * (brightness.size - 1)), side="right"))
        dark = np.array(cv2.mean(part, (brightness <= level).view(np.uint8))[:3])
        return cls(np.maximum(dark / 255 - _USUAL_DARK, 0).astype(np.float32))

    @classmethod
    def over_face(cls, image: ImageArray, face: Face) -> Veil:
        """Estimate the veil over a face in pixels of `image`, (h, w, 3) uint8, RGB."""
        box = face.box
        left, top = max(int(box.left), 0), max(int(box.top), 0)
        return cls.over(image[top : int(box.bottom) + 1, left : int(box.right) + 1])

    def lifted(self, part: ImageArray) -> FloatArray:
        """Return the clear picture of `part`, (h, w, 3) float32, RGB, 0..1."""
        levels = np.arange(256, dtype=np.float32)[:, None, None] / 255
        clear: FloatArray = cv2.LUT(part, (levels - self.color) / (1 - self.color))
        return clear

    def laid(self, clear: FloatArray) -> FloatArray:
        """Return what `lifted` was given, (h, w, 3) float32, RGB, 0..1."""
        if not self.color.any():
            return clear
        veiled: FloatArray = clear * (1 - self.color) + self.color
        return veiled
