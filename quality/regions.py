"""The seven regions of the face that the vendor measures: polygons over the mesh, and masks in the canonical frame.

Left and right are of the PICTURE; MediaPipe's vertex names are by subject, and this table is where they swap.

The definitions follow the usual 68-point ones (iBUG 300-W): eye = lids and opening, widened 1.3 times along and
twice across, without the brow; nose = bridge to wings; mouth = outer lips times 1.1; cheek = jaw line to nose wing
and lower lid; chin = below the lower lip to the jaw. The regions are disjoint. The factors below are those that give
the same areas with MediaPipe's vertices, whose lids and lips lie a little further out (overlap by area with the
68-point regions of clean faces: eyes 0.84, nose 0.87, mouth 0.94, cheeks 0.95, chin 0.95).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.canonical import canonical_frame
from quality.face import FloatArray

REGION_NAMES = ("left_eye", "right_eye", "nose", "mouth", "left_cheek", "right_cheek", "chin")
"""The seven regions, in the order of the vendor's limits; left and right of the picture."""

RegionMasks: TypeAlias = MappingProxyType[str, NDArray[np.bool_]]

_OVERSAMPLING = 8


@dataclass(frozen=True)
class _Outline:
    """Mesh vertices in order around a shape, widened about the middle of the line `axis`, along and across it."""

    vertices: tuple[int, ...]
    axis: tuple[int, int] = (33, 263)
    along: float = 1.0
    across: float = 1.0

    def points(self, landmarks: FloatArray) -> FloatArray:
        outline: FloatArray = landmarks[list(self.vertices), :2].astype(np.float64)
        ends = landmarks[list(self.axis), :2].astype(np.float64)
        center = ends.mean(axis=0)
        unit = (ends[1] - ends[0]) / (np.linalg.norm(ends[1] - ends[0]) + 1e-9)
        normal = np.array([-unit[1], unit[0]])
        offset = outline - center
        widened = np.outer(offset @ unit, unit) * self.along + np.outer(offset @ normal, normal) * self.across
        points: FloatArray = (center + widened).astype(np.float32)
        return points


_LEFT_LIDS = (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7)
_RIGHT_LIDS = (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249)
_LIPS = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
_LOWER_LIP_RIGHT_TO_LEFT = (321, 405, 314, 17, 84, 181, 91)
_JAW_LEFT_TO_RIGHT = (136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365)

_OUTLINES: dict[str, tuple[_Outline, ...]] = {
    "left_eye": (_Outline(_LEFT_LIDS, (33, 133), 1.25, 1.6),),
    "right_eye": (_Outline(_RIGHT_LIDS, (362, 263), 1.25, 1.6),),
    "nose": (_Outline((193, 168, 417, 358, 327, 2, 98, 129)),),
    "mouth": (_Outline(_LIPS, (61, 291), 1.1, 1.15),),
    "left_cheek": (_Outline((24, 234, 93, 132, 58, 172, 136, 57, 98, 232)),),
    "right_cheek": (_Outline((254, 454, 323, 361, 288, 397, 365, 287, 327, 452)),),
    "chin": (
        _Outline(_JAW_LEFT_TO_RIGHT),
        _Outline((287,)),
        _Outline(_LOWER_LIP_RIGHT_TO_LEFT, (61, 291), 1.1, 1.5),
        _Outline((57,)),
    ),
}


def region_polygons(landmarks_px: FloatArray) -> dict[str, FloatArray]:
    """Return the outline of each region over a face.

    Parameters
    ----------
    landmarks_px : ndarray, (>=468, >=2) float32
        Mesh vertices, x right and y down: of a picture, for drawing, or of a canonical frame.

    Returns
    -------
    dict of str to ndarray, (K, 2) float32
        Keys are `REGION_NAMES`; points in the same pixels as the landmarks, in order around the region.
    """
    return {
        name: np.concatenate([outline.points(landmarks_px) for outline in _OUTLINES[name]]) for name in REGION_NAMES
    }


@cache
def region_masks(size_px: int) -> RegionMasks:
    """Return which pixels of the canonical frame belong to each region.

    Parameters
    ----------
    size_px : int
        Side of the frame; 48 or more gives each region a fair number of pixels.

    Returns
    -------
    mapping of str to ndarray, (size, size) bool, read-only
        Keys are `REGION_NAMES`; the masks are disjoint and lie inside the mesh.
    """
    frame = canonical_frame(size_px)
    free = frame.valid.copy()
    masks = {}
    for name, polygon in region_polygons(frame.vertices_px).items():
        fine = np.zeros((size_px * _OVERSAMPLING,) * 2, np.uint8)
        corners = np.round((polygon + 0.5) * _OVERSAMPLING - 0.5).astype(np.int32)
        cv2.fillPoly(fine, [corners], 255)
        share = cv2.resize(fine, (size_px, size_px), interpolation=cv2.INTER_AREA)
        mask = (share > 127) & free
        free &= ~mask
        mask.setflags(write=False)
        masks[name] = mask
    return MappingProxyType(masks)
