"""The skin around a face as seen in a small picture: where it is, how far from the face, and how the face changed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.face.landmark_ids import LEFT_BROW, LEFT_EYE, LIPS, OVAL, RIGHT_BROW, RIGHT_EYE
from transforms.face.local_skin import near_skin
from transforms.head.person import face_height_px
from transforms.picture.color_models import median_color, polygon_mask, skin_patches
from transforms.picture.lab import lab_of
from transforms.picture.working_size import reduced, working_size
from transforms.skin.following_skin import following_skin

_WORK_FACE_PX = 80.0
_RIM_FACES = 0.3
"""The part of the face next to its outline whose change is carried on. By eye, as the other limits."""


@dataclass(frozen=True, eq=False)
class FaceSurroundings:
    """Planes of one size, in which the face is 80 px high at most.

    Attributes
    ----------
    before, after : ndarray, (h, w, 3) float32
        CIE Lab, before and after the face was painted.
    points : ndarray, (468, 2) float32
        Mesh vertices in pixels of these planes.
    skin : ndarray, (3,) float32
        The face's color, CIE Lab.
    seen : ndarray, (h, w) float32
        How much of a pixel is skin that follows the face, the face's own included, 0..1.
    inner : ndarray, (h, w) float32
        1 within the face .. 0 at its outline and beyond.
    rim : ndarray, (h, w) float32
        The face's bare skin next to its outline, 0..1.
    away : ndarray, (h, w) float32
        Distance from the face's outline in heights of the face; 0 within.
    face_px, picture_face_px : float
        Height of the face in these planes, and in the picture.
    """

    before: FloatArray
    after: FloatArray
    points: FloatArray
    skin: FloatArray
    seen: FloatArray
    inner: FloatArray
    rim: FloatArray
    away: FloatArray
    face_px: float
    picture_face_px: float

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height of the planes."""
        return (self.seen.shape[1], self.seen.shape[0])

    def followed(self, reach_faces: float) -> FloatArray:
        """Return `amount`, less and less to so many heights of the face away, (h, w) float32."""
        return self.amount * self.near(reach_faces)

    @cached_property
    def amount(self) -> FloatArray:
        """How much of a pixel is following skin outside the face, (h, w) float32, 0..1."""
        return np.asarray(self.seen * (1 - self.inner))

    def near(self, reach_faces: float) -> FloatArray:
        """Return 1 at the face .. 0 so many of its heights away, (h, w) float32."""
        return np.asarray(np.clip(1 - self.away / reach_faces, 0, 1))


def look_around(
    edited: ImageArray,
    moved: ImageArray,
    face: Face,
    person_ratio: FloatArray,
    hair: FloatArray,
    cover_ratio: FloatArray | None,
) -> FaceSurroundings | None:
    """Look at what surrounds a face; arguments as `surrounding_skin.follow_face`; None where no skin is seen."""
    height, width = edited.shape[:2]
    face_px = face_height_px(face)
    scale, size_wh = working_size(width, height, face_px, _WORK_FACE_PX)
    points = (face.landmarks_px[:, :2] + 0.5) * np.array(size_wh) / (width, height) - 0.5
    before, after = (lab_of(reduced(picture, size_wh)) for picture in (moved, edited))
    patches = skin_patches(before, points)
    if not patches:
        return None
    small_px = face_px * scale
    skin = median_color(before, np.any(patches, axis=0))
    like = near_skin(before, skin)
    oval = polygon_mask(points, OVAL, size_wh, 0)
    rim = (_rim(oval, small_px) * like * _featureless(points, size_wh, small_px)).astype(np.float32)
    if float(rim.sum()) < 1:
        return None
    away = cv2.distanceTransform((oval < 0.5).astype(np.uint8), cv2.DIST_L2, 5) / small_px
    shown = np.clip((reduced(person_ratio, size_wh) - 0.4) / 0.4, 0, 1)
    shown *= np.clip(1 - 2 * cv2.dilate(reduced(hair, size_wh), np.ones((3, 3))), 0, 1)
    shown *= following_skin(points, away, cover_ratio)
    inner = np.clip(1.6 * cv2.GaussianBlur(oval, (0, 0), 0.03 * small_px) - 0.6, 0, 1)
    return FaceSurroundings(before, after, points, skin, like * shown, inner, rim, away, small_px, small_px / scale)


def _rim(oval: FloatArray, face_px: float) -> FloatArray:
    deep = cv2.distanceTransform((oval > 0.5).astype(np.uint8), cv2.DIST_L2, 5) / face_px
    return np.asarray(oval * np.clip((deep - 0.05) / 0.04, 0, 1) * np.clip((_RIM_FACES - deep) / 0.1, 0, 1))


def _featureless(points: FloatArray, size_wh: tuple[int, int], face_px: float) -> FloatArray:
    features = sum(
        polygon_mask(points, ids, size_wh, 0.02 * face_px)
        for ids in (LIPS, LEFT_EYE, RIGHT_EYE, LEFT_BROW, RIGHT_BROW)
    )
    return np.asarray(np.clip(1 - 2 * features, 0, 1))
