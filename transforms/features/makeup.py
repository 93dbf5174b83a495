"""Lips, lashes, lid shadow, blush and hollows of the cheeks.

Colors by eye; which parts there are and how much of each by regression over random parts (docs/edit-strengths.md).
"""

from __future__ import annotations

import numpy as np

from quality.face import FloatArray
from transforms.face.face_view import FaceView
from transforms.face.lips import lift_lips
from transforms.face.skin_light import SHADED_LIGHTNESS
from transforms.features.makeup_layers import (
    cheek_zone,
    eye_zone,
    hollow_layer,
    lash_layer,
    lid_layer,
    lower_lash_layer,
)
from transforms.picture.bounds import bounds

_SKIN_LIGHTNESS, _LEAST_LIGHT = (48.0, 60.0, 70.0), (0.9, 0.78, 0.7)
"""Lightness of painted lips against the skin's, by the skin's: dark skin has lips of nearly its own lightness. By the
portraits of women."""
_REDDEST = 21.0
"""Steps of a* above the skin's from which on lips get no redder: women's have 4 to 21, 13 in the median."""
_LEAST_YELLOW, _MOST_YELLOWED = 0.45, 8.0
"""Yellow by red of lips against the skin's, below which they are purple, and the most steps of b* that they get."""

_UNPAINTED_RED, _UNPAINTED_YELLOW, _PAINT_TAKEN = 7.0, (-6.0, 0.0), 0.75
"""Steps of a* above the skin's, and of b* against it, beyond which lips are painted: a quarter of the men's are. How
much of what is beyond goes is by eye: all of it would be another person's mouth."""


def add_makeup(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Redden lips, darken lashes, shade lids and blush the cheeks; 1 is a usual make-up, negative takes it off."""
    if not strength:
        return lab
    if strength < 0:
        return _without_makeup(lab, view, -strength)
    strength *= view.color_need
    result = lab.copy(order="K")
    for add, part in (
        (_add_lips, bounds(view.lips > 0)),
        (_add_about_eyes, view.window.around(eye_zone())),
        (_add_cheeks, view.window.around(cheek_zone())),
    ):
        if part is not None:
            add(result[part], lab[part], view.within(part), strength)
    return result


def _add_lips(result: FloatArray, lab: FloatArray, view: FaceView, strength: float) -> None:
    lips = view.lips * strength * view.light
    skin = view.local_skin[..., 0]
    result[..., 0] -= 7.5 * lips * np.clip(result[..., 0] / np.maximum(skin, 1), 0, 1)
    # Lips that are red already would glow.
    redder = 13.0 * lips * np.clip((view.reference[1] + _REDDEST - lab[..., 1]) / 14, 0, 1)
    result[..., 1] += redder
    yellow_by_red = float(view.reference[2]) / max(float(view.reference[1]), 1.0)
    yellow = _LEAST_YELLOW * min(yellow_by_red, 2.0) * result[..., 1]
    result[..., 2] += lips * np.clip(yellow - result[..., 2], 0, _MOST_YELLOWED)
    least_light = float(np.interp(view.reference[0], _SKIN_LIGHTNESS, _LEAST_LIGHT))
    # Thin lips, and those that lie in shade, would turn black.
    result[..., 0] += lift_lips(result[..., 0], view.lips, skin, least_light)


def _add_about_eyes(result: FloatArray, lab: FloatArray, view: FaceView, strength: float) -> None:
    free = np.minimum(view.face * 1.5, 1)
    for layer, steps in ((lash_layer(), 25.0), (lower_lash_layer(), 12.5)):
        lashes = view.window.sample(layer) * free * (strength * view.window.eyes_open)
        result[..., 0] -= np.minimum(steps * lashes * view.light, 0.6 * result[..., 0])
    lids = view.window.sample(lid_layer()) * free * (1 - view.brows) * strength * view.skin_like
    result[..., 0] -= 5.5 * lids * view.light
    # Lashes are black, not red: skin's color in the dark of a lash line looks sore.
    result[..., 1:] *= ((result[..., 0] + SHADED_LIGHTNESS) / (lab[..., 0] + SHADED_LIGHTNESS))[..., None]
    result[..., 1] += 2.0 * lids


def _add_cheeks(result: FloatArray, _: FloatArray, view: FaceView, strength: float) -> None:
    skin = view.skin * view.skin_like * strength * view.light
    result[..., 1] += 3.0 * view.cheeks * skin
    result[..., 0] -= 5.0 * view.window.sample(hollow_layer()) * skin


def _without_makeup(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Take the paint off lips, and lighten lash line and lids."""
    result = lab.copy(order="K")
    for take, part in ((_unpaint_lips, bounds(view.lips > 0)), (_lighten_eyes, view.window.around(eye_zone()))):
        if part is not None:
            take(result[part], lab[part], view.within(part), strength)
    return result


def _unpaint_lips(result: FloatArray, lab: FloatArray, view: FaceView, strength: float) -> None:
    lips = view.lips * min(strength, 1.0)
    red, yellow = (lab[..., 1 + k] - view.reference[1 + k] for k in (0, 1))
    result[..., 1] -= _PAINT_TAKEN * np.maximum(red - _UNPAINTED_RED, 0) * lips
    result[..., 2] -= _PAINT_TAKEN * (yellow - np.clip(yellow, *_UNPAINTED_YELLOW)) * lips


def _lighten_eyes(result: FloatArray, own: FloatArray, view: FaceView, strength: float) -> None:
    free = np.minimum(view.face * 1.5, 1) * strength * view.light
    gap = np.clip((view.local_skin[..., 0] - own[..., 0]) / 20, 0, 1)
    lighter = 6.0 * view.window.sample(lash_layer()) * free * gap * view.window.eyes_open
    lighter += 5.0 * view.window.sample(lid_layer()) * free * gap * view.skin_like * (1 - view.brows)
    result[..., 0] += lighter
