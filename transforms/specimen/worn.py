"""Things worn over a face: glasses, a patch, a dressing, masks; each is placed by the mesh of a scene."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from quality.regions import region_polygons
from transforms.specimen.brush import CANVAS_WH, box, cloth, filled, plain, rounded
from transforms.specimen.covers import Cover
from transforms.specimen.scene import Scene

_LEFT_EYE, _RIGHT_EYE = (33, 133, 159, 145), (263, 362, 386, 374)
_LENS = ((-0.28, -0.16), (0.0, -0.20), (0.27, -0.17), (0.30, 0.02), (0.20, 0.21), (-0.05, 0.24), (-0.24, 0.14))
"""Outline about the eye's middle, outward and down, in eye distances."""


def sunglasses(scene: Scene) -> Cover:
    """Draw black glasses over both eyes."""
    unit, width = scene.eyes_px, float(np.ptp(scene.mesh_px[:, 0]))
    alpha = np.zeros(CANVAS_WH[::-1], np.float32)
    lenses = []
    for eye in (_LEFT_EYE, _RIGHT_EYE):
        middle = scene.mesh_px[list(eye)].mean(axis=0)
        outward = np.sign(middle[0] - scene.mesh_px[168, 0])
        lenses.append(rounded(np.array([(middle[0] + outward * x * unit, middle[1] + y * unit) for x, y in _LENS])))
        alpha = np.maximum(alpha, filled(lenses[-1]))
    left, right = scene.mesh_px[127], scene.mesh_px[356]
    bar = 0.05 * unit
    lens_top = (lenses[0][:, 1].min() + lenses[1][:, 1].min()) / 2
    y = lens_top + 0.10 * unit
    alpha = np.maximum(alpha, filled(box(scene.mesh_px[133, 0], y - bar, scene.mesh_px[362, 0], y + bar)))
    alpha = np.maximum(alpha, filled(box(left[0] - 0.02 * width, y - bar, scene.mesh_px[33, 0], y + bar)))
    alpha = np.maximum(alpha, filled(box(scene.mesh_px[263, 0], y - bar, right[0] + 0.02 * width, y + bar)))
    ys = np.arange(CANVAS_WH[1], dtype=np.float32)[:, None, None]
    sheen = 26 * np.exp(-(((ys - lens_top - 0.06 * unit) / (0.05 * unit)) ** 2))
    return Cover(alpha, plain((24, 24, 27)) + sheen.astype(np.float32))


def eye_patch(scene: Scene) -> Cover:
    """Draw a black patch over the eye on the picture's right, with its band."""
    unit = scene.eyes_px
    middle = scene.mesh_px[list(_RIGHT_EYE)].mean(axis=0)
    shape = [(-0.33, -0.20), (0.0, -0.27), (0.33, -0.20), (0.33, 0.08), (0.0, 0.27), (-0.30, 0.10)]
    alpha = filled(rounded(middle + np.array(shape) * unit))
    band = np.zeros_like(alpha)
    ends = (scene.mesh_px[103] + (0, -0.02 * unit), middle, scene.mesh_px[356] + (0.02 * unit, 0.05 * unit))
    points = [np.round(np.array(ends) * 16).astype(np.int32)]
    cv2.polylines(band, points, False, 1.0, max(2, round(0.05 * unit)), cv2.LINE_AA, 4)
    return Cover(np.maximum(alpha, band), plain((22, 21, 24)))


def nose_plaster(scene: Scene) -> Cover:
    """Draw a dressing on the nose."""
    outline = region_polygons(scene.mesh_px)["nose"]
    center = outline.mean(axis=0)
    alpha = filled(rounded(center + (outline - center) * (1.12, 1.07)))
    return Cover(alpha, cloth((226, 224, 216), 5, weave=0.05))


def surgical_mask(scene: Scene) -> Cover:
    """Draw a pale blue mask from the bridge of the nose to under the chin."""
    mesh = scene.mesh_px
    bridge = mesh[168] + (0, 0.10 * scene.eyes_px)
    upper = np.array([mesh[93], mesh[50], mesh[193], bridge, mesh[417], mesh[280], mesh[323]])
    return _mask(scene, upper, 1.05)


def mask_below_nose(scene: Scene) -> Cover:
    """Draw the same mask, worn below the nose."""
    mesh = scene.mesh_px
    lip = mesh[2] + (0, 0.05 * scene.eyes_px)
    upper = np.array([mesh[132], mesh[207], mesh[165], lip, mesh[391], mesh[427], mesh[361]])
    return _mask(scene, upper, 1.02)


def _mask(scene: Scene, upper: FloatArray, stretch: float) -> Cover:
    mesh, unit = scene.mesh_px, scene.eyes_px
    lower = mesh[[361, 397, 379, 400, 152, 176, 150, 172, 132]] + (0, 0.03 * unit)
    center = mesh[[61, 291, 2, 152]].mean(axis=0)
    outline = np.vstack([upper, lower])
    alpha = filled(center + (outline - center) * (1.02, stretch))
    ear_loops = np.zeros_like(alpha)
    for corner, ear, sign in ((upper[0], mesh[127], -1), (upper[-1], mesh[356], 1)):
        line = np.array([corner, ear + (sign * 0.06 * unit, 0.1 * unit)])
        cv2.polylines(ear_loops, [np.round(line * 16).astype(np.int32)], False, 1.0, 2, cv2.LINE_AA, 4)
    paint = cloth((150, 190, 205), 9, weave=0.03)
    ys = np.arange(CANVAS_WH[1], dtype=np.float32)[:, None, None]
    top, bottom = outline[:, 1].min(), outline[:, 1].max()
    pleats = np.sin((ys - top) / (bottom - top) * 2 * np.pi * 3.5)
    return Cover(np.maximum(alpha, ear_loops), paint * (1 - 0.06 * np.clip(pleats, 0, 1)))
