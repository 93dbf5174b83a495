"""Wrinkles: creases of averaged old portraits, fine lines along the anatomical lines, and furrows of the forehead.

Sources: see `creases`, `skin_lines` and `furrows`. What a step of shade does to color is measured (`shade_color`);
limits by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.face.face_view import FaceView
from transforms.face.face_window import prefiltered
from transforms.face.layer_frame import layer_points_px
from transforms.face.skin_light import colorfulness, faded, headroom, own_hue
from transforms.picture.bounds import bounds
from transforms.picture.broad_blur import broad_blur
from transforms.picture.ramp import ramp
from transforms.wrinkles.creases import crease_layer
from transforms.wrinkles.furrows import PAGE_WH_PX, forehead_pages
from transforms.wrinkles.skin_lines import line_layer

_MOST_CREASED, _MOST_LINED, _MOST_DEEPENED = 1.9, 1.25, 1.5
_DEEPEST = 22.0
"""Steps of L that creases and lines together approach."""
_FOLD_SHADE = 0.28
"""Shade of a fold, as a share of the skin's lightness, that is deep already. By eye."""
_PEN_DEPTH, _PEN_LEAST, _PEN_EDGE = 16.0, 8.0, 2.5
"""Steps of L of a pen's line, of the wrinkle from which on it is drawn, and of its soft edge. By eye."""
_BROWS, _HAIRLINE, _TEMPLES = 9, 10, (54, 284)
_LEAST_HIGH, _LEAST_DRAWN, _MOST_HIGH = 0.6, 0.95, 1.65
"""The forehead's height against the mesh's, which knows nothing of hair, and the least that furrows are drawn for."""
_ROW_PX, _MIDDLE_PX, _STEPS = 4.0, 24.0, 24
"""In layer pixels what of the forehead lies below its lowest point, and half the strip that is measured, in steps."""
_BEND = 0.03
"""Of each furrow, in heights of the forehead."""


def add_wrinkles(
    lab: FloatArray, view: FaceView, strength: float, bare: FloatArray | None = None, drawn: float = 0.0
) -> FloatArray:
    """Darken along creases.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
    view : FaceView
    strength : float
        1 is a person of about 70.
    bare : ndarray, (h, w) float32, or None
        1 where a person is seen and no hair. With it, the furrows of the forehead go on above the mesh.
    drawn : float
        0 photographed .. 1 drawn: then wrinkles are lines of a pen.

    Returns
    -------
    ndarray, (h, w, 3) float32
    """
    if strength <= 0:
        return lab
    late = lined(strength)
    open_skin = view.skin_like if bare is None else view.skin_like * bare
    furrows = _furrows(view, open_skin) * (late if bare is not None else late * view.skin)
    part = bounds((view.skin > 0) | (furrows != 0))
    if part is None:
        return lab
    result = lab.copy(order="K")
    view, lab, open_skin = view.within(part), lab[part], open_skin[part]
    lines = view.window.sample(line_layer()) * (late * view.skin) + furrows[part]
    if drawn < 1:
        creases = view.window.sample(crease_layer()) * min(strength, _MOST_CREASED)
        creases += own_valleys(lab[..., 0], view.eyes_px, strength)
        depth = lines + creases * view.skin
    if drawn > 0:
        pen = -_PEN_DEPTH * np.clip((-lines - _PEN_LEAST) / _PEN_EDGE, 0, 1)
        depth = pen if drawn == 1 else depth + (pen - depth) * np.float32(drawn)
    depth *= open_skin
    # Ridges would burn out on a bright skin.
    ridges = np.maximum(depth, 0) * np.clip((92 - lab[..., 0]) / 20, 0, 1)
    # The hyperbolic tangent, which numpy takes ten times as long for.
    limited = 1 - 2 / (1 + cv2.exp(np.minimum(depth, 0) * np.float32(-2 / _DEEPEST)))
    depth = ridges - limited * _DEEPEST * _unfolded(lab, view)
    seen = headroom(np.maximum(lab[..., 0], view.local_skin[..., 0]))
    depth *= view.light * (seen + (1 - seen) * np.float32(drawn))
    _shade(result[part], depth, view)
    return result


def _shade(lab: FloatArray, depth: FloatArray, view: FaceView) -> None:
    """Lay steps of L, (h, w) float32, on skin along the line of its own shades: changes `lab`."""
    shade = np.minimum(depth, 0)
    color = shade_color(view.unfaded)
    # What light has burnt out gets back in shade what it lost.
    burnt = faded(lab[..., 0]) * shade
    more = np.maximum(view.fading - color, 0) * np.float32(colorfulness(view.reference))
    lab[..., 0] += depth
    for plane, (share, rest) in enumerate(zip(color, more, strict=True), start=1):
        lab[..., plane] -= shade * share + burnt * rest


def shade_color(skin_lab: FloatArray) -> FloatArray:
    """Return the steps of a* and b*, (2,) float32, for each step of L that a crease is darker than skin, (3,) Lab.

    Light scatters in the walls of a crease and takes on the skin's color: measured in the valleys of 78 training
    portraits, 0.30 and 0.17 on fair skin, 0.19 and 0.16 at the median, 0.09 and 0.13 on dark skin. Faded skin has
    little color to give, a gray picture none.
    """
    red = min(max(0.19 + 0.006 * (float(skin_lab[0]) - 69), 0.05), 0.3)
    given = ramp(float(np.hypot(skin_lab[1], skin_lab[2])), 2, 10)
    color: FloatArray = np.array([red, 0.16], np.float32) * own_hue(skin_lab) * np.float32(given)
    return color


def _furrows(view: FaceView, open_skin: FloatArray) -> FloatArray:
    """Return the forehead's furrows between brows and hairline, (h, w) float32, steps of L."""
    points = layer_points_px()
    brows, top = float(points[_BROWS, 1]), float(points[_HAIRLINE, 1])
    left, right = (float(points[corner, 0]) for corner in _TEMPLES)
    furrows = np.zeros(open_skin.shape, np.float32)
    above = (view.window.layer_xy[..., 1] < brows + _ROW_PX) & (view.window.visible > 0)
    part = bounds(above)
    if part is None:
        return furrows
    x, y = cv2.split(view.window.layer_xy[part])
    level = (brows - y) / (brows - top)
    height = _forehead_height(np.abs(x - points[_BROWS, 0]), level, open_skin[part])
    below_hair = np.clip((1.05 - level / height) / 0.15, 0, 1)
    # Below a fringe there are fewer furrows, not narrower ones.
    level /= max(height, _LEAST_DRAWN)
    u = (x - left) / (right - left)
    # No two foreheads alike: turned round, and bent as the person's proportions choose.
    pattern, pages = view.window.pattern, forehead_pages()
    u = 1 - u if pattern // len(pages) % 2 else u
    level += np.float32(_BEND) * np.sin(5 * u + np.float32(2.4 * pattern))
    step = view.window.layer_step_px * PAGE_WH_PX[0] / (right - left)
    page = prefiltered(pages[pattern % len(pages)], step)
    furrows[part] = cv2.remap(
        page,
        u * (PAGE_WH_PX[0] - 1),
        (1 - level) * (PAGE_WH_PX[1] - 1),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
    )
    seen = above[part] * below_hair * np.clip(np.minimum(u, 1 - u) / 0.1, 0, 1)
    furrows[part] *= seen
    return furrows


def _forehead_height(aside_px: FloatArray, level: FloatArray, open_skin: FloatArray) -> float:
    """How high open skin reaches above the brows, in heights of the mesh's forehead.

    Parameters
    ----------
    aside_px, level : ndarray, (h, w) float32
        Distance from the middle in layer pixels, and height above the brows: 0 brows .. 1 top of the mesh.
    open_skin : ndarray, (h, w) float32
        1 on bare skin.
    """
    middle = (aside_px < _MIDDLE_PX) & (level > 0) & (level < _MOST_HIGH)
    steps = (level[middle] * _STEPS).astype(int)
    count = np.bincount(steps, minlength=1)
    share = np.bincount(steps, open_skin[middle]) / np.maximum(count, 1)
    covered = np.flatnonzero((share < 0.5) & (count > 0) & (np.arange(len(share)) > _LEAST_HIGH * _STEPS))
    return float(covered[0]) / _STEPS if covered.size else _MOST_HIGH


def _unfolded(lab: FloatArray, view: FaceView) -> FloatArray:
    """Return how far skin still can fold: a laugh's own deep folds, in shade already, would turn black."""
    local = view.local_skin[..., 0]
    shade = (local - lab[..., 0]) / np.maximum(_FOLD_SHADE * local, 4)
    room: FloatArray = np.clip(1.3 - shade, 0.25, 1)
    return room


def lined(strength: float) -> float:
    """Return the strength of fine lines: creases come early, fine lines late."""
    return strength * min(strength, _MOST_LINED)


def own_valleys(lightness: FloatArray, eyes_px: float, strength: float) -> FloatArray:
    """Deepen the person's own lines, (h, w) float32 steps of L: the valleys of the band of wrinkles."""
    # Coarser than pores and stubble: raised, they would be sand.
    fine = cv2.GaussianBlur(lightness, (0, 0), max(0.8, 0.012 * eyes_px))
    band = fine - broad_blur(lightness, max(1.6, 0.045 * eyes_px))
    valleys: FloatArray = 0.6 * np.clip(band, -9, 1.0)
    return valleys * min(strength, _MOST_DEEPENED)
