"""Fixed pictures of the canonical face: masks of its parts, in a frame that reaches beyond the mesh.

The frame is `canonical_frame(256)` with a border of `PAD_PX`, so that layers can fade out past jaw and hairline:
36 points around the outline, `RING_REACH` times as far from its center, extend the mesh.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.canonical import canonical_frame, canonical_mesh
from quality.face import MESH_VERTICES, FloatArray, ImageArray
from transforms.face.prototypes import gender_prototypes

FRAME_PX = 256
PAD_PX = 48
LAYER_PX = FRAME_PX + 2 * PAD_PX
RING_REACH = 1.3

# fmt: off
OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
        150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)
RIGHT_EYE = (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7)
LEFT_EYE = (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249)
RIGHT_BROW = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46)
LEFT_BROW = (300, 293, 334, 296, 336, 285, 295, 282, 283, 276)
LIPS = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
MOUTH_OPENING = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95)
BEARD = (93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 379, 365, 397, 288, 361, 323, 376, 411, 427, 436,
          322, 391, 2, 165, 92, 216, 207, 187, 147)
_UNDER_CHIN = (150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 379, 394, 175, 169)
MOUSTACHE = (186, 92, 165, 97, 2, 326, 391, 322, 410, 291, 409, 270, 267, 0, 37, 40, 185, 61)
CHIN = (57, 43, 106, 182, 83, 18, 313, 406, 335, 273, 287, 430, 394, 378, 400, 152, 176, 149, 169, 210)
NOSE = (168, 193, 122, 196, 236, 198, 209, 129, 98, 97, 2, 326, 327, 358, 429, 420, 456, 419, 351, 417)
FOLD_POINTS = (203, 206, 216, 423, 426, 436)
_NOSTRILS = (129, 64, 98, 97, 2, 326, 327, 294, 358, 290, 250, 19, 20, 60)
# fmt: on


@dataclass(frozen=True, eq=False)
class FaceMasks:
    """Masks (LAYER_PX, LAYER_PX) float32, 0..1, of the canonical face.

    `face` fades at the mesh's outline, `around` past it; `skin` is `face` without eyes, brows, lips and nostrils;
    `stubble` is thin on the cheeks; `throat` is where a beard hangs below the chin.
    """

    face: FloatArray
    around: FloatArray
    skin: FloatArray
    eyes: FloatArray
    brows: FloatArray
    lips: FloatArray
    beard: FloatArray
    throat: FloatArray
    cheeks: FloatArray
    stubble: FloatArray


@cache
def layer_points_px() -> FloatArray:
    """Return the extended mesh, (504, 2) float32, in the layers' frame."""
    mesh = canonical_frame(FRAME_PX).vertices_px + PAD_PX
    points: FloatArray = np.vstack([mesh, ring_px(mesh)]).astype(np.float32)
    points.setflags(write=False)
    return points


def ring_px(points_px: FloatArray) -> FloatArray:
    """Return the 36 points around a mesh's outline, (36, 2)."""
    outline = points_px[list(OVAL), :2]
    center = outline.mean(axis=0)
    ring: FloatArray = center + (outline - center) * RING_REACH
    return ring


@cache
def layer_triangles() -> NDArray[np.int32]:
    """Return the extended mesh's triangles, (970, 3) int32."""
    count = len(OVAL)
    inner, outer = np.array(OVAL), np.arange(count) + MESH_VERTICES
    inner_next, outer_next = np.roll(inner, -1), np.roll(outer, -1)
    skirt = np.vstack([np.stack([inner, inner_next, outer], 1), np.stack([inner_next, outer_next, outer], 1)])
    return np.vstack([canonical_mesh().triangles.astype(np.int32), skirt.astype(np.int32)])


def polygon(ids: Sequence[int], grow: float, blur_px: float) -> FloatArray:
    """Fill a polygon of mesh points, grown about its center, with a soft edge."""
    points = layer_points_px()[list(ids)]
    center = points.mean(axis=0)
    points = center + (points - center) * grow
    mask = np.zeros((LAYER_PX, LAYER_PX), np.float32)
    near, origin = patch(mask, points, blur_reach_px(blur_px))
    cv2.fillPoly(near, [np.round((points - origin) * 8).astype(np.int32)], 1.0, cv2.LINE_AA, 3)
    cv2.GaussianBlur(near, (0, 0), blur_px, dst=near)
    return mask


def blur_reach_px(sigma_px: float) -> int:
    """Return how far a Gaussian of OpenCV reaches, and a little more for a line's soft edge."""
    return math.ceil(4 * sigma_px) + 3


def patch(layer: FloatArray, points_px: FloatArray, reach_px: int) -> tuple[FloatArray, FloatArray]:
    """Return the part of a layer about some points, and its origin: drawing there spares blurring the whole layer.

    Parameters
    ----------
    layer : ndarray, (h, w) float32
    points_px : ndarray, (N, 2)
    reach_px : int
        Margin around the points.

    Returns
    -------
    part : ndarray
        A view into `layer`.
    origin_px : ndarray, (2,) int
        x, y of its first pixel.
    """
    limits = (layer.shape[1], layer.shape[0])
    x0, y0 = np.clip(np.floor(points_px.min(axis=0)).astype(int) - reach_px, 0, limits)
    x1, y1 = np.clip(np.ceil(points_px.max(axis=0)).astype(int) + reach_px + 1, 0, limits)
    return layer[y0:y1, x0:x1], np.array([x0, y0])


def blobs(ids: Sequence[int], radius_px: float) -> FloatArray:
    """Draw a Gaussian spot at each mesh point."""
    ys, xs = np.mgrid[0:LAYER_PX, 0:LAYER_PX].astype(np.float32)
    mask = np.zeros((LAYER_PX, LAYER_PX), np.float32)
    for x, y in layer_points_px()[list(ids)]:
        mask = np.maximum(mask, np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * radius_px**2)))
    return mask


def padded(picture: FloatArray) -> FloatArray:
    """Bring a picture of the canonical frame to the layers' frame and carry its colors outward beyond the mesh.

    Normalized convolution (Knutsson & Westin, CVPR 1993) at a quarter of the size: what is carried is smooth.

    Parameters
    ----------
    picture : ndarray, (S, S, 3) float32

    Returns
    -------
    ndarray, (LAYER_PX, LAYER_PX, 3) float32
    """
    full = cv2.resize(picture, (FRAME_PX, FRAME_PX), interpolation=cv2.INTER_LINEAR)
    # At the rim of the mesh the pictures hold something of what lies behind.
    inner = cv2.erode(canonical_frame(FRAME_PX).valid.astype(np.uint8), np.ones((9, 9), np.uint8))
    known = np.pad(inner.astype(np.float32), PAD_PX)[..., None]
    full = np.pad(full, ((PAD_PX, PAD_PX), (PAD_PX, PAD_PX), (0, 0))) * known
    weight, small = (cv2.resize(part, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA) for part in (known, full))
    carried = np.broadcast_to(small.sum(axis=(0, 1)) / weight.sum(), small.shape)
    for sigma in (12.0, 4.0, 1.0):
        total = cv2.GaussianBlur(weight, (0, 0), sigma)[..., None]
        mean = cv2.GaussianBlur(small, (0, 0), sigma) / np.maximum(total, 1e-4)
        carried = carried + (mean - carried) * np.clip(total / 0.25, 0, 1)
    beyond = cv2.resize(carried, (LAYER_PX, LAYER_PX), interpolation=cv2.INTER_LINEAR)
    return (full + beyond * (1 - known)).astype(np.float32)


def _beard_density() -> FloatArray:
    """How densely a beard grows, 0..1: as in the mean of bearded men, but nothing beyond where beards are."""
    density = padded(np.repeat(gender_prototypes().beard_density[..., None], 3, axis=2))[..., 0]
    grows = cv2.GaussianBlur(np.maximum(polygon(BEARD, 1.08, 6), polygon(MOUSTACHE, 1.1, 3)), (0, 0), 6)
    # Both halves of the mean grow alike; what is left of a difference is light.
    density = np.maximum((density + density[:, ::-1]) / 2, 0)
    return cv2.GaussianBlur(1 - np.exp(-1.2 * density * grows), (0, 0), 2.5)


def face_masks() -> FaceMasks:
    """Return the masks by name: `mask_stacks` in single precision."""
    return FaceMasks(
        *(mask.astype(np.float32) / 255 for stack in mask_stacks() for mask in np.moveaxis(stack, -1, 0))
    )


@cache
def mask_stacks() -> tuple[ImageArray, ...]:
    """Build the masks, in the order of `FaceMasks`, as channels of three pictures in bytes: a call samples several.

    Blurs and growths by eye.
    """
    inside = np.pad(canonical_frame(FRAME_PX).valid, PAD_PX).astype(np.uint8)
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (19, 19))
    face = cv2.GaussianBlur(cv2.erode(inside, ellipse).astype(np.float32), (0, 0), 6)
    reach = cv2.dilate(inside, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (25, 25)))
    around = cv2.GaussianBlur(reach.astype(np.float32), (0, 0), 9)
    eyes = np.clip(polygon(RIGHT_EYE, 1.25, 2.5) + polygon(LEFT_EYE, 1.25, 2.5), 0, 1)
    brows = np.clip(polygon(RIGHT_BROW, 1.25, 2.0) + polygon(LEFT_BROW, 1.25, 2.0), 0, 1)
    mouth = polygon(LIPS, 1.05, 2.0)
    lips = mouth * (1 - polygon(MOUTH_OPENING, 1.0, 1.2))
    nostrils = polygon(_NOSTRILS, 0.95, 2.0)
    skin = face * (1 - eyes) * (1 - mouth) * (1 - 0.7 * brows) * (1 - 0.8 * nostrils)
    beard = np.maximum(0.8 * polygon(BEARD, 1.0, 6), np.maximum(polygon(MOUSTACHE, 1.2, 3.5), polygon(CHIN, 1.0, 5)))
    beard = np.clip(beard, 0, 1) * (1 - polygon(LIPS, 1.0, 1.5)) * (1 - polygon(NOSE, 0.97, 1.5))
    # Hair hangs beside the cheeks: towards the sides of the mesh nothing is taken for beard.
    aside = np.abs(np.arange(LAYER_PX) - LAYER_PX / 2)[None, :] / (0.5 * FRAME_PX)
    beard *= np.clip((0.86 - aside) / 0.16, 0, 1)
    # The mesh is a little wide of a bearded jaw: at its rim lies background.
    inner = cv2.erode(inside, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))).astype(np.float32)
    beard *= cv2.GaussianBlur(inner, (0, 0), 3)
    # Beards reach below the chin, where the mesh ends.
    below = np.maximum(*(np.roll(polygon(_UNDER_CHIN, 1.0, 2), drop, axis=0) for drop in (12, 24)))
    throat = cv2.GaussianBlur(below, (0, 0), 5) * (1 - polygon(OVAL, 0.97, 3))
    stubble = _beard_density() * (1 - mouth) * (1 - polygon(NOSE, 1.0, 3)) * around
    cheeks = blobs((50, 280), 22) * face
    stacks = (face, around, skin, eyes), (brows, lips, beard, throat), (cheeks, stubble)
    return tuple(_in_bytes(np.dstack(stack)) for stack in stacks)


def _in_bytes(masks: FloatArray) -> ImageArray:
    """Return masks of 0..1 as read-only bytes."""
    levels = np.round(255 * np.clip(masks, 0, 1)).astype(np.uint8)
    levels.setflags(write=False)
    return levels
