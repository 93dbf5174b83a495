"""How skin changes color with age, in the canonical frame: steps of Lab in thirty years, from the mean faces.

Source: Burt & Perrett 1995 (see `prototypes`). Gains and limits by eye.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from quality.face import FloatArray
from quality.half_precision import to_half
from transforms.face.face_masks import face_masks
from transforms.face.landmark_ids import BEARD, FOLD_POINTS, LEFT_EYE, RIGHT_EYE
from transforms.face.layer_drawing import blobs, polygon
from transforms.face.layer_frame import LAYER_PX, layer_points_px, padded
from transforms.face.prototypes import prototypes

_CHEEKS_PER_DECADE = (-0.2, 0.6, 0.1)
"""How the cheeks, to which the prototypes are relative, change themselves: two thirds of the same regression."""
_HOLLOW, _YELLOW_OF_RED = 0.55, 0.55
_LIGHT_OF_MEANS, _MOST_RED, _MOST_YELLOW, _PALENESS, _SHADE_COLOR = 1.2, 1.4, 1.1, (0.5, 0.2), np.float32(0.15)
"""Steps of L, a* and b* in thirty years, and of a* and b* for each step of L that old skin is darker. By eye."""
_YOUTH_MOUTH, _YOUTH_CHEEKS = 1.6, 1.35
"""Light about mouth and cheeks makes younger at no loss of identity, about eyes and on the forehead it does not: by
regression over random edits (see docs/edit-strengths.md)."""
_YOUTH_COLOR = 0.3
"""Share of the mean change of a* and b*: in full, a young mouth and jaw turn gray and the forehead pink, and no judge
sees it."""


@cache
def age_layer() -> FloatArray:
    """Return the color of a positive strength, (LAYER_PX, LAYER_PX, 3)."""
    change = _mean_change()
    # What stands beside the face on one side is no age, and the means' own light none either.
    change = (change + change[:, ::-1]) / 2
    change[..., 0] -= _LIGHT_OF_MEANS
    # Old skin is redder and yellower in its shades: where the means lose color, others' beards and hair are in them.
    # A cheek is hollow in some of the old: in everybody it would be a smudge.
    change[..., 0] = np.where(change[..., 0] < 0, _HOLLOW * change[..., 0], change[..., 0])
    shade = -np.minimum(change[..., :1], 0)
    change[..., 1:] = np.maximum(change[..., 1:], _SHADE_COLOR * shade - np.array(_PALENESS, np.float32))
    change[..., 1] = np.minimum(change[..., 1], _MOST_RED)
    # Red without yellow is a bruise.
    change[..., 2] = np.clip(change[..., 2], _YELLOW_OF_RED * change[..., 1], _MOST_YELLOW)
    return to_half(change)


def _mean_change() -> FloatArray:
    change = padded(prototypes().color_age) + np.array(_CHEEKS_PER_DECADE, np.float32)
    mask = face_masks()
    # Brows of the old are lighter in the mean face; `hair` grays them instead.
    return change * (3.0 * (1 - 0.7 * mask.brows) * (1 - 0.8 * mask.eyes))[..., None].astype(np.float32)


@cache
def youth_layer() -> FloatArray:
    """Return the color of a negative strength: the younger men's beards in the mean faces darken no young skin."""
    layer = _mean_change()
    layer[..., 0] = np.minimum(layer[..., 0], 0)
    eyes = np.clip(polygon(RIGHT_EYE, 2.0, 8) + polygon(LEFT_EYE, 2.0, 8), 0, 1)
    mouth = np.maximum(polygon(BEARD, 1.05, 8), blobs(FOLD_POINTS, 8)) * (1 - eyes)
    brow_y = float(layer_points_px()[[66, 296], 1].mean())
    forehead = np.clip((brow_y - np.arange(LAYER_PX, dtype=np.float32)) / 15, 0, 1)[:, None] * (1 - eyes)
    gain = np.float32(_YOUTH_CHEEKS) + (_YOUTH_MOUTH - _YOUTH_CHEEKS) * mouth
    gain += (1 - _YOUTH_CHEEKS) * np.maximum(eyes, forehead)
    layer[..., 0] *= gain
    layer[..., 1:] *= _YOUTH_COLOR
    return to_half(layer)
