"""How much of a face something else covers: a map in the canonical frame, and its share of each region.

MediaPipe invents landmarks under any cover, so this is told from pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from quality.canonical import canonical_frame
from quality.face import Face, FloatArray, ImageArray
from quality.regions import REGION_NAMES, region_masks

COVER_SIZE_PX = 64
"""Side of the canonical frame in which cover is told."""


@dataclass(frozen=True, eq=False)
class CoverMap:
    """What covers a face.

    Attributes
    ----------
    ratio : ndarray, (S, S) float32, read-only
        In `canonical_frame(S)`: 0 = the face is visible, 1 = something else covers it. 0 outside the mesh.
    """

    ratio: FloatArray


class OcclusionNet:
    """Tells cover from pixels. Not safe to share between threads: one instance a thread."""

    def cover(self, image: ImageArray, face: Face) -> CoverMap:
        """Map what covers a face.

        Parameters
        ----------
        image : ndarray, (H, W, 3) uint8, RGB
        face : Face

        Returns
        -------
        CoverMap
        """
        frame = canonical_frame(COVER_SIZE_PX)
        lab = cv2.cvtColor(frame.warp(image, face.landmarks_px), cv2.COLOR_RGB2LAB).astype(np.float32)
        skin = lab[frame.valid]
        middle = np.median(skin, axis=0)
        spread = np.maximum(1.4826 * np.median(np.abs(skin - middle), axis=0), (14, 5, 6))
        # Luma counts half: shadow changes it and covers nothing. Limits by eye.
        distance = np.sqrt((((lab - middle) / spread) ** 2 @ np.array([0.5, 1.0, 1.0])) / 2.5)
        ratio = np.clip((cv2.GaussianBlur(distance, (0, 0), 1.0) - 2.2) / 1.6, 0, 1).astype(np.float32)
        ratio[~frame.valid] = 0
        ratio.setflags(write=False)
        return CoverMap(ratio)


def region_occlusion(cover: CoverMap) -> dict[str, float]:
    """Return the covered share of each region.

    Returns
    -------
    dict of str to float
        Keys are `REGION_NAMES` (left and right of the picture); 0 = visible, 1 = wholly covered.
    """
    masks = region_masks(cover.ratio.shape[0])
    return {name: float(cover.ratio[masks[name]].mean()) for name in REGION_NAMES}
