"""Masks of the parts of the canonical face: fixed pictures in the frame of all layers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from quality.canonical import canonical_frame
from quality.face import FloatArray, ImageArray
from transforms.face.landmark_ids import (
    BEARD,
    CHIN,
    LEFT_BROW,
    LEFT_EYE,
    LIPS,
    MOUSTACHE,
    MOUTH_OPENING,
    NOSE,
    NOSTRILS,
    OVAL,
    RIGHT_BROW,
    RIGHT_EYE,
    UNDER_CHIN,
)
from transforms.face.layer_drawing import blobs, polygon
from transforms.face.layer_frame import FRAME_PX, LAYER_PX, PAD_PX, padded
from transforms.face.prototypes import gender_prototypes

_ON_LIP = 0.75
"""How densely stubble grows above the lips. By eye."""


@dataclass(frozen=True, eq=False)
class FaceMasks:
    """Masks (LAYER_PX, LAYER_PX) float32, 0..1, of the canonical face.

    `face` fades at the mesh's outline, `around` past it; `skin` is `face` without eyes, brows, lips and nostrils;
    `stubbly` is thin on the cheeks; `throat` is where a beard hangs below the chin.
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
    stubbly: FloatArray


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
    nostrils = polygon(NOSTRILS, 0.95, 2.0)
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
    below = np.maximum(*(np.roll(polygon(UNDER_CHIN, 1.0, 2), drop, axis=0) for drop in (12, 24)))
    throat = cv2.GaussianBlur(below, (0, 0), 5) * (1 - polygon(OVAL, 0.97, 3))
    stubble = _beard_density() * (1 - mouth) * (1 - polygon(NOSE, 1.0, 3)) * around
    cheeks = blobs((50, 280), 22) * face
    stacks = (face, around, skin, eyes), (brows, lips, beard, throat), (cheeks, stubble)
    return tuple(_in_bytes(np.dstack(stack)) for stack in stacks)


def _beard_density() -> FloatArray:
    """How densely a beard grows, 0..1: as in the mean of bearded men, but nothing beyond where beards are."""
    density = padded(np.repeat(gender_prototypes().beard_density[..., None], 3, axis=2))[..., 0]
    grows = cv2.GaussianBlur(np.maximum(polygon(BEARD, 1.08, 6), polygon(MOUSTACHE, 1.1, 3)), (0, 0), 6)
    # Both halves of the mean grow alike; what is left of a difference is light.
    density = np.maximum((density + density[:, ::-1]) / 2, 0)
    grown: FloatArray = 1 - np.exp(-1.2 * density * grows)
    # Some of the mean's men wear no mustache; who has a stubble has one there as well.
    grown = np.maximum(grown, _ON_LIP * polygon(MOUSTACHE, 1.05, 2.5))
    return cv2.GaussianBlur(grown, (0, 0), 2.5)


def _in_bytes(masks: FloatArray) -> ImageArray:
    """Return masks of 0..1 as read-only bytes."""
    levels = np.round(255 * np.clip(masks, 0, 1)).astype(np.uint8)
    levels.setflags(write=False)
    return levels
