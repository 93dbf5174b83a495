"""Beard in: stubble as short hairs over a faint shadow under the skin, as dense as in the mean of bearded men.

Hairs are drawn one by one in the picture, as fine as its pixels allow: where a face is small, less is seen of them
than of the shadow. On the neck they stand only in the chin's shade. Constants by eye.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.face.face_view import FaceView
from transforms.face.layer_frame import LAYER_PX
from transforms.picture.bounds import bounds
from transforms.picture.ramp import ramp

_SEED = 11
_EYES_MM = 90.0
"""Usual distance of the outer corners of the eyes."""
_LENGTH_MM, _LEAST_LENGTH_PX = (0.4, 1.1), 1.2
_HAIRS_PER_MM2, _MOST_COVERED = 0.65, 0.5
_LEAST_DENSITY, _ASTRAY = 0.03, 0.45
"""Skin with fewer hairs has none; and how far hairs stand from even places, in distances from one to the next."""
_LEAN, _SPREAD = 0.5, 0.35
"""How far hairs lean out from the mouth, and how much each its own way, radians."""
_FINEST, _SHADES, _BLUR_PX = 0.3, 6, 0.5
_SHARE, _HAIR = 0.34, 0.8
"""Share of the skin that hairs and shadow hide together, and share that a hair hides where it is a pixel wide."""
_WIDTH_MM, _LEAST_WIDTH = 0.36, 0.2
"""A hair as it shows; thinner than a pixel it is fainter."""
_MOST_SHARE = 0.85
_FINE_EYES_PX, _MELTED = 80.0, 0.3
_ON_NECK = 0.8
_USUAL_LIGHTNESS, _BURNT_LIGHTNESS = 65.0, 97.0


def add_stubble(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Add a beard's shadow and short hairs.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
        The window's pixels, CIE Lab.
    view : FaceView
    strength : float
        1 is a dark beard on the second day.

    Returns
    -------
    ndarray, (h, w, 3) float32
    """
    if strength <= 0:
        return lab
    stubble = view.stubble
    part = bounds((stubble > 0) | (view.throat > 0), math.ceil(0.1 * view.eyes_px))
    if part is None:
        return lab
    color, axes = _hair_color(lab, view), face_axes(view)
    view, skin = view.within(part), lab[part]
    # The same share of hairs stands out more on a fair skin.
    fair = min(max((_USUAL_LIGHTNESS / max(float(view.reference[0]), 1.0)) ** 2, 0.7), 1.5)
    density = np.maximum(stubble[part], _ON_NECK * _shaded_neck(skin, view))
    # Burnt-out skin has no room for hairs of a believable color.
    free = (
        view.skin_like
        * np.clip((_BURNT_LIGHTNESS - view.local_skin[..., 0]) / 10, 0.4, 1)
        * min(strength * fair, 2.6)
    )
    hairs, covered = stubble_hairs(density, view, axes)
    opacity = _HAIR * min(max(_WIDTH_MM * view.eyes_px / _EYES_MM, _LEAST_WIDTH), 1.0)
    # Hairs take the place of a share of the skin; under the skin they are a faint cool veil.
    # Where they melt into it a dense one would be a painted patch.
    melted = ramp(view.eyes_px, _FINE_EYES_PX, _FINE_EYES_PX - 30)
    veil = cv2.GaussianBlur(density, (0, 0), max(0.03 * view.eyes_px, 0.6)) * density ** np.float32(
        0.5 + 0.6 * melted
    )
    share = max(_SHARE - opacity * covered, 0.0) * veil + opacity * hairs * (0.5 + 0.5 * density)
    share = np.where(density > 0, np.minimum(share * free * (1 - _MELTED * melted), _MOST_SHARE), 0)
    # In shade hair is darker, as skin is.
    lightness = color[0] * np.clip(view.local_skin[..., 0] / max(float(view.reference[0]), 1.0), 0.3, 1.3)
    result = lab.copy(order="K")
    for plane, hair in enumerate((lightness, *color[1:])):
        result[part][..., plane] += (hair - skin[..., plane]) * share
    result[part][..., 2] -= 0.6 * veil * free * view.light
    return result


def stubble_hairs(
    density: FloatArray, view: FaceView, axes: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, float]:
    """Draw short hairs downward and out from the mouth.

    Parameters
    ----------
    density : ndarray, (h, w) float32
        0..1: how many of all hairs there are stand at a pixel.
    view : FaceView
        Of the same window.
    axes : tuple of ndarray, (2,)
        `face_axes`.

    Returns
    -------
    hairs : ndarray, (h, w) float32
        Share of a pixel that lies under a hair, 0..1.
    covered : float
        Its mean where all hairs stand.
    """
    height, width = density.shape
    layer = np.zeros((height, width), np.float32)
    if not (density > _LEAST_DENSITY).any():
        return layer, 0.0
    px_per_mm = view.eyes_px / _EYES_MM
    least, most = (max(length * px_per_mm, _LEAST_LENGTH_PX) for length in _LENGTH_MM)
    # Where a pixel is wider than a hair, fewer are drawn: they would close to a mask.
    per_px = min(_HAIRS_PER_MM2 / px_per_mm**2, 2 * _MOST_COVERED / (least + most))
    rng = np.random.default_rng(_SEED)
    # Hairs keep apart: thrown at random they would clot.
    apart_px = 1 / math.sqrt(per_px)
    rows, columns = np.mgrid[0.5 : height / apart_px, 0.5 : width / apart_px]
    nodes = np.stack([columns.ravel(), rows.ravel()], axis=1)
    roots = (nodes + rng.uniform(-_ASTRAY, _ASTRAY, nodes.shape)) * apart_px
    xs, ys = (np.clip(roots[:, k], 0, side - 1).astype(int) for k, side in enumerate((width, height)))
    grown = density[ys, xs]
    there = (grown > _LEAST_DENSITY) & (rng.random(len(ys)) < grown**1.5)
    roots, xs, ys = roots[there], xs[there], ys[there]
    aside = (view.window.layer_xy[ys, xs, 0] - LAYER_PX / 2) / (0.2 * LAYER_PX)
    lean = _LEAN * np.clip(aside, -1, 1) + rng.normal(0, _SPREAD, len(xs))
    length = rng.uniform(least, most, len(xs))
    across, down = axes
    tips = roots + length[:, None] * (np.sin(lean)[:, None] * across + np.cos(lean)[:, None] * down)
    hairs = np.round(np.stack([roots, tips], axis=1) * 16).astype(np.int32)
    shades = np.linspace(_FINEST, 1.0, _SHADES)
    for k, shade in enumerate(shades):
        cv2.polylines(layer, list(hairs[k::_SHADES]), False, float(shade), 1, cv2.LINE_AA, 4)
    covered = per_px * (least + most) / 2 * float(shades.mean())
    return cv2.GaussianBlur(layer, (0, 0), _BLUR_PX), covered


def face_axes(view: FaceView) -> tuple[FloatArray, FloatArray]:
    """Return the picture's unit vectors along the face's own x and y, (2,) each."""
    step = max(int(view.eyes_px / 20), 1)
    seen = view.window.visible[::step, ::step] > 0
    rows, columns = np.nonzero(seen)
    at = np.column_stack([columns * step, rows * step, np.ones(len(rows))])
    layer_xy = view.window.layer_xy[::step, ::step][seen]
    to_picture = np.linalg.lstsq(np.column_stack([layer_xy, np.ones(len(rows))]), at[:, :2], rcond=None)[0]
    across, down = (axis / max(float(np.linalg.norm(axis)), 1e-6) for axis in to_picture[:2])
    return across, down


def _shaded_neck(lab: FloatArray, view: FaceView) -> FloatArray:
    """Find skin below the chin that lies in its shade, (h, w): a hand that the chin rests on does not."""
    shade = 1 - lab[..., 0] / np.maximum(view.local_skin[..., 0], 1.0)
    soft = cv2.GaussianBlur(shade.astype(np.float32), (0, 0), max(0.02 * view.eyes_px, 0.6))
    neck: FloatArray = view.throat * np.clip((soft - 0.02) / 0.08, 0, 1)
    return neck


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
