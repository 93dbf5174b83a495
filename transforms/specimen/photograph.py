"""A picture of a scene: any size, scale, place and roll."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.head.head_crop import warp_area
from transforms.specimen.scene import Scene


@dataclass(frozen=True, eq=False)
class Photograph:
    """A picture of one generated face.

    Attributes
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    mesh_px : ndarray, (468, 2) float32
        Where the face is.
    """

    image: ImageArray
    mesh_px: FloatArray


def photograph(
    scene: Scene,
    size_wh: tuple[int, int] = (480, 600),
    scale: float = 1.0,
    center: tuple[float, float] = (0.5, 0.46),
    roll_deg: float = 0.0,
) -> Photograph:
    """Take a picture of a scene.

    Parameters
    ----------
    scene : Scene
    size_wh : (int, int)
        Pixels of the picture.
    scale : float
        Picture pixels of a scene pixel.
    center : (float, float)
        Where the face's center lies, as a share of width and height.
    roll_deg : float
        How far the camera makes the face lean, clockwise.

    Returns
    -------
    Photograph
        Beyond the scene its border is repeated.
    """
    angle = math.radians(roll_deg)
    turn = scale * np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    middle = (scene.mesh_px.min(axis=0) + scene.mesh_px.max(axis=0)) / 2
    to_picture = np.column_stack([turn, np.multiply(size_wh, center) - turn @ middle])
    whole = np.clip(np.round(scene.image), 0, 255).astype(np.uint8)
    image = np.ascontiguousarray(warp_area(whole, to_picture, size_wh))
    mesh = (scene.mesh_px @ to_picture[:, :2].T + to_picture[:, 2]).astype(np.float32)
    return Photograph(image, mesh)
