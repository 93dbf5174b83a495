"""A face in a small picture, beside the bare skin that is expected there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.beard.hairiness import Hairiness, roughness
from transforms.beard.shaved_layers import bare_face, rim_shade
from transforms.face.face_view import FaceView
from transforms.face.local_skin import smooth_known
from transforms.picture.working_size import reduced, working_size

_SMALL_EYES_PX = 64.0


@dataclass(frozen=True, eq=False)
class SmallFace:
    """Planes at a distance of the eyes of 64 px at most.

    Attributes
    ----------
    view : FaceView
        The face itself, at its own size.
    size_wh : tuple of int
        Of the planes.
    eyes_px : float
        Distance of the outer corners of the eyes in the planes.
    lab, smooth : ndarray, (h, w, 3) float32
        CIE Lab, with and without its texture.
    rough : ndarray, (h, w) float32
        `hairiness.roughness`.
    mean : ndarray, (h, w, 3) float32
        The mean shaven face, CIE Lab.
    shade : ndarray, (h, w) float32
        How much darker skin is beneath the chin's rim, as a share.
    skin, chin : ndarray, (h, w) float32
        Where the face is skin, and its chin.
    """

    view: FaceView
    size_wh: tuple[int, int]
    eyes_px: float
    lab: FloatArray
    smooth: FloatArray
    rough: FloatArray
    mean: FloatArray
    shade: FloatArray
    skin: FloatArray
    chin: FloatArray

    def small(self, plane: FloatArray) -> FloatArray:
        """Bring a plane of the face to this size."""
        return _small(plane, self.size_wh)

    def against(self, bare: FloatArray) -> Hairiness:
        """Compare with the skin that the bare part, (h, w) float32 0..1, lets expect everywhere."""
        expected = self.mean + smooth_known(self.lab - self.mean, bare, self.eyes_px)
        expected[..., 0] *= 1 - self.shade
        return Hairiness(self.smooth, expected, self.rough, self.eyes_px)


def small_face(lab: FloatArray, view: FaceView) -> SmallFace:
    """Reduce a face; arguments as `facial_hair.find_facial_hair`."""
    scale, size_wh = working_size(lab.shape[1], lab.shape[0], view.eyes_px, _SMALL_EYES_PX)
    small = partial(_small, size_wh=size_wh)
    eyes_px, reduced_lab = view.eyes_px * scale, small(lab)
    return SmallFace(
        view=view,
        size_wh=size_wh,
        eyes_px=eyes_px,
        lab=reduced_lab,
        smooth=cv2.GaussianBlur(reduced_lab, (0, 0), max(0.02 * eyes_px, 0.6)),
        rough=small(roughness(lab, view)),
        mean=small(view.window.sample(bare_face())),
        shade=small(view.window.sample(rim_shade())),
        skin=small(view.skin),
        chin=small(np.maximum(view.beard - 0.75, 0)),
    )


def _small(plane: FloatArray, size_wh: tuple[int, int]) -> FloatArray:
    return np.asarray(reduced(plane, size_wh), np.float32)
