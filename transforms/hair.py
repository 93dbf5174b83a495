"""The hair of one head as a soft matte.

On an upright crop of the head (72 px a face) four color models compete for each pixel: hair, skin, clothes and
background. Hair is learned from the ring above and beside the face, skin from the face itself, background from
what the person segmenter leaves out, clothes from below the chin; a map of where hair grows weighs them, and three
rounds refine them. A guided filter carries the result to the strands of the full picture. Where colors do not tell
hair from its neighbor the matte fades out: a thin matte is seen less than a patch.

Sources: the crop and its seeds follow Rother et al., "GrabCut" (SIGGRAPH 2004) with fixed spatial priors in place of
the user's rectangle; `transforms.guided` for the matte.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np

from quality.face import MESH_VERTICES, Face, FloatArray, ImageArray
from transforms.guided import apply_guided, guided_coefficients
from transforms.person import face_height_px, head_roll_deg

FACE_PX = 72
"""Face height in the working crop."""
REACH_FACES = (1.15, 1.25, 1.45)
"""How far the crop reaches to each side, above and below the middle of the face, in face heights."""
MAX_FULL_FACE_PX = 420
"""Face height above which the matte is made at this size and enlarged."""
COLOR_BINS = 24
ROUNDS = 3
_GRAY_CHROMA = 4.0
_FOREHEAD, _CHIN = 10, 152
# fmt: off
_OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)
# Lower face and eyes up to the top of the brows: never hair, whatever its color (beards are not this module's).
_BELOW_BROWS = (
    127, 70, 63, 105, 66, 107, 9, 336, 296, 334, 293, 300, 356, 454, 323, 361, 288, 397, 365, 379, 378,
    400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234,
)
# Six patches of skin, two each of forehead, lower lid and cheek: a mask or a fringe hides two of them at most.
_SKIN_PATCHES = (
    (108, 151, 9, 107), (337, 151, 9, 336), (230, 120, 114, 233), (450, 349, 343, 453),
    (50, 205, 203, 101), (280, 425, 423, 330),
)
# fmt: on


def hair_matte(
    image: ImageArray, face: Face, person_ratio: FloatArray, other_faces: Sequence[Face] = ()
) -> FloatArray:
    """Return how much of each pixel is this head's hair.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
        The picture or any part of it that holds the head.
    face : Face
        In pixels of `image`.
    person_ratio : ndarray, (H, W) float32
        `PersonSegmenter.person_near(image, face)`.
    other_faces : sequence of Face
        The other faces of the picture: pixels nearer to them are theirs.

    Returns
    -------
    ndarray, (H, W) float32
        0..1; brows and beard are not in it.
    """
    height, width = image.shape[:2]
    matte = np.zeros((height, width), np.float32)
    to_crop = _crop_map(face, FACE_PX)
    size_wh = _crop_size_wh(FACE_PX)
    guide = _warp(image, to_crop, size_wh).astype(np.float32) / 255
    person = cv2.warpAffine(person_ratio, to_crop, size_wh, flags=cv2.INTER_LINEAR)
    inside = cv2.warpAffine(np.ones((height, width), np.float32), to_crop, size_wh)
    person = person * inside * _own_share(face, other_faces, to_crop, size_wh)
    coarse = _coarse_matte(guide, person, inside, _to_crop_points(face, to_crop))
    if coarse.max() < 0.05:
        return matte
    # Only the part of the crop that holds hair is made fine.
    rows, columns = (np.flatnonzero(coarse.max(axis=axis) > 0.01) for axis in (1, 0))
    top, left = max(0, int(rows[0]) - 4), max(0, int(columns[0]) - 4)
    part = np.s_[top : int(rows[-1]) + 5, left : int(columns[-1]) + 5]
    coefficients = guided_coefficients(coarse, guide, 4, 1e-3)[part]
    envelope = cv2.dilate(coarse, np.ones((5, 5), np.uint8))[part]
    zoom = min(MAX_FULL_FACE_PX, max(FACE_PX, face_height_px(face))) / FACE_PX
    full_wh = (round(envelope.shape[1] * zoom), round(envelope.shape[0] * zoom))
    to_full = to_crop * zoom
    # Pixel centers: a crop pixel is `zoom` full pixels wide.
    to_full[:, 2] += (zoom - 1) / 2 - np.array([left, top]) * zoom
    fine_guide = _warp(image, to_full, full_wh).astype(np.float32) / 255
    fine = (apply_guided(coefficients, fine_guide) - 0.04) / 0.92
    fine = np.clip(fine, 0, 1) * np.clip(cv2.resize(2 * envelope, full_wh, interpolation=cv2.INTER_LINEAR), 0, 1)
    cv2.warpAffine(fine, to_full, (width, height), dst=matte, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return matte


def _crop_size_wh(face_px: int) -> tuple[int, int]:
    side, above, below = REACH_FACES
    return round(2 * side * face_px), round((above + below) * face_px)


def _crop_map(face: Face, face_px: int) -> FloatArray:
    """Affine map (2, 3) from the picture to the upright crop with this face height."""
    points = face.landmarks_px[:MESH_VERTICES, :2].astype(np.float64)
    roll = np.radians(head_roll_deg(face))
    turn = np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]]) * face_px / face_height_px(face)
    middle = turn @ ((points[_FOREHEAD] + points[_CHIN]) / 2)
    side, above, _ = REACH_FACES
    return np.column_stack([turn, np.array([side, above]) * face_px - middle])


def _to_crop_points(face: Face, to_crop: FloatArray) -> FloatArray:
    points: FloatArray = face.landmarks_px[:, :2] @ to_crop[:, :2].T + to_crop[:, 2]
    return points


def _warp(image: ImageArray, to_crop: FloatArray, size_wh: tuple[int, int]) -> ImageArray:
    """Warp with a reduction by area first: a bilinear warp alone would alias."""
    scale = float(np.hypot(to_crop[0, 0], to_crop[0, 1]))
    if scale < 0.67:
        # Cut the part that is needed, then reduce it.
        corners = np.array([[0, 0, 1], [size_wh[0], 0, 1], [0, size_wh[1], 1], [*size_wh, 1]], np.float64)
        back = cv2.invertAffineTransform(to_crop)
        at = corners @ back.T
        low = np.maximum(np.floor(at.min(axis=0)).astype(int) - 4, 0)
        high = np.minimum(np.ceil(at.max(axis=0)).astype(int) + 4, (image.shape[1], image.shape[0]))
        part = image[low[1] : high[1], low[0] : high[0]]
        if part.size == 0:
            return np.zeros((size_wh[1], size_wh[0], 3), np.uint8)
        small_wh = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
        ratio = np.array([small_wh[0] / part.shape[1], small_wh[1] / part.shape[0]])
        image = cv2.resize(part, small_wh, interpolation=cv2.INTER_AREA)
        linear = to_crop[:, :2] / ratio
        shift = to_crop[:, 2] + to_crop[:, :2] @ low - linear @ (0.5 * (ratio - 1))
        to_crop = np.column_stack([linear, shift])
    return cv2.warpAffine(image, to_crop, size_wh, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _own_share(face: Face, others: Sequence[Face], to_crop: FloatArray, size_wh: tuple[int, int]) -> FloatArray:
    """1 near this face, 0 nearer to another one; distances in face heights, with a soft border."""
    rows, columns = np.mgrid[: size_wh[1], : size_wh[0]].astype(np.float32)

    def distance(points: FloatArray, height_px: float) -> FloatArray:
        # From the middle of the forehead: hair lies about it.
        at = points[[_FOREHEAD, 168]].mean(axis=0)
        return np.asarray(np.hypot(columns - at[0], rows - at[1]) / height_px)

    own = distance(_to_crop_points(face, to_crop), FACE_PX)
    share = np.ones_like(own)
    for other in others:
        if other is face:
            continue
        height_px = FACE_PX * face_height_px(other) / face_height_px(face)
        theirs = distance(_to_crop_points(other, to_crop), height_px)
        share *= np.clip(0.5 + (theirs - own) / 0.12, 0, 1)
    return np.asarray(share, np.float32)


@cache
def _hair_prior() -> FloatArray:
    """Where hair grows in the crop, 0..1, by eye: a cap about the skull and two curtains down to the shoulders."""
    width, height = _crop_size_wh(FACE_PX)
    side, above, _ = REACH_FACES
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    u, v = np.abs(columns / FACE_PX - side), above - rows / FACE_PX
    cap_radius = np.hypot(u / 0.62, (v - 0.22) / 0.72)
    cap = np.clip((1.45 - cap_radius) / 0.6, 0, 1) * np.clip((v + 0.25) / 0.3, 0, 1)
    curtain = np.clip((u - 0.30) / 0.12, 0, 1) * np.clip((0.95 - u) / 0.35, 0, 1)
    curtain = curtain * np.clip((v + 1.35) / 0.9, 0, 1) * (v < 0.5)
    prior: FloatArray = np.clip(np.maximum(0.9 * cap, 0.6 * curtain), 0.002, 0.95)
    return prior.astype(np.float32)


def _polygon(points: FloatArray, vertices: Sequence[int], size_wh: tuple[int, int], blur_px: float) -> FloatArray:
    mask = np.zeros((size_wh[1], size_wh[0]), np.float32)
    cv2.fillPoly(mask, [np.round(points[list(vertices)] * 8).astype(np.int32)], 1.0, cv2.LINE_AA, 3)
    return cv2.GaussianBlur(mask, (0, 0), blur_px) if blur_px else mask


def _coarse_matte(guide: FloatArray, person: FloatArray, inside: FloatArray, points: FloatArray) -> FloatArray:
    """Return the matte on the crop, (h, w) float32."""
    size_wh = (guide.shape[1], guide.shape[0])
    lab = cv2.cvtColor(guide, cv2.COLOR_RGB2LAB)
    face_mask = _polygon(points, _OVAL, size_wh, 0)
    below_brows = _polygon(points, _BELOW_BROWS, size_wh, 1.5)
    # Single strands mirror the sky or the lamp: the color of a lock is what counts.
    natural = _naturalness(cv2.blur(lab, (7, 7)))
    prior = _hair_prior() * person * (1 - below_brows) * natural
    side, above, _ = REACH_FACES
    rows, columns = np.mgrid[: size_wh[1], : size_wh[0]].astype(np.float32)
    u, v = columns / FACE_PX - side, above - rows / FACE_PX

    patches = _skin_patches(lab, points)
    if not patches:
        return np.zeros(guide.shape[:2], np.float32)
    # The second look takes in the whole visible skin of the face, forehead and shade included.
    first = np.max([_skin_likeness(lab, patch) for patch in patches], axis=0)
    visible = (face_mask > 0.5) & (v < 0.46) & (first > 0.2)
    skin_like = np.maximum(first, _skin_likeness(lab, visible)) if visible.sum() > 20 else first
    skin_patch = np.any(patches, axis=0)
    codes = _color_codes(lab)
    background = (1 - np.clip(person * 1.6, 0, 1)) * inside
    below = np.where(np.abs(u) < 0.28, 1.0, np.where(np.abs(u) > 0.62, 0.6, 0.15))
    clothes = person * below * (v < np.where(np.abs(u) < 0.28, -0.62, -0.85)) * (1 - skin_like)
    skin: FloatArray = np.maximum(skin_patch, face_mask * skin_like)
    wide_face = cv2.GaussianBlur(cv2.dilate(face_mask, np.ones((5, 5), np.uint8)), (0, 0), 1.0)
    # At first hair is what lies close about the skull: further out may be a neighbor.
    close = np.clip((1.3 - np.hypot(u / 0.58, (v - 0.25) / 0.66)) / 0.3, 0, 1) * (v > 0.05)
    hair = prior * close * (1 - skin_like) * (1 - wide_face)
    if float(hair.sum()) < 0.02 * FACE_PX**2:
        return np.zeros(guide.shape[:2], np.float32)
    prior = prior * (1 - 0.7 * wide_face)
    p_skin, p_background, p_clothes = _density(codes, skin), _density(codes, background), _density(codes, clothes)
    matte = hair
    for _ in range(ROUNDS):
        others = (
            p_skin * (0.35 + 0.65 * wide_face)
            + p_background * (0.03 + (1 - person))
            + p_clothes * np.clip(-v + 0.05, 0.02, 1.2)
        )
        odds = _density(codes, hair) * prior / np.maximum(1 - prior, 0.05)
        hair_like = _likeness_of(lab, hair)
        skin_share = skin_like / (skin_like + hair_like + 1e-3)
        matte = odds / (odds + others + 1e-6) * person * (1 - below_brows) * (1 - skin_share * (v > -0.4))
        matte = matte * np.maximum(close, np.clip(3 * hair_like, 0, 1))
        matte = apply_guided(guided_coefficients(matte.astype(np.float32), guide, 3, 4e-3), guide)
        hair = matte * prior
    matte = _connected(_hanging(matte.astype(np.float32), v), prior)
    scalp = (np.hypot(u / 0.5, (v - 0.2) / 0.62) < 1) & (v > 0.3) & (person > 0.5) & (wide_face < 0.3)
    return np.clip((matte - 0.06) / 0.78, 0, 1) * _certainty(matte * (v > 0.2), skin, scalp, natural, lab)


def _certainty(matte: FloatArray, skin: FloatArray, scalp: FloatArray, natural: FloatArray, lab: FloatArray) -> float:
    """0..1: small where the scalp is bare, what was found is shine or shade of skin, or no hair has the color."""
    if matte.sum() < 1 or skin.sum() < 1:
        return 0.0
    grown = 1.0 if scalp.sum() < 20 else float(np.clip((matte[scalp].mean() - 0.12) / 0.25, 0, 1))
    natural_mean = float(np.average(natural, weights=matte))
    away = _mean_color(lab, matte) - _mean_color(lab, skin)
    distance = float(np.linalg.norm(away / (12, 5, 6)))
    if away[0] > 5:
        # Lighter than the face: white hair has strands, the shine of a bald head is smoother than skin.
        detail = np.abs(lab[..., 0] - cv2.GaussianBlur(lab[..., 0], (0, 0), 1.5))
        ratio = float(np.average(detail, weights=matte) / (np.average(detail, weights=skin) + 0.1))
        distance *= float(np.clip(ratio - 0.35, 0.2, 1))
    apart = float(np.clip((distance - 0.9) / 0.8, 0, 1))
    return grown * apart * float(np.clip((natural_mean - 0.3) / 0.4, 0, 1))


def _mean_color(lab: FloatArray, weights: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("ijk,ij->k", lab, weights) / (float(weights.sum()) + 1e-6))


def _skin_patches(lab: FloatArray, points: FloatArray) -> list[FloatArray]:
    """Those patches of the face whose color agrees with the middle one of them, each (h, w) bool."""
    size_wh = (lab.shape[1], lab.shape[0])
    patches = [_polygon(points, corners, size_wh, 0) > 0.5 for corners in _SKIN_PATCHES]
    patches = [patch for patch in patches if patch.sum() > 3]
    if not patches:
        return []
    medians = np.array([np.median(lab[patch], axis=0) for patch in patches])
    apart = np.abs(medians - np.median(medians, axis=0)) / (34, 9, 12)
    return [patch for patch, far in zip(patches, apart.max(axis=1), strict=True) if far < 1]


def _naturalness(lab: FloatArray) -> FloatArray:
    """0..1: whether hair has such a color without dye; (h, w) float32. Limits by eye on Lab, in D65."""
    lightness, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    # Hair lies between neutral and a brown to gold hue; dark hair may mirror a blue sky.
    beyond = np.maximum(0, -b - np.where(lightness < 35, 12, 4)) + np.maximum(0, -a - 5)
    beyond += np.maximum(0, a - 7 - 1.1 * np.maximum(b, 0)) + np.maximum(0, np.hypot(a, b) - 48)
    natural: FloatArray = np.exp(-0.5 * (beyond / 3) ** 2)
    return natural.astype(np.float32)


def _skin_likeness(lab: FloatArray, patch: FloatArray) -> FloatArray:
    """0..1 by the distance from the face's own skin; light may raise lightness at will, shade only so far."""
    sample = lab[patch]
    center = np.median(sample, axis=0)
    # On dark skin hair is near in lightness: the spread shrinks with it. A gray picture has nothing but lightness.
    least = np.array([6.0, 2.4, 3.0]) * np.clip(center[0] / 60, 0.5, 1)
    if np.hypot(center[1], center[2]) < _GRAY_CHROMA:
        least[0] *= 0.6
    spread = np.clip(1.48 * np.median(np.abs(sample - center), axis=0), least, 1.6 * least)
    return _bell(lab, center, 2.2 * spread, 0.25)


def _likeness_of(lab: FloatArray, weights: FloatArray) -> FloatArray:
    """0..1 by the distance from the weighted mean color."""
    center = _mean_color(lab, weights)
    spread = np.sqrt(_mean_color((lab - center.astype(np.float32)) ** 2, weights))
    return _bell(lab, center, 2 * np.clip(spread, (4, 2, 2.5), (11, 5, 6)), 1.0)


def _bell(lab: FloatArray, center: FloatArray, width: FloatArray, above_factor: float) -> FloatArray:
    """Gaussian of the difference in Lab; lightness above the center counts by a factor."""
    away = (lab - np.float32(center)) / np.float32(width)
    away[..., 0] = np.where(away[..., 0] > 0, above_factor * away[..., 0], away[..., 0])
    square: FloatArray = np.einsum("ijk,ijk->ij", away, away)
    return np.asarray(cv2.exp(-0.5 * square), np.float32)


def _hanging(matte: FloatArray, v: FloatArray) -> FloatArray:
    """Below the ears hair hangs from hair: each row may only go on where the row above was hair (collars do not)."""
    hung = matte.copy()
    first = int(np.argmax(v[:, 0] < 0.0))
    kernel = np.ones((1, 5), np.uint8)
    above = hung[first - 1 : first]
    for row in range(first, len(matte)):
        above = np.minimum(cv2.dilate(above, kernel) * 1.02, matte[row : row + 1])
        hung[row] = above[0]
    return hung


def _color_codes(lab: FloatArray) -> FloatArray:
    """Bin of each pixel in Lab, (h, w, 3) int32: lightness by 5, colors by 4 about neutral."""
    scaled = np.stack([lab[..., 0] / 100 * COLOR_BINS, lab[..., 1] / 4 + 12, lab[..., 2] / 4 + 12], axis=-1)
    return np.clip(scaled, 0, COLOR_BINS - 1).astype(np.int32)


def _density(codes: FloatArray, weights: FloatArray) -> FloatArray:
    """Smoothed histogram of the weighted pixels, read back at each pixel; sums to one over the bins."""
    n = COLOR_BINS
    flat = (codes[..., 0] * n + codes[..., 1]) * n + codes[..., 2]
    counts = np.bincount(flat.ravel(), weights.ravel(), n**3).reshape(n, n, n)
    for axis in range(3):
        padded = np.pad(counts, [(1, 1) if k == axis else (0, 0) for k in range(3)], mode="edge")
        low, high = (np.take(padded, range(start, start + n), axis=axis) for start in (0, 2))
        counts = 0.25 * low + 0.5 * counts + 0.25 * high
    total = counts.sum()
    if total <= 0:
        return np.zeros(codes.shape[:2], np.float32)
    density: FloatArray = (counts / total).ravel()[flat]
    return density.astype(np.float32)


def _connected(matte: FloatArray, prior: FloatArray) -> FloatArray:
    """Drop islands that do not touch the cap of the head; the rest keeps its softness."""
    count, labels = cv2.connectedComponents((matte > 0.25).astype(np.uint8))
    cap = prior > 0.45
    keep = np.zeros_like(matte)
    for label in range(1, count):
        part = labels == label
        if part.sum() >= 40 and (part & cap).sum() >= 12:
            keep[part] = 1
    keep = cv2.GaussianBlur(cv2.dilate(keep, np.ones((5, 5), np.uint8)), (0, 0), 1.5)
    return matte * keep
