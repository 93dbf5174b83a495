"""Things held or hung before a face: a hand, hair, a scarf, a sheet of paper; placed by the mesh of a scene."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from quality.regions import region_polygons
from transforms.specimen.brush import CANVAS_WH, box, cloth, filled, paper, rounded, spline
from transforms.specimen.covers import Cover, hidden_share
from transforms.specimen.scene import Scene


def hand(scene: Scene) -> Cover:
    """Draw a hand laid against the cheek on the picture's left: four fingers and the back of the hand."""
    mesh, unit = scene.mesh_px, scene.eyes_px
    alpha, shade = np.zeros(CANVAS_WH[::-1], np.float32), np.ones(CANVAS_WH[::-1], np.float32)
    wrist = mesh[172] + (-0.40 * unit, 1.1 * unit)
    knuckles = [mesh[58] + np.array(at) * unit for at in ((-0.34, -0.10), (-0.20, 0.12), (-0.06, 0.30), (0.10, 0.42))]
    tips = [
        mesh[i] + np.array(at) * unit
        for i, at in ((116, (0.05, -0.05)), (118, (0.07, 0.05)), (101, (0.0, 0.18)), (203, (-0.06, 0.12)))
    ]
    palm = np.array(
        [
            knuckles[0] + (-0.08 * unit, 0),
            *knuckles[1:],
            knuckles[-1] + (0.0, 0.25 * unit),
            wrist + (0.34 * unit, 0),
            wrist,
        ]
    )
    alpha = np.maximum(alpha, filled(rounded(palm)))
    for knuckle, tip in zip(knuckles, tips, strict=True):
        finger = np.zeros_like(alpha)
        line = [np.round(np.array([knuckle, (knuckle + tip) / 2, tip]) * 16).astype(np.int32)]
        cv2.polylines(finger, line, False, 1.0, round(0.29 * unit), cv2.LINE_AA, 4)
        edge = cv2.GaussianBlur(finger, (0, 0), 0.05 * unit)
        shade = np.where(finger > 0.5, 0.62 + 0.40 * edge, shade).astype(np.float32)
        alpha = np.maximum(alpha, finger)
    tone = scene.skin_rgb * np.array([0.98, 0.93, 0.90], np.float32)
    return Cover(alpha, tone * cv2.GaussianBlur(shade, (0, 0), 1.5)[..., None] * 0.97)


def hair_strand(scene: Scene) -> Cover:
    """Draw hair that hangs over the cheek on the picture's right."""
    mesh, unit = scene.mesh_px, scene.eyes_px
    rng = np.random.default_rng(11)
    alpha, shade = np.zeros(CANVAS_WH[::-1], np.float32), np.full(CANVAS_WH[::-1], 0.8, np.float32)
    crown = (mesh[10] + (0, -0.42 * unit)).astype(int)
    color = np.median(scene.image[crown[1] - 6 : crown[1] + 7, crown[0] - 20 : crown[0] + 21].reshape(-1, 3), axis=0)
    ends = np.linspace(0.0, 1.0, 260)
    inner, outer = mesh[266] + (-0.10 * unit, 0.05 * unit), mesh[454] + (0.08 * unit, 0)
    for share in rng.permutation(ends):
        through = inner + (outer - inner) * share
        sway = rng.normal(0, 0.025, 3) * unit
        top = mesh[356] + ((0.02 + 0.14 * share) * unit + sway[0], -0.62 * unit)
        temple = mesh[356] + ((-0.02 + 0.10 * share) * unit + sway[1], -0.12 * unit)
        end = np.array(
            [through[0] + sway[2] + 0.02 * unit, mesh[152, 1] + (0.15 + 0.35 * share + rng.uniform(0, 0.2)) * unit]
        )
        curve = spline(np.array([top, temple, through, (through + end) / 2 + (-0.02 * unit, 0), end]))
        points = [np.round(curve * 16).astype(np.int32)]
        cv2.polylines(shade, points, False, float(rng.uniform(0.75, 1.2)), 2, cv2.LINE_AA, 4)
        cv2.polylines(alpha, points, False, 1.0, 3, cv2.LINE_AA, 4)
    return Cover(alpha, (color * shade[..., None]).astype(np.float32))


def scarf(scene: Scene) -> Cover:
    """Draw a scarf about the neck, drawn up over the chin."""
    mesh, unit = scene.mesh_px, scene.eyes_px
    chin, lip = mesh[152], mesh[17]
    top = lip + (chin - lip) * 0.08
    left, right = mesh[172] + (-0.10 * unit, 0.06 * unit), mesh[397] + (0.10 * unit, 0.06 * unit)
    inner_left, inner_right = mesh[106] + (-0.10 * unit, -0.02 * unit), mesh[335] + (0.10 * unit, -0.02 * unit)
    upper = spline(np.array([left, inner_left, top, inner_right, right]))
    hem = np.array([(0.30, 0.30), (0.42, 0.75), (0.0, 0.95), (-0.42, 0.75), (-0.30, 0.30)]) * unit
    hem += np.array([right, right, chin, left, left])
    return Cover(filled(np.vstack([upper, spline(hem)])), cloth((142, 58, 52), 4, weave=0.10, folds=0.35))


def card(scene: Scene, region: str, ratio: float) -> Cover:
    """Push a sheet of paper over a region until it hides the share `ratio` of it."""
    near, far = 0.0, 1.1
    for _ in range(12):
        middle = (near + far) / 2
        hidden = hidden_share(_sheet(scene, region, middle), region_polygons(scene.mesh_px)[region])
        near, far = (middle, far) if hidden < ratio else (near, middle)
    return Cover(_sheet(scene, region, far), paper())


def _sheet(scene: Scene, region: str, share: float) -> FloatArray:
    """Fill a rectangle that has come over the share of a region's extent: eyes and cheeks from their side."""
    area, mesh, unit = region_polygons(scene.mesh_px)[region], scene.mesh_px, scene.eyes_px
    low, high = area.min(axis=0), area.max(axis=0)
    forth, back = low + share * (high - low), high - share * (high - low)
    edge = 0.05 * unit
    left, top, right, bottom = low[0] - edge, low[1] - edge / 2, high[0] + edge, high[1] + edge / 2
    if region == "left_eye":
        left, right = low[0] - 0.8 * unit, forth[0]
    elif region == "right_eye":
        left, right = back[0], high[0] + 0.8 * unit
    elif region == "nose":
        top = back[1]
    elif region == "mouth":
        left, right = mesh[58, 0] - 0.9 * unit, forth[0]
    elif region == "left_cheek":
        left, right = low[0] - unit, forth[0]
    elif region == "right_cheek":
        left, right = back[0], high[0] + unit
    else:
        left, top, right, bottom = left + 2.5 * edge, back[1], right - 2.5 * edge, bottom + 0.8 * unit
    return filled(box(left, top, right, bottom))
