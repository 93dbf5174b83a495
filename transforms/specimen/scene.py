"""Backdrop, neck, garment and head on one canvas, which a photograph is then taken of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.specimen.brush import CANVAS_WH
from transforms.specimen.garment import with_garment
from transforms.specimen.head import Head, head_of
from transforms.specimen.identity import Identity
from transforms.specimen.neck import with_back_of_head, with_neck
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
        canvas = with_back_of_head(canvas, head, skull)
    canvas = with_neck(canvas, frontal, mesh, skull, skin)
    canvas = with_garment(canvas, frontal, person, rng)
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


def _grain(rng: np.random.Generator, shape: tuple[int, int]) -> FloatArray:
    """Return the noise of a camera."""
    noise: FloatArray = rng.normal(0, 1.6, shape).astype(np.float32)[..., None]
    return noise
