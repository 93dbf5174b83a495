"""The wire of glasses on the cheeks: as thin as a wrinkle, but longer, and no redder than the skin. By eye."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.face.face_view import FaceView
from transforms.face.rims import Rims
from transforms.face.thin_lines import thin_lines

_BREADTH_EYES = 0.02
"""Half the breadth of wire, in distances of the eyes."""
_STEPS, _STEPS_WITHIN, _LONG = 1.5, 3.0, 1.0
"""Of L, on it, from which on a line may be wire, and within how many it surely is; their mean where it is long."""
_LEAST = 0.75
"""How surely what lies on the very curve of a rim is wire."""


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
    breadth_px = max(round(_BREADTH_EYES * view.eyes_px), 1)
    side = 2 * breadth_px + 1
    # Thick frames are told by their color; beside them nothing else is to stay.
    line = thin_lines(lab, breadth_px, breadth_px, 3 * side)
    long = cv2.blur(line, (2 * side + 1, 2 * side + 1))
    wire: FloatArray = np.clip((long - _LONG) / _LONG, 0, 1) * np.clip((line - _STEPS) / _STEPS_WITHIN, 0, 1)
    wire = cv2.blur(cv2.dilate(wire, np.ones((3, 3))), (3, 3)) * rims.band(lab.shape[:2])
    return np.maximum(wire, np.float32(_LEAST) * rims.core(lab.shape[:2])) * np.float32(rims.likelihood)
