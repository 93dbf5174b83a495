"""The lower half of a head on its upright crop: what finding a beard and making up a neck look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.face.landmark_ids import OVAL
from transforms.head.head_crop import (
    FACE_PX,
    REACH_FACES,
    crop_map,
    crop_positions,
    crop_size_wh,
    inside_picture,
    to_crop_points,
    warp_area,
)
from transforms.picture.color_models import median_color, polygon_mask, skin_patches
from transforms.picture.lab import lab_of

_NECK_BEHIND = 0.6
"""How far the neck is from below the chin towards the middle between the ears."""
_SKIPPED_PX = round((REACH_FACES[1] - 0.7) * FACE_PX)
"""Rows of the crop far above the forehead: nothing of a beard is told by them."""


@dataclass(frozen=True, eq=False)
class LowerHead:
    """The head on the upright crop; planes (h, w) float32.

    `to_crop` is the affine map from the picture, (2, 3).
    `rough` is texture against that of the cheeks; `u` and `down` are face heights across and down from the chin,
    `across` from the middle of the neck.
    """

    to_crop: FloatArray
    crop: ImageArray
    lab: FloatArray
    rough: FloatArray
    person: FloatArray
    inside: FloatArray
    points: FloatArray
    cheeks: FloatArray
    skin: FloatArray
    oval: FloatArray
    u: FloatArray
    across: FloatArray
    down: FloatArray

    @cached_property
    def away(self) -> FloatArray:
        """Face heights beyond the outline of the mesh, (h, w) float32."""
        distance: FloatArray = cv2.distanceTransform((self.oval < 0.5).view(np.uint8), cv2.DIST_L2, 5)
        return distance / np.float32(FACE_PX)

    @cached_property
    def within(self) -> FloatArray:
        """Face heights within the outline of the mesh, (h, w) float32."""
        distance: FloatArray = cv2.distanceTransform((self.oval >= 0.5).view(np.uint8), cv2.DIST_L2, 5)
        return distance / np.float32(FACE_PX)


def look_below(image: ImageArray, face: Face, person_ratio: FloatArray) -> LowerHead | None:
    """Bring a head to the crop; None where no skin is seen."""
    to_crop = crop_map(face, FACE_PX)
    to_crop[1, 2] -= _SKIPPED_PX
    width, height = crop_size_wh(FACE_PX)
    size_wh = (width, height - _SKIPPED_PX)
    crop = warp_area(image, to_crop, size_wh)
    lab = lab_of(crop)
    points = to_crop_points(face, to_crop)
    patches = skin_patches(lab, points)
    if not patches:
        return None
    cheeks = np.any(patches, axis=0)
    face_px = FACE_PX / float(np.hypot(*to_crop[0, :2]))
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = np.abs(gray - cv2.GaussianBlur(gray, (0, 0), max(0.012 * face_px, 0.8)))
    texture = cv2.GaussianBlur(warp_area(fine, to_crop, size_wh), (0, 0), 1.2)
    rough = texture / (lab[..., 0] + 10)
    u, v = (position[_SKIPPED_PX:] for position in crop_positions())
    chin = points[152]
    u = u - (float(chin[0]) / FACE_PX + float(u[0, 0]))
    # The chin of a turned head lies beside the neck.
    aside = (float(points[[234, 454], 0].mean()) - float(chin[0])) / FACE_PX
    return LowerHead(
        to_crop,
        crop,
        lab,
        rough / max(float(np.median(rough[cheeks])), 0.006),
        cv2.warpAffine(person_ratio, to_crop, size_wh),
        inside_picture(image.shape[0], image.shape[1], to_crop, size_wh),
        points,
        cheeks,
        median_color(lab, cheeks),
        polygon_mask(points, OVAL, size_wh, 0),
        u,
        u - _NECK_BEHIND * aside,
        -v - (float(chin[1]) / FACE_PX - float(v[0, 0])),
    )
