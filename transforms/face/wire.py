"""The wire of glasses on the cheeks: as thin as a wrinkle, but longer, and no redder than the skin. By eye."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.face.face_view import FaceView
from transforms.face.rims import Rims

_BREADTH_EYES = 0.02
"""Half the breadth of wire, in distances of the eyes."""
_STEPS, _STEPS_WITHIN, _LONG = 1.5, 3.0, 1.0
"""Of L, on it, from which on a line may be wire, and within how many it surely is; their mean where it is long."""
_LEAST = 0.75
"""How surely what lies on the very curve of a rim is wire."""
_FOLDS_REDDER = 2.0
"""How many of them a step of a* above the skin's counts against it: wire has -1 to 1 of a* mostly, folds 2 to 3."""


def wire_of_glasses(lab: FloatArray, view: FaceView, rims: Rims) -> FloatArray:
    """Find wire, dark or light.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
        CIE Lab.
    view : FaceView
    rims : Rims
        In pixels of `lab`.

    Returns
    -------
    ndarray, (h, w) float32
        0 nothing .. 1 wire.
    """
    side = 2 * max(round(_BREADTH_EYES * view.eyes_px), 1) + 1
    kernel, lightness = np.ones((side, side), np.uint8), lab[..., 0]
    # Thick frames are told by their color; beside them nothing else is to stay.
    dark = cv2.morphologyEx(lightness, cv2.MORPH_CLOSE, kernel) - lightness
    light = lightness - cv2.morphologyEx(lightness, cv2.MORPH_OPEN, kernel)
    redder = np.maximum(lab[..., 1] - cv2.blur(lab[..., 1], (6 * side + 1, 6 * side + 1)), 0)
    line = np.maximum(dark, light) - np.float32(_FOLDS_REDDER) * redder
    long = cv2.blur(line, (2 * side + 1, 2 * side + 1))
    wire: FloatArray = np.clip((long - _LONG) / _LONG, 0, 1) * np.clip((line - _STEPS) / _STEPS_WITHIN, 0, 1)
    wire = cv2.blur(cv2.dilate(wire, np.ones((3, 3))), (3, 3)) * rims.band(lab.shape[:2])
    return np.maximum(wire, np.float32(_LEAST) * rims.core(lab.shape[:2])) * np.float32(rims.likelihood)
