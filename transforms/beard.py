"""Beard out and beard in: shaving to the skin that the mean face predicts, and stubble as hairs under skin.

Shaving takes the mean shaved face's shading (see `prototypes`), carries the person's own difference from it over from
the bare skin around (normalized convolution), and adds grain of the person's strength. Constants by eye.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.canonical_layers import LAYER_PX, face_masks, padded
from transforms.face_view import FaceView, smooth_known
from transforms.prototypes import prototypes

_SMALL_EYES_PX = 64.0
_SEED = 11
_SCALE = 2
_HAIRS = 9000
_VEIL, _HAIR = 0.14, 0.22
_USUAL_LIGHTNESS = 65.0
_BEARD_CORE = 0.85


def shave(lab: FloatArray, view: FaceView, strength: float, person_ratio: FloatArray) -> FloatArray:
    """Replace beard, moustache and stubble by skin; 1 takes out all that the mesh reaches.

    Beside a turned jaw the mesh reaches over the background: `person_ratio` (h, w) tells where nobody is.
    """
    if strength <= 0:
        return lab
    height, width = lab.shape[:2]
    scale = min(1.0, _SMALL_EYES_PX / view.eyes_px)
    size = (max(round(width * scale), 4), max(round(height * scale), 4))
    eyes_px = view.eyes_px * scale
    small = cv2.resize(lab, size, interpolation=cv2.INTER_AREA)
    mean = view.window.sample(_bare_face())
    zone = np.clip(view.beard * 2.6 + view.throat, 0, 1)
    mean_small = cv2.resize(mean, size, interpolation=cv2.INTER_AREA)
    zone_small = cv2.resize(zone, size, interpolation=cv2.INTER_AREA)
    bare = cv2.resize(view.skin * view.skin_like, size, interpolation=cv2.INTER_AREA) * (1 - zone_small)
    own = smooth_known(small - mean_small, bare, eyes_px)
    target_small = mean_small + own
    smooth_small = cv2.GaussianBlur(small, (0, 0), max(0.02 * eyes_px, 0.6))
    off = target_small - smooth_small
    darker = off[..., 0] / np.maximum(target_small[..., 0], 15)
    # Hairs show as texture too: beards can be as light as the skin.
    texture = _texture(lab, view.eyes_px)
    on_cheek = texture[(view.cheeks > 0.4) & (view.skin_like > 0.5)]
    usual = float(np.median(on_cheek)) if on_cheek.size > 20 else 1.0
    rough = cv2.resize(texture, size, interpolation=cv2.INTER_AREA) / max(usual, 0.7)
    hairy = np.maximum(np.clip((darker - 0.03) / 0.1, 0, 1), np.clip((rough - 1.5) / 1.5, 0, 1))
    # On a dark skin gray hairs are no darker, but they have no color.
    chroma, skin_chroma = (np.hypot(part[..., 1], part[..., 2]) for part in (smooth_small, target_small))
    hairy = np.maximum(hairy, np.clip((skin_chroma - chroma) / np.maximum(skin_chroma, 10) / 0.25 - 1.2, 0, 1))
    hairy = cv2.GaussianBlur(cv2.dilate(hairy.astype(np.float32), np.ones((3, 3))), (0, 0), 0.03 * eyes_px)
    # Below the chin only what goes on from a bearded chin is beard: collars and shade are not.
    chin = cv2.resize(np.maximum(view.beard - 0.75, 0), size, interpolation=cv2.INTER_AREA)
    bearded = float((hairy * chin).sum()) / max(float(chin.sum()), 1e-3)
    below = cv2.resize(view.throat * (1 - view.beard), size, interpolation=cv2.INTER_AREA)
    # Much darker than the beard itself is the shadow under a chin.
    lightness = smooth_small[..., 0]
    beard_lightness = float((lightness * hairy * chin).sum()) / max(float((hairy * chin).sum()), 1e-3)
    below_lightness = float((lightness * hairy * below).sum()) / max(float((hairy * below).sum()), 1e-3)
    lit = min(max((below_lightness / max(beard_lightness, 1.0) - 0.3) / 0.2, 0.0), 1.0)
    hairy = hairy * (1 - below * (1 - lit * min(max((bearded - 0.5) / 0.3, 0.0), 1.0)))
    replaced = (zone_small * hairy * min(strength, 1.0)).astype(np.float32)
    amount = cv2.resize(replaced, (width, height), interpolation=cv2.INTER_LINEAR)
    amount *= np.clip((person_ratio - 0.3) / 0.5, 0, 1)
    target: FloatArray = cv2.resize(target_small, (width, height), interpolation=cv2.INTER_LINEAR)
    # Under the chin the neck lies in shade.
    target[..., 0] *= 1 - 0.13 * view.throat * (1 - view.beard)
    target[..., 0] += _grain(height, width, view.eyes_px) * min(usual, 2.0)
    result: FloatArray = lab + (target - lab) * amount[..., None]
    return result


def add_stubble(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Add a beard's shadow and short hairs; 1 is a dark beard on the second day."""
    if strength <= 0:
        return lab
    # The same share of hairs stands out more on a fair skin.
    fair = min(max((_USUAL_LIGHTNESS / max(float(view.reference[0]), 1.0)) ** 2, 0.7), 1.5)
    free = view.skin_like * min(strength * fair, 2.6)
    zone = view.stubble * free
    hairs = view.window.sample(stubble_layer()) * free
    # Hairs take the place of a share of the skin; under the skin they are a faint cool veil.
    share = np.where(zone > 0, np.minimum(_VEIL * zone + _HAIR * hairs, 0.8), 0)[..., None]
    hair = np.broadcast_to(_hair_color(lab, view), lab.shape).copy()
    # In shade hair is darker, as skin is.
    hair[..., 0] *= np.clip(view.local_skin[..., 0] / max(float(view.reference[0]), 1.0), 0.3, 1.3)
    result: FloatArray = lab + (hair - lab) * share
    result[..., 2] -= 0.6 * zone * view.light
    return result


def _hair_color(lab: FloatArray, view: FaceView) -> FloatArray:
    """Color of the person's beard: that of the darker half of the brows, or a dark brown where they are hidden."""
    brows = lab[view.brows > 0.6]
    if len(brows) < 12:
        return view.reference * np.array([0.35, 0.42, 0.42], np.float32)
    dark = brows[brows[:, 0] <= np.median(brows[:, 0])]
    color: FloatArray = np.median(dark, axis=0)
    color[0] = min(float(color[0]), 0.42 * float(view.reference[0]))
    # Seen through skin, hair keeps some of the skin's warmth; without it light skins look ashen.
    color[1:] = np.maximum(color[1:], 0.6 * view.reference[1:])
    return color


def gray_beard(lab: FloatArray, unpainted: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Gray a beard that `unpainted` shows: creases and pigment look like hairs. 1 is a person of about 70."""
    if strength <= 0:
        return lab
    skin = view.local_skin[..., 0]
    darker = np.clip((skin - unpainted[..., 0]) / np.maximum(skin, 15) / 0.35 - 0.25, 0, 1)
    zone = np.clip(np.maximum(view.beard * 1.5, view.throat), 0, 1) * cv2.GaussianBlur(
        darker.astype(np.float32), (0, 0), max(0.02 * view.eyes_px, 0.6)
    )
    # A long beard leaves the mesh: graying its upper part alone would show.
    hanging = float((darker * view.throat).sum()) / max(float(view.throat.sum()), 1.0)
    share = np.clip(0.8 * zone * strength, 0, 0.9) * min(max((0.7 - hanging) / 0.3, 0.0), 1.0)
    share *= _bearded(view, darker)
    result = lab.copy()
    # Gray hairs lie between the dark ones: contrast rises, so lighter strands are lifted more.
    low = cv2.GaussianBlur(lab[..., 0], (0, 0), max(0.015 * view.eyes_px, 0.6))
    result[..., 0] += share * (0.45 * np.maximum(skin - low, 0) + 0.5 * (lab[..., 0] - low))
    result[..., 1:] *= (1 - 0.75 * share)[..., None]
    return result


def _bearded(view: FaceView, darker: FloatArray) -> float:
    """0 where the shades about the mouth are folds and the chin's own shadow .. 1 where chin and lip are dark.

    Of 78 training portraits the shaven and the women are below 0.13, the bearded above 0.18.
    """
    core = np.where(view.beard > _BEARD_CORE, view.beard, 0)
    dark = float((darker * core).sum()) / max(float(core.sum()), 1.0)
    return min(max((dark - 0.1) / 0.12, 0.0), 1.0)


@cache
def _bare_face() -> FloatArray:
    """Mean shaved color against the cheeks, (LAYER_PX, LAYER_PX, 3) float32."""
    table = prototypes()
    # The regression's mean is of half women; at 35 with all the women's share no stubble is left in it.
    color = table.color_mean - 1.5 * table.color_age + 0.5 * table.color_female
    return padded(color)


def _texture(lab: FloatArray, eyes_px: float) -> FloatArray:
    """Local deviation of L between the scales of hairs, steps of L."""
    lightness = lab[..., 0]
    band = lightness - cv2.GaussianBlur(lightness, (0, 0), max(0.02 * eyes_px, 0.8))
    energy = cv2.GaussianBlur(band * band, (0, 0), max(0.03 * eyes_px, 1.0))
    deviation: FloatArray = np.sqrt(energy)
    return deviation


def _grain(height: int, width: int, eyes_px: float) -> FloatArray:
    rng = np.random.default_rng(_SEED)
    noise: FloatArray = rng.standard_normal((height, width)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), max(0.5, 0.006 * eyes_px))
    grain: FloatArray = noise * np.float32(0.8 / max(float(noise.std()), 1e-3))
    return grain


@cache
def stubble_layer() -> FloatArray:
    """Short hairs, (2 LAYER_PX, 2 LAYER_PX) float32, 0..1, mean about 0.3; drawn downward and out from the mouth."""
    rng = np.random.default_rng(_SEED)
    side = LAYER_PX * _SCALE
    layer = np.zeros((side, side), np.float32)
    density = cv2.resize(face_masks().stubble, (side, side))
    ys, xs = np.nonzero(density > 0.05)
    chosen = rng.choice(len(ys), _HAIRS * 6)
    chosen = chosen[rng.random(len(chosen)) < density[ys[chosen], xs[chosen]] ** 1.3]
    middle = side / 2
    roots = np.stack([xs[chosen], ys[chosen]], axis=1) + rng.uniform(-0.5, 0.5, (len(chosen), 2))
    lean = 0.5 * np.clip((roots[:, 0] - middle) / (0.2 * side), -1, 1) + rng.normal(0, 0.35, len(chosen))
    length = rng.uniform(1.0, 3.0, len(chosen))
    tips = roots + length[:, None] * np.stack([np.sin(lean), np.cos(lean)], axis=1)
    hairs = np.round(np.stack([roots, tips], axis=1) * 8).astype(np.int32)
    for part, shade in zip(np.array_split(hairs, 8), np.linspace(0.35, 1.0, 8), strict=True):
        cv2.polylines(layer, list(part), False, float(shade), 1, cv2.LINE_AA, 3)
    return cv2.GaussianBlur(layer, (0, 0), 0.6)
