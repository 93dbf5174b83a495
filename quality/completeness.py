"""Completeness: whether the whole face oval lies inside the picture.

The landmark net extrapolates the mesh beyond the border, so the oval's points tell how far the face reaches over it.
The oval ends at the hairline: cut hair or ears leave a face complete, as in the upstream's documentation
(https://cloud.baidu.com/doc/FACE/s/fk3co86lr: "0 = the face overflows the border").
"""

from __future__ import annotations

import numpy as np

from quality.face import FloatArray

FACE_OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
"""MediaPipe's FACEMESH_FACE_OVAL: the outline, from the forehead clockwise."""
MARGIN_RATIO = 0.02
"""The oval must keep this share of the outer eye distance from the border: cut faces are extrapolated short."""
_OUTER_EYES = (33, 263)


def measure_completeness(landmarks_px: FloatArray, width_px: int, height_px: int) -> float:
    """Whether the face oval is inside the picture.

    Parameters
    ----------
    landmarks_px : ndarray, (>=468, >=2) float32
    width_px, height_px : int
        Size of the picture.

    Returns
    -------
    float
        1.0 when the whole face is inside, 0.0 when it overflows a border.
    """
    oval = landmarks_px[list(FACE_OVAL), :2]
    eye_line = landmarks_px[_OUTER_EYES[0], :2] - landmarks_px[_OUTER_EYES[1], :2]
    margin_px = MARGIN_RATIO * float(np.linalg.norm(eye_line))
    limit = np.array([width_px - 1, height_px - 1], np.float32) - margin_px
    return float(bool((oval >= margin_px).all() and (oval <= limit).all()))
