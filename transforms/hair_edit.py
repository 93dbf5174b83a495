"""Hair of the head, grayed or given its pigment back, in the part of the picture where the matte finds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.canonical_layers import OVAL
from transforms.hair import hair_matte
from transforms.hair_color import darken_hair, gray_hair
from transforms.lab import lab_of, rgb_of
from transforms.models import EditModels

_SCALP_POINTS = (9, 8, 151, 108, 337, 50, 280)
_EARS, _NOSE_ROOT = ((127, 93), (356, 323)), 168
"""Mesh points above and below where each ear begins."""
_GRAY_SHARE, _MOST_GRAY = 0.75, 0.95
_LEAST_MATTE, _SURE_MATTE = 0.01, 0.6


def recolor_hair(
    image: ImageArray,
    unpainted: ImageArray,
    face: Face,
    strength: float,
    models: EditModels,
    others: Sequence[Face] = (),
) -> ImageArray:
    """Gray the hair (positive) or give gray hair its color back (negative).

    Parameters
    ----------
    image : ndarray, (h, w, 3) uint8, RGB
    unpainted : ndarray, (h, w, 3) uint8, RGB
        The same picture before its skin was painted: hair is looked for here, as creases and pigment look like it.
    face : Face
        In pixels of `image`.
    strength : float
        1 is a person of about 70; -1 a child.
    models : EditModels
    others : sequence of Face
        The other faces of the picture; their hair stays.

    Returns
    -------
    ndarray, (h, w, 3) uint8, RGB
    """
    if not strength:
        return image
    matte = hair_matte(unpainted, face, models.person.person_near(unpainted, face), others)
    found = cv2.boundingRect((matte > _LEAST_MATTE).view(np.uint8))
    left, top, width, height = (int(side) for side in found)
    if not width:
        return image
    rows, columns = slice(top, top + height), slice(left, left + width)
    part, alpha = image[rows, columns], np.ascontiguousarray(matte[rows, columns])
    lab, seen = lab_of(part), lab_of(unpainted[rows, columns])
    box = replace(face.box, left=face.box.left - left, top=face.box.top - top)
    here = replace(face, landmarks_px=face.landmarks_px - np.array([left, top, 0], np.float32), box=box)
    alpha = alpha * (1 - _scalp(seen, here))
    if strength > 0:
        colored = gray_hair(lab, alpha, min(_GRAY_SHARE * strength, _MOST_GRAY), here)
    else:
        # Dark paint on a bright background shows, gray paint hardly: only sure hair is darkened.
        sure = np.clip((alpha - 0.5) / 0.4, 0, 1)
        # Burnt-out white hair has no strands left that could carry a color: it would turn to flat fog.
        middle = float(np.median(lab[..., 0][alpha > _SURE_MATTE])) if (alpha > _SURE_MATTE).any() else 100.0
        room = min(max((94 - middle) / 20, 0.0), 1.0)
        colored = darken_hair(lab, sure, min(-strength, 1.0) * room)
    result = image.copy()
    result[rows, columns] = cv2.copyTo(rgb_of(colored), (alpha > _LEAST_MATTE).view(np.uint8), part.copy())
    return result


def _scalp(lab: FloatArray, face: Face) -> FloatArray:
    """1 where a pixel is smooth and has the color of the face: a bare or closely cropped scalp, not hair."""
    height, width = lab.shape[:2]
    at = np.round(face.landmarks_px[list(_SCALP_POINTS), :2]).astype(int)
    inside = (at[:, 0] >= 0) & (at[:, 0] < width) & (at[:, 1] >= 0) & (at[:, 1] < height)
    if not inside.any():
        return np.zeros((height, width), np.float32)
    eyes_px = float(np.linalg.norm(face.landmarks_px[33, :2] - face.landmarks_px[263, :2]))
    even = cv2.GaussianBlur(lab, (0, 0), max(0.015 * eyes_px, 0.6))
    skin = np.median(even[at[inside, 1], at[inside, 0]], axis=0)
    chroma = np.full((height, width), 100.0, np.float32)
    # Shine and shade change the color across a face: the nearest of its colors counts.
    for _, a, b in (*even[at[inside, 1], at[inside, 0]], skin):
        chroma = np.minimum(chroma, np.hypot(even[..., 1] - a, even[..., 2] - b))
    darker = np.maximum(skin[0] - even[..., 0], 0) / max(float(skin[0]), 10.0)
    rough = cv2.GaussianBlur(np.abs(lab[..., 0] - even[..., 0]), (0, 0), max(0.025 * eyes_px, 0.8))
    # Within the mesh and at the ears smooth skin is skin, in deeper shade too and whatever grows above it.
    zone = _face_and_ears(face, height, width)
    near = np.clip(2 - chroma / 10, 0, 1) * np.clip(2 - darker / (0.24 + 0.16 * zone), 0, 1)
    smooth = np.clip(2 - rough / (0.045 * np.maximum(even[..., 0], 15)), 0, 1)
    bare = cv2.GaussianBlur((near * smooth).astype(np.float32), (0, 0), max(0.03 * eyes_px, 0.8))
    # Fair hair has the color of fair skin: only where smooth skin goes on above the mesh may the head be bare.
    forehead, chin = face.landmarks_px[10, :2], face.landmarks_px[152, :2]
    above = np.zeros((height, width), np.uint8)
    center = np.round(forehead + 0.13 * (forehead - chin)).astype(int)
    radius = max(round(0.07 * float(np.linalg.norm(forehead - chin))), 1)
    cv2.circle(above, (int(center[0]), int(center[1])), radius, 1, -1)
    texture = float(np.median((rough / np.maximum(even[..., 0], 15))[above > 0])) if above.any() else 1.0
    share = np.full((height, width), min(max((0.04 - texture) / 0.02, 0.0), 1.0), np.float32)
    result: FloatArray = np.clip(1.6 * bare, 0, 1) * np.maximum(share, zone)
    return result


def _face_and_ears(face: Face, height: int, width: int) -> FloatArray:
    """1 within the outline of the mesh and on the ears, soft; (height, width) float32."""
    points = face.landmarks_px[:, :2]
    zone = np.zeros((height, width), np.uint8)
    cv2.fillPoly(zone, [np.round(points[list(OVAL)]).astype(np.int32)], 1)
    size = float(np.linalg.norm(points[10] - points[152]))
    for upper, lower in _EARS:
        middle = (points[upper] + points[lower]) / 2
        out = middle - points[_NOSE_ROOT]
        at = middle + 0.06 * size * out / max(float(np.linalg.norm(out)), 1.0)
        cv2.circle(zone, (round(float(at[0])), round(float(at[1]))), max(round(0.11 * size), 1), 1, -1)
    return cv2.GaussianBlur(zone.astype(np.float32), (0, 0), max(0.02 * size, 0.8))
