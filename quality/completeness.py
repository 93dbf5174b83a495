"""Completeness: whether the whole face lies inside the picture.

The landmark net extrapolates the mesh beyond the border, so the outline tells how far the face reaches over it. The
mesh ends below the hairline: its forehead is raised to where a face ends. Cut hair or ears leave a face complete, as
in the upstream's documentation (https://cloud.baidu.com/doc/FACE/s/fk3co86lr: "0 = the face overflows the border").
"""

from __future__ import annotations

import numpy as np

from quality.face import FloatArray

FOREHEAD_ARC = (54, 103, 67, 109, 10, 338, 297, 332, 284)
"""The upper end of MediaPipe's FACEMESH_FACE_OVAL."""
CHEEKS_AND_JAW = (
    *(251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152),
    *(148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21),
)
"""The rest of it, clockwise."""
FOREHEAD_RATIO = 0.16
"""Height of the forehead above the mesh, in outer eye distances. On the cut series of eight people the mesh stays up
to 0.165 inside a border that cuts 3 % of the face off."""
MARGIN_RATIO = 0.02
"""The outline must keep this share of the outer eye distance from the border: cut faces are extrapolated short."""
_CROWN, _CHIN = 10, 152
_OUTER_EYES = (33, 263)


def measure_completeness(landmarks_px: FloatArray, width_px: int, height_px: int) -> float:
    """Whether the face is inside the picture.

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
    points = landmarks_px[:, :2].astype(np.float64)
    eye_distance_px = float(np.linalg.norm(points[_OUTER_EYES[0]] - points[_OUTER_EYES[1]]))
    up = points[_CROWN] - points[_CHIN]
    up /= np.linalg.norm(up) + 1e-9
    forehead = points[list(FOREHEAD_ARC)] + FOREHEAD_RATIO * eye_distance_px * up
    outline = np.concatenate([forehead, points[list(CHEEKS_AND_JAW)]])
    margin_px = MARGIN_RATIO * eye_distance_px
    limit_px = np.array([width_px - 1, height_px - 1]) - margin_px
    return float(bool((outline >= margin_px).all() and (outline <= limit_px).all()))
