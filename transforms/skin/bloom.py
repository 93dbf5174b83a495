"""A child's bloom: light on round cheeks, rosy skin, red lips."""

from __future__ import annotations

from functools import cache

import numpy as np

from quality.face import FloatArray
from quality.half_precision import to_half
from transforms.face.face_view import FaceView
from transforms.face.landmark_ids import FOLD_POINTS
from transforms.face.layer_drawing import blobs
from transforms.face.layer_frame import LAYER_PX
from transforms.face.skin_light import SHADED_LIGHTNESS

_BLOOM = ((2.0, 0.3, 0.2), (0.5, 1.6, 0.5), (0.0, 5.0, 0.0))
"""Steps of L, a* and b* on the skin, more of them on the cheeks, and on the lips. By eye."""
_ROUND_PARTS = (
    ((50, 280), 15.0, 4.5),
    (FOLD_POINTS, 7.0, 2.5),
    ((4,), 6.0, 6.5),
    ((195,), 5.0, 3.5),
    ((199,), 9.0, 4.0),
    ((151, 108, 337), 20.0, 2.0),
    ((18,), 5.0, -3.5),
    ((132, 361), 14.0, -3.5),
)
"""Mesh points, radius in layer pixels, steps of L: light on a child's round cheeks, nose, chin and forehead, shade
beside and between them. By eye."""


def add_bloom(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Give the skin a child's bloom: lighter, rosy cheeks, red lips."""
    if strength <= 0:
        return lab
    amount = view.light * np.float32(strength)
    skin = view.skin * view.skin_like * amount
    lighter = skin * view.window.sample(_roundness_layer())
    result = lab.copy(order="K")
    for mask, steps in zip((skin, skin * view.cheeks, view.lips * amount), _BLOOM, strict=True):
        lighter += np.float32(steps[0]) * mask
        for plane in (1, 2):
            result[..., plane] += np.float32(steps[plane]) * mask
    lighter *= np.clip((95 - lab[..., 0]) / 25, 0, 1)
    result[..., 0] += lighter
    # Lighter without more color, skin would be gray.
    richer = lighter / (lab[..., 0] + np.float32(SHADED_LIGHTNESS))
    for plane in (1, 2):
        result[..., plane] += lab[..., plane] * richer
    return result


@cache
def _roundness_layer() -> FloatArray:
    """Light and shade of a child's form, steps of L."""
    layer = np.zeros((LAYER_PX, LAYER_PX), np.float32)
    for ids, radius_px, steps in _ROUND_PARTS:
        layer += np.float32(steps) * blobs(ids, radius_px)
    return to_half(layer)
