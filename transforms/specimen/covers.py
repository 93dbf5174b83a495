"""What lies over a face: opaque shapes placed by the mesh, so that the covered share of each region is known.

A cover is drawn on a `Scene`; `covered_ratio` tells by geometry alone how much of each region it hides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from quality.face import FloatArray
from quality.regions import region_polygons
from transforms.specimen.brush import filled
from transforms.specimen.scene import Scene


@dataclass(frozen=True, eq=False)
class Cover:
    """`alpha` (h, w) float32 0..1 and `paint` (h, w, 3) float32 0..255, in pixels of the scene."""

    alpha: FloatArray
    paint: FloatArray


def laid_over(scene: Scene, *covers: Cover) -> Scene:
    """Lay covers over a scene, each with a soft shadow; the first lies lowest."""
    image = scene.image
    for cover in covers:
        shadow = cv2.GaussianBlur(np.roll(cover.alpha, (4, 2), axis=(0, 1)), (0, 0), 5)[..., None]
        alpha = cv2.GaussianBlur(cover.alpha, (0, 0), 0.7)[..., None]
        image = image * (1 - 0.28 * shadow) * (1 - alpha) + cover.paint * alpha
    return replace(scene, image=image.astype(np.float32))


def covered_ratio(scene: Scene, *covers: Cover) -> dict[str, float]:
    """Return the share of each of the seven regions under the covers, 0..1."""
    hidden = np.maximum.reduce([cover.alpha for cover in covers])
    return {name: hidden_share(hidden, polygon) for name, polygon in region_polygons(scene.mesh_px).items()}


def hidden_share(alpha: FloatArray, outline: FloatArray) -> float:
    """Return the share of an outline's area under an alpha, 0..1."""
    region = filled(outline) > 0.5
    return float((region & (alpha > 0.5)).sum() / region.sum())
