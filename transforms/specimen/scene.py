"""Backdrop, neck, garment and head on one canvas, which a photograph is then taken of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.specimen.brush import CANVAS_WH, filled
from transforms.specimen.head import Head, head_of
from transforms.specimen.identity import Identity
from transforms.specimen.turn import MARGIN_PX, turn_head

_HEAD_AT = (210, 170)
"""Where the head's picture begins on the canvas."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A person before a backdrop.

    Attributes
    ----------
    image : ndarray, (960, 900, 3) float32
        RGB, 0..255; the face is some 190 px wide.
    mesh_px : ndarray, (468, 2) float32
        The mesh of the turned head.
    skin_rgb : ndarray, (3,) float32
        Mean color of the cheeks.
    """

    image: FloatArray
    mesh_px: FloatArray
    skin_rgb: FloatArray

    @property
    def eyes_px(self) -> float:
        """Distance of the outer corners of the eyes."""
        return float(np.linalg.norm(self.mesh_px[33] - self.mesh_px[263]))

    def lit(self, factor: float) -> Scene:
        """Return the scene with more or less light."""
        return replace(self, image=np.clip(self.image * factor, 0, 255), skin_rgb=self.skin_rgb * factor)


def draw_scene(person: Identity, yaw_deg: float = 0.0, pitch_deg: float = 0.0) -> Scene:
    """Draw a person, the head turned by yaw and pitch."""
    head = head_of(person)
    shift = np.array(_HEAD_AT, np.float32)
    frontal = head.mesh_px[:, :2] + shift
    skin = _skin_rgb(head)
    rng = np.random.default_rng(person.seed)
    canvas = _backdrop(person, rng)
    view = turn_head(head, yaw_deg, pitch_deg)
    mesh = (view.mesh_px + shift - MARGIN_PX).astype(np.float32)
    skull = np.array(view.skull_ltrb_px) + np.tile(shift - MARGIN_PX, 2)
    if yaw_deg or pitch_deg:
        canvas = _with_back_of_head(canvas, head, skull)
    canvas = _with_neck(canvas, frontal, mesh, skull, skin)
    canvas = _with_garment(canvas, frontal, person, rng)
    top, left = _HEAD_AT[1] - MARGIN_PX, _HEAD_AT[0] - MARGIN_PX
    height, width = view.rgba.shape[:2]
    part = canvas[top : top + height, left : left + width]
    alpha = view.rgba[..., 3:]
    part[:] = part * (1 - alpha) + view.rgba[..., :3] * alpha
    return Scene(np.clip(canvas + _grain(rng, canvas.shape[:2]), 0, 255), mesh, skin)


def _skin_rgb(head: Head) -> FloatArray:
    points = head.mesh_px[[117, 118, 50, 205, 346, 347, 280, 425], :2].astype(int)
    color: FloatArray = np.median([head.rgba[y, x, :3] for x, y in points], axis=0).astype(np.float32)
    return color


def _backdrop(person: Identity, rng: np.random.Generator) -> FloatArray:
    """Paint a studio wall, lit behind the head."""
    width, height = CANVAS_WH
    ys, xs = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    light = 1.08 - 0.45 * ((xs - 0.5) ** 2 + (ys - 0.35) ** 2)
    clouds = cv2.resize(rng.normal(0, 0.02, (7, 7)).astype(np.float32), CANVAS_WH, interpolation=cv2.INTER_CUBIC)
    wall: FloatArray = np.array(person.backdrop_rgb, np.float32) * (light + clouds)[..., None]
    return wall


def _with_back_of_head(canvas: FloatArray, head: Head, skull_ltrb_px: FloatArray) -> FloatArray:
    """Draw hair on the part of the skull that a frontal picture does not show."""
    middle = head.rgba[:, head.rgba.shape[1] // 2 - 40 : head.rgba.shape[1] // 2 + 40]
    first = int(np.argmax(middle[..., 3].mean(axis=1) > 0.9))
    hair = middle[first : first + 24, :, :3].mean(axis=(0, 1))
    left, top, right, bottom = skull_ltrb_px
    turns = np.linspace(0, 2 * np.pi, 90)
    ellipse = np.column_stack(
        [(left + right + (right - left) * np.cos(turns)) / 2, (top + bottom + (bottom - top) * np.sin(turns)) / 2]
    )
    mask = _filled(ellipse, 1.5)
    ys, xs = np.mgrid[: canvas.shape[0], : canvas.shape[1]].astype(np.float32)
    u, v = (2 * xs - left - right) / (right - left), (2 * ys - top - bottom) / (bottom - top)
    shade = 0.95 - 0.35 * np.clip(u * u + v * v, 0, 1)
    strands = np.random.default_rng(3).normal(0, 1, (CANVAS_WH[1], CANVAS_WH[0])).astype(np.float32)
    shade += 0.35 * cv2.GaussianBlur(strands, (0, 0), 0.8, sigmaY=5)
    over: FloatArray = canvas * (1 - mask) + hair * shade[..., None] * mask
    return over


def _with_neck(
    canvas: FloatArray, mesh_px: FloatArray, turned_px: FloatArray, skull_ltrb_px: FloatArray, skin_rgb: FloatArray
) -> FloatArray:
    """Draw the neck, round and in the chin's shadow; `mesh_px` is the frontal mesh, `turned_px` the head's."""
    chin, face = mesh_px[152], float(mesh_px[152, 1] - mesh_px[10, 1])
    half = 0.28 * float(mesh_px[454, 0] - mesh_px[234, 0]) + 0.06 * face
    steps = ((0.10, 0.98), (0.20, 1.05), (0.30, 1.35), (0.50, 2.1))
    jaw = turned_px[[58, 172, 136, 150, 149, 148, 152, 377, 378, 379, 365, 397, 288]]
    jaw = jaw.mean(axis=0) + 0.93 * (jaw - jaw.mean(axis=0))
    right = np.array([(chin[0] + half * wide, chin[1] + face * down) for down, wide in steps])
    left = np.array([(chin[0] - half * wide, chin[1] + face * down) for down, wide in steps])
    skull_left, _, skull_right, skull_bottom = skull_ltrb_px
    middle, reach = (skull_left + skull_right) / 2, (skull_right - skull_left) / 4
    nape = np.array([[middle + side * reach, skull_bottom - 0.08 * face] for side in (-1, 1)])
    hull = cv2.convexHull(np.vstack([jaw, nape, right[:2], left[:2]]).astype(np.float32))[:, 0]
    mask = np.maximum(_filled(np.vstack([right, left[::-1]]), 1.0), _filled(hull, 1.0))
    ys, xs = np.mgrid[: canvas.shape[0], : canvas.shape[1]].astype(np.float32)
    across, down = (xs - chin[0]) / half, (ys - chin[1]) / face
    shade = 0.86 - 0.22 * np.clip(np.abs(across), 0, 1.2) ** 2.5
    # The chin's shadow, deepest just below it; the hollow above the collar.
    shade *= 1 - 0.38 * np.exp(-(((down - 0.02) / 0.13) ** 2)) * np.clip(1.25 - np.abs(across) * 0.5, 0, 1)
    # Two muscles run from behind the ears to the hollow.
    line = 0.75 - 1.3 * (down - 0.05)
    shade *= 1 + 0.05 * np.exp(-(((np.abs(across) - line) / 0.16) ** 2))
    neck = skin_rgb * np.array([1.0, 0.97, 0.95], np.float32) * shade[..., None]
    over: FloatArray = canvas * (1 - mask) + neck * mask
    return over


def _with_garment(canvas: FloatArray, mesh_px: FloatArray, person: Identity, rng: np.random.Generator) -> FloatArray:
    """Draw a knitted pullover with a round collar."""
    chin, face = mesh_px[152], float(mesh_px[152, 1] - mesh_px[10, 1])
    steps = (
        (0.17, 0.34),
        (0.23, 0.46),
        (0.31, 0.72),
        (0.40, 0.98),
        (0.53, 1.16),
        (0.82, 1.29),
        (1.4, 1.36),
        (3.2, 1.42),
    )
    right = np.array([(chin[0] + face * wide, chin[1] + face * down) for down, wide in steps])
    left = np.array([(chin[0] - face * wide, chin[1] + face * down) for down, wide in steps])
    turns = np.linspace(0, np.pi, 24)
    collar = np.column_stack([chin[0] - 0.34 * face * np.cos(turns), chin[1] + face * (0.17 + 0.13 * np.sin(turns))])
    mask = _filled(np.vstack([_rounded(right), _rounded(left)[::-1], collar]), 1.0)
    band = _filled(np.vstack([collar, collar[::-1] + (0, 0.055 * face)]), 0.8)
    ys, xs = np.mgrid[: canvas.shape[0], : canvas.shape[1]].astype(np.float32)
    across, down = (xs - chin[0]) / face, (ys - chin[1]) / face
    shade = 1.08 - 0.30 * np.clip(np.abs(across) / 1.35, 0, 1) ** 2 - 0.10 * np.clip(down - 0.5, 0, 2)
    # Wide folds from the shoulders to the middle.
    coarse = rng.normal(0, 1, (90, 18)).astype(np.float32)
    folds = cv2.resize(cv2.GaussianBlur(coarse, (0, 0), 2.2, sigmaY=7), CANVAS_WH, interpolation=cv2.INTER_CUBIC)
    folded: FloatArray = shade + 0.35 * folds
    knit = 0.025 * np.sin(xs * 2.1) * np.sin(ys * 1.5)
    lit: FloatArray = (folded + knit) * (1 - 0.16 * band[..., 0] * (0.6 + 0.4 * np.sin(across * 160)))
    # The collar's shadow on cloth, and the head's.
    lit = lit * (1 - 0.22 * np.exp(-(((down - 0.27) / 0.12) ** 2) - (across / 0.42) ** 2))
    cloth = np.array(person.garment_rgb, np.float32) * lit[..., None]
    rim = cv2.GaussianBlur(mask, (0, 0), 5)[..., None]
    behind = canvas * (1 - 0.25 * rim * (1 - mask))
    over: FloatArray = behind * (1 - mask) + cloth * mask
    return over


def _filled(points: FloatArray, soft_px: float) -> FloatArray:
    """Fill an outline with a soft edge, (h, w, 1)."""
    return cv2.GaussianBlur(filled(points), (0, 0), soft_px)[..., None]


def _rounded(points: FloatArray) -> FloatArray:
    """Draw a smooth line through a few points."""
    at = np.linspace(0, len(points) - 1, 20 * len(points))
    line = np.column_stack([np.interp(at, np.arange(len(points)), points[:, axis]) for axis in (0, 1)])
    kernel = np.hanning(23) / np.hanning(23).sum()
    return np.column_stack([np.convolve(np.pad(line[:, axis], 11, mode="edge"), kernel, "valid") for axis in (0, 1)])


def _grain(rng: np.random.Generator, shape: tuple[int, int]) -> FloatArray:
    """Return the noise of a camera."""
    noise: FloatArray = rng.normal(0, 1.6, shape).astype(np.float32)[..., None]
    return noise
