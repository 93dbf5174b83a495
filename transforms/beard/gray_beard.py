"""A beard that stays: graying it."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.face.face_view import FaceView
from transforms.picture.bounds import bounds
from transforms.picture.ramp import ramp

_BEARD_CORE = 0.85


def gray_beard(lab: FloatArray, unpainted: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Gray a beard that `unpainted` shows: creases and pigment look like hairs. 1 is a person of about 70."""
    if strength <= 0:
        return lab
    part = bounds((view.beard > 0) | (view.throat > 0))
    if part is None:
        return lab
    view, own = view.within(part), lab[part]
    skin = view.local_skin[..., 0]
    darker = np.clip((skin - unpainted[part][..., 0]) / np.maximum(skin, 15) / 0.35 - 0.25, 0, 1)
    # A long beard leaves the mesh: graying its upper part alone would show.
    hanging = float((darker * view.throat).sum()) / max(float(view.throat.sum()), 1.0)
    grayed = ramp(hanging, 0.7, 0.4) * _bearded(view, darker)
    if not grayed:
        return lab
    zone = np.clip(np.maximum(view.beard * 1.5, view.throat), 0, 1)
    zone *= cv2.GaussianBlur(darker, (0, 0), max(0.02 * view.eyes_px, 0.6))
    share = np.clip(0.8 * zone * strength, 0, 0.9) * grayed
    result = lab.copy(order="K")
    # Gray hairs lie between the dark ones: contrast rises, so lighter strands are lifted more.
    low = cv2.GaussianBlur(own[..., 0], (0, 0), max(0.015 * view.eyes_px, 0.6))
    result[part][..., 0] += share * (0.45 * np.maximum(skin - low, 0) + 0.5 * (own[..., 0] - low))
    result[part][..., 1:] *= (1 - 0.75 * share)[..., None]
    return result


def _bearded(view: FaceView, darker: FloatArray) -> float:
    """0 where the shades about the mouth are folds and the chin's own shadow .. 1 where chin and lip are dark.

    Of 78 training portraits the shaven and the women are below 0.13, the bearded above 0.18.
    """
    core = np.where(view.beard > _BEARD_CORE, view.beard, 0)
    dark = float((darker * core).sum()) / max(float(core.sum()), 1.0)
    return ramp(dark, 0.1, 0.22)
