"""How much a face's pixels look like hairs instead of the skin that is expected there. Limits by eye."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.face.face_view import FaceView

_SPREAD_EYES = 0.03
_SKINS_YELLOW = 2.0


@dataclass(frozen=True, eq=False)
class Hairiness:
    """A small face against its skin; planes (h, w) float32, colors (h, w, 3) Lab.

    Attributes
    ----------
    smooth, expected : ndarray
        What is seen, without its texture, and the skin that is expected.
    rough : ndarray
        `roughness`.
    eyes_px : float
        Distance of the outer corners of the eyes.
    """

    smooth: FloatArray
    expected: FloatArray
    rough: FloatArray
    eyes_px: float

    @property
    def darker(self) -> FloatArray:
        """By what share of the expected skin's lightness a pixel is darker."""
        share: FloatArray = (self.expected - self.smooth)[..., 0] / np.maximum(self.expected[..., 0], 15)
        return share

    @property
    def paler(self) -> FloatArray:
        """By what share of the expected skin's chroma a pixel has less of it."""
        chroma, skin_chroma = (np.hypot(part[..., 1], part[..., 2]) for part in (self.smooth, self.expected))
        share: FloatArray = (skin_chroma - chroma) / np.maximum(skin_chroma, 10)
        return share

    @property
    def likely(self) -> FloatArray:
        """Hairs, 0..1."""
        # Hairs show as texture too: beards can be as light as the skin.
        hairy = np.maximum(np.clip((self.darker - 0.03) / 0.1, 0, 1), np.clip((self.rough - 1.5) / 1.5, 0, 1))
        # On a dark skin gray hairs are no darker, but they have no color.
        hairy = np.maximum(hairy, np.clip(self.paler / 0.25 - 1.2, 0, 1))
        return self._spread(cv2.dilate(hairy.astype(np.float32), np.ones((3, 3))))

    @property
    def sure(self) -> FloatArray:
        """What is dark or gray as well as rough, 0..1: shade is smooth, and pores are light and have color."""
        unlike = np.maximum(np.clip((self.darker - 0.05) / 0.1, 0, 1), np.clip((self.paler - 0.12) / 0.2, 0, 1))
        sure = unlike * np.clip((self.rough - 1.1) / 0.6, 0, 1)
        return np.clip(1.6 * self._spread(sure.astype(np.float32)), 0, 1)

    def _spread(self, plane: FloatArray) -> FloatArray:
        return np.asarray(cv2.GaussianBlur(plane, (0, 0), _SPREAD_EYES * self.eyes_px), np.float32)


def blond_hair(lab: FloatArray, skin: FloatArray) -> FloatArray:
    """Find what is yellower than skin, (3,) Lab, in the same light, and not redder; (h, w) float32, 0..1.

    A blond moustache is as light as skin, and as smooth where it is small.
    """
    light = lab[..., 0] / max(float(skin[0]), 15)
    red, yellow = (lab[..., channel] - light * skin[channel] for channel in (1, 2))
    found = np.clip((yellow - np.maximum(red, 0) - _SKINS_YELLOW) / 3, 0, 1)
    return np.asarray(cv2.GaussianBlur(cv2.dilate(found, np.ones((5, 5))), (0, 0), 1.0), np.float32)


def roughness(lab: FloatArray, view: FaceView) -> FloatArray:
    """Return the local deviation of L between the scales of hairs, against that of the cheeks, (h, w) float32."""
    lightness = lab[..., 0]
    band = lightness - cv2.GaussianBlur(lightness, (0, 0), max(0.02 * view.eyes_px, 0.8))
    deviation = np.sqrt(cv2.GaussianBlur(band * band, (0, 0), max(0.03 * view.eyes_px, 1.0)))
    on_cheek = deviation[(view.cheeks > 0.4) & (view.skin_like > 0.5)]
    usual = float(np.median(on_cheek)) if on_cheek.size > 20 else 1.0
    rough: FloatArray = deviation / max(usual, 0.7)
    return rough
