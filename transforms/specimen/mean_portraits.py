"""Eight mean heads, each the average of 8 to 14 public-domain portraits and their mirror images.

Source: `bench/train/portraits/mean_portraits.py` (United States Congress and Presidential Innovation Fellows).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray

NAMES = ("woman_30", "man_30", "woman_52", "man_52", "woman_70", "man_70", "woman_dark", "man_dark")

_FOLDER = Path(__file__).parents[1] / "data" / "portraits"


@dataclass(frozen=True, eq=False)
class MeanPortrait:
    """A mean head, frontal and symmetric.

    Attributes
    ----------
    rgba : ndarray, (600, 480, 4) uint8, read-only
        The head without clothes; alpha 255 where it is.
    mesh_px : ndarray, (468, 2) float32, read-only
        MediaPipe's mesh in the picture.
    """

    rgba: ImageArray
    mesh_px: FloatArray


@cache
def mean_portrait(name: str) -> MeanPortrait:
    """Load one of `NAMES`."""
    stored = cv2.imread(str(_FOLDER / f"{name}.webp"), cv2.IMREAD_UNCHANGED)
    if stored is None:
        raise ValueError(f"no mean portrait is called {name!r}")
    rgba = cv2.cvtColor(stored, cv2.COLOR_BGRA2RGBA)
    with np.load(_FOLDER / "meshes.npz") as meshes:
        mesh = meshes[name]
    rgba.setflags(write=False)
    mesh.setflags(write=False)
    return MeanPortrait(rgba, mesh)
