"""Stubble hung before a picture of any size: each hair is as fine as the picture shows anything."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.beard.stubble_hairs import Hairs
from transforms.picture.blending import laid_by_bytes
from transforms.picture.defocus import missing_sigma_px

_SIGMA_PX = 0.5
"""Blur of a hair by that of what is finest in the picture. By eye."""


@dataclass(frozen=True, eq=False)
class HungStubble:
    """Short hairs before a picture, described on it or on a reduced copy of it (small pixels).

    Attributes
    ----------
    rgb : ndarray, (h, w, 3) uint8
        Their color.
    alpha : ndarray, (h, w) uint8
        How much of the skin the darkest of them hide, 0..255.
    hairs : Hairs
        In the full picture.
    scale : float
        Small pixels in a full one, at most 1.
    sigma_px : float
        Deviation of the Gaussian that they are blurred by, full pixels.
    """

    rgb: ImageArray
    alpha: ImageArray
    hairs: Hairs
    scale: float
    sigma_px: float = _SIGMA_PX

    def no_sharper(self, sigma_px: float, finest_px: float) -> HungStubble:
        """Return it as blurred as the small picture by `transforms.picture.defocus`, and as fine as the full one."""
        missing_px = missing_sigma_px(sigma_px) / self.scale
        return replace(self, sigma_px=max(_SIGMA_PX * finest_px, math.hypot(_SIGMA_PX, missing_px)))

    def only_where(self, free: FloatArray) -> HungStubble:
        """Return it only where a mask, (h, w) 0..1, has room for it."""
        return replace(self, alpha=(self.alpha * free).astype(np.uint8))

    def over(
        self, behind: ImageArray, rgb: ImageArray, alpha: ImageArray, left_top_px: tuple[int, int], scale: float
    ) -> ImageArray:
        """Hang it before a piece of the full picture; see `transforms.enlargement.Hung`."""
        drawn = self.hairs.drawn(left_top_px, (behind.shape[1], behind.shape[0]), self.sigma_px)
        return laid_by_bytes(behind, rgb, cv2.multiply(drawn, alpha, scale=1 / 255))
