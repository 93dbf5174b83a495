"""Beard out: the face shaved to the skin that the mean shaved face predicts.

Where hairs are, and the skin in their place, `facial_hair` tells; here it gets the person's own texture
(`skin_texture`), and lips come out of the shade of a moustache. Constants by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.beard.facial_hair import find_facial_hair
from transforms.face.face_view import FaceView
from transforms.face.lips import lift_lips
from transforms.face.skin_texture import skin_texture
from transforms.picture.bounds import bounds

_CHIN_SHADE = 0.13
_LIPS_LIGHT = 0.65
_LEAST_TEXTURED = 0.3
"""Where less than this of the skin is made up (a woman's), what stays has texture enough."""


def shave(
    lab: FloatArray,
    view: FaceView,
    strength: float,
    person_ratio: FloatArray,
    done: FloatArray,
    bearded: float = 1.0,
) -> FloatArray:
    """Replace beard, moustache and stubble by skin.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
        The window's pixels, CIE Lab.
    view : FaceView
    strength : float
        1 takes out all that the mesh reaches.
    person_ratio : ndarray, (h, w) float32
        Beside a turned jaw the mesh reaches over the background: this tells where nobody is.
    done : ndarray, (h, w) float32
        1 where `neck` has taken a beard off already.
    bearded : float
        As in `find_facial_hair`.

    Returns
    -------
    ndarray, (h, w, 3) float32
    """
    if strength <= 0:
        return lab
    size_wh = (lab.shape[1], lab.shape[0])
    hair = find_facial_hair(lab, view, done, bearded)
    somebody: FloatArray = np.clip((person_ratio - 0.3) / 0.5, 0, 1).astype(np.float32)
    replaced = hair.amount * np.float32(min(strength, 1.0))
    amount = cv2.resize(replaced, size_wh, interpolation=cv2.INTER_LINEAR) * somebody
    skin: FloatArray = cv2.resize(hair.skin, size_wh, interpolation=cv2.INTER_LINEAR)
    # Under the chin the neck lies in shade.
    skin[..., 0] *= 1 - _CHIN_SHADE * view.throat * (1 - done) * (1 - view.beard)
    if float(amount.max()) > _LEAST_TEXTURED:
        texture = skin_texture(lab, view.bare_cheeks, view.eyes_px, size_wh)
        skin += texture * np.clip(skin[..., :1] / max(float(view.reference[0]), 1.0), 0.3, 1.2)
    result: FloatArray = lab + (skin - lab) * amount[..., None]
    part = bounds(view.lips > 0)
    if part is not None:
        # Lips lie in the shade of a moustache.
        result[part][..., 0] += hair.fullness * lift_lips(
            result[part][..., 0], view.lips[part] * somebody[part], skin[part][..., 0], _LIPS_LIGHT
        )
    return result
