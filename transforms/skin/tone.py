"""Color differences of the age and gender prototypes, added at low frequency.

Source: Burt & Perrett 1995; Rowland & Perrett 1995 (see `prototypes`). Gains and limits by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.face.face_view import FaceView
from transforms.face.skin_light import SHADED_LIGHTNESS, colorfulness, faded, headroom, own_hue
from transforms.picture.lab import planar
from transforms.skin.age_tone_layers import age_layer, youth_layer
from transforms.skin.gender_tone_layers import MOST_SHADE, gender_layers

_LIPS_YELLOW = 0.25
_MOST_COLORFUL, _LEAST_COLORFUL = 1.35, 0.25
"""Color by lightness against that of the cheeks, that age may give to skin at most, and the least that cheeks count
for: where the light bleached them, old skin in shade would be violet. By eye."""
_AGE_LIMITS = (8.0, 4.0, 4.0)
_FEMALE_LIMITS, _MALE_LIMITS = (MOST_SHADE, 11.0, 7.0), (MOST_SHADE, 11.0, 4.0)
_SHADOW_TAKEN = 0.9


def add_age_tone(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Add the color of aging; 1 is thirty years, negative is younger."""
    if not strength:
        return lab
    layer, hue = (age_layer(), own_hue(view.unfaded)) if strength > 0 else (youth_layer(), np.ones(2))
    amount = _on_skin(view) * view.light * headroom(lab[..., 0])
    aged = _add(lab, view, layer, np.append(1, hue) * strength, _AGE_LIMITS, amount)
    if strength > 0:
        # Lips lose their red with age: without the skin's yellow in its place they would be purple.
        yellow = np.maximum(view.reference[2] - aged[..., 2], 0) * view.lips
        aged[..., 2] += min(_LIPS_YELLOW * strength, 0.5) * yellow
    return aged


def no_more_colorful(lab: FloatArray, before: FloatArray, view: FaceView) -> FloatArray:
    """Keep aged skin from more color by lightness than it had, or cheeks have: rouge in shade would be orange."""
    cheeks = float(np.hypot(view.reference[1], view.reference[2]) / (view.reference[0] + SHADED_LIGHTNESS))
    had, has = (cv2.magnitude(one[..., 1], one[..., 2]) / (one[..., 0] + SHADED_LIGHTNESS) for one in (before, lab))
    most = np.maximum(had, np.float32(_MOST_COLORFUL * max(cheeks, _LEAST_COLORFUL)))
    too_much = np.maximum(1 - most / np.maximum(has, np.float32(1e-3)), 0) * view.skin
    result = lab.copy(order="K")
    for k in (1, 2):
        result[..., k] -= lab[..., k] * too_much
    return result


def add_gender_tone(lab: FloatArray, view: FaceView, strength: float, shaven: float = 0.0) -> FloatArray:
    """Add the color difference of the genders, features included; positive is female.

    Where a beard was just taken out, `shaven` (0..1) keeps some of the men's beard shadow from coming back.
    """
    if not strength:
        return lab
    if strength > 0:
        strength *= view.color_need
    features = np.maximum(view.eyes * view.window.eyes_open, view.brows) * np.minimum(view.face * 2, 1)
    amount = np.maximum(_on_skin(view), features)
    if strength < 0:
        amount = amount * (1 - _SHADOW_TAKEN * min(shaven, 1.0) * np.minimum(1.6 * view.beard, 1))
    # A fair skin needs no more than a usual one, a dark skin more than its share of light.
    to_female, to_male = gender_layers()
    layer, limits = (to_female, _FEMALE_LIMITS) if strength > 0 else (to_male, _MALE_LIMITS)
    toned = _add(lab, view, layer, np.full(3, strength), limits, amount * cv2.pow(np.minimum(view.light, 1), 0.6))
    return _shaded_as_skin(lab, toned, view) if strength < 0 else toned


def _shaded_as_skin(lab: FloatArray, toned: FloatArray, view: FaceView) -> FloatArray:
    """Let burnt-out skin show less of a beard's shade, and in it the color that light took: else it is gray."""
    shade = np.minimum(toned[..., 0] - lab[..., 0], 0) * view.skin
    seen = headroom(np.maximum(lab[..., 0], view.local_skin[..., 0]))
    toned[..., 0] -= shade * (1 - seen)
    back = faded(lab[..., 0]) * shade * seen * np.float32(colorfulness(view.reference))
    toned[..., 1:] -= back[..., None] * view.fading
    return toned


def _on_skin(view: FaceView) -> FloatArray:
    """Return where skin and lips are seen."""
    shown: FloatArray = np.maximum(view.skin, 0.8 * view.lips) * np.maximum(view.skin_like, view.lips)
    return shown


def _add(
    lab: FloatArray,
    view: FaceView,
    layer: FloatArray,
    factors: FloatArray,
    limits: tuple[float, float, float],
    amount: FloatArray,
) -> FloatArray:
    limit = np.array(limits, np.float32)
    change = planar(view.window.sample(layer))
    change *= factors.astype(np.float32)
    np.clip(change, -limit, limit, out=change)
    # What is bright already would burn out.
    burnt = 1 - np.clip((90 - lab[..., 0]) / 25, 0, 1)
    change[..., 0] -= np.maximum(change[..., 0], 0) * burnt
    change *= amount[..., None]
    change += lab
    return change
