"""An identity's head: two mean heads mixed, reshaped and recolored; its mesh and depth in space."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from quality.canonical import canonical_mesh
from quality.face import MESH_VERTICES, FloatArray
from transforms.face.landmark_ids import OVAL
from transforms.shape.displacement import displacement_px
from transforms.specimen.identity import Identity
from transforms.specimen.mean_portraits import MeanPortrait, mean_portrait

_SHAPE_STEPS = np.array([0.035, 0.03, 0.04, 0.03, 0.010])
"""Offset at the face's rim of one deviation, in half face heights. By eye."""


@dataclass(frozen=True, eq=False)
class Head:
    """A frontal head.

    Attributes
    ----------
    rgba : ndarray, (h, w, 4) float32
        0..255, alpha 0..1; colors are not multiplied by alpha.
    mesh_px : ndarray, (468, 3) float32
        x right, y down, z towards the camera; z = 0 at the ears' edge of the mesh.
    """

    rgba: FloatArray
    mesh_px: FloatArray

    @property
    def face_px(self) -> float:
        """Height of the face, chin to the top of the mesh."""
        return float(self.mesh_px[152, 1] - self.mesh_px[10, 1])


def head_of(person: Identity) -> Head:
    """Return the head of an identity."""
    own = mean_portrait(person.portrait)
    rgb = _mixed(own, mean_portrait(person.partner), person.partner_share)
    lab = cv2.cvtColor(rgb / 255, cv2.COLOR_RGB2LAB)
    lab += np.array([person.skin_lightness, 0, person.warmth], np.float32)
    rgb = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB) * 255
    rgba = np.dstack([rgb, own.rgba[..., 3].astype(np.float32) / 255])
    offsets = _shape_offsets(own.mesh_px, person.shape)
    rgba, mesh = _moved(rgba, own.mesh_px, offsets), own.mesh_px + offsets
    return Head(rgba, np.column_stack([mesh, _depth_px(mesh)]).astype(np.float32))


def _mixed(own: MeanPortrait, partner: MeanPortrait, share: float) -> FloatArray:
    """Blend the partner's face into the head, in the head's shape and skin color; (h, w, 3) float32."""
    mine, other = own.rgba[..., :3].astype(np.float32), partner.rgba[..., :3].astype(np.float32)
    other = _moved(other, partner.mesh_px, own.mesh_px - partner.mesh_px)
    mask = np.zeros(mine.shape[:2], np.float32)
    outline = own.mesh_px[list(OVAL)]
    center = outline.mean(axis=0)
    cv2.fillPoly(mask, [np.round((center + 0.86 * (outline - center)) * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
    other_skin, skin = (picture[mask > 0.5].mean(axis=0) for picture in (other, mine))
    other *= skin / np.maximum(other_skin, 1)
    mask = share * cv2.GaussianBlur(mask, (0, 0), 9)[..., None]
    mixed: FloatArray = np.clip(mine * (1 - mask) + other * mask, 0, 255)
    return mixed.astype(np.float32)


def _shape_offsets(mesh_px: FloatArray, shape: tuple[float, ...]) -> FloatArray:
    """Smooth offsets of the mesh, (468, 2)."""
    outline = mesh_px[list(OVAL)]
    half = float(np.ptp(outline[:, 1])) / 2
    u, v = ((mesh_px - (outline.max(axis=0) + outline.min(axis=0)) / 2) / half).T
    wider, longer, jaw, lower, asymmetry = np.array(shape) * _SHAPE_STEPS
    x = wider * u + jaw * u * v + asymmetry * (1 - u * u)
    y = longer * v + lower * np.maximum(v, 0) + asymmetry * u
    return (np.column_stack([x, y]) * half).astype(np.float32)


def _moved(picture: FloatArray, mesh_px: FloatArray, offsets_px: FloatArray) -> FloatArray:
    height, width = picture.shape[:2]
    xy = displacement_px(mesh_px, offsets_px, (width, height))
    xy = xy + np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).astype(np.float32)
    moved: FloatArray = cv2.remap(picture, xy, np.empty(0, np.float32), cv2.INTER_LINEAR)
    return moved


def _depth_px(mesh_px: FloatArray) -> FloatArray:
    """Depth of the mesh from the canonical one, scaled to this face, (468,)."""
    canonical = canonical_mesh().vertices_cm
    scale = float(np.ptp(mesh_px[:MESH_VERTICES, 1]) / np.ptp(canonical[:, 1]))
    depth: FloatArray = (canonical[:, 2] - canonical[:, 2].min()) * scale
    return depth
