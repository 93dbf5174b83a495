"""A child's proportions, in cm of the frontal frame.

Sources: craniofacial growth by Todd, Mark, Shaw & Pittenger 1980 (Sci. Am. 242(2)); proportions of children's faces
in Farkas, Anthropometry of the Head and Face (1994); sizes by eye.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from quality.face import FloatArray
from transforms.face.landmark_ids import LIPS, MOUTH_OPENING
from transforms.shape.eye_size import scaled_about_eyes

_FOREHEAD, _CHIN = 10, 152
_NOSE_CENTERS = (5, 195)
_SMALLER_FACE = 0.05
"""How far a child's face is drawn towards the temples: it is small in its head."""
_BIGGER_EYES, _WIDE_OPEN = 0.14, 0.44
"""Growth of a child's eyes, and the opening, in their widths, that counts as wide. By eye."""


def childlike_cm(shape_cm: FloatArray) -> FloatArray:
    """Give a child's proportions: features low, small nose and mouth, big eyes, full cheeks, short round jaw."""
    top, chin = shape_cm[_FOREHEAD], shape_cm[_CHIN]
    height = float(np.linalg.norm(top[:2] - chin[:2]))
    level = (chin[1] - shape_cm[:, 1]) / height
    offsets = np.zeros_like(shape_cm)
    # Down is positive: eyes and nose sink, the chin rises.
    offsets[:, 1] += height * (0.040 * _gaussian(level, 0.62, 0.22) - 0.023 * _gaussian(level, -0.02, 0.2))
    middle = float(shape_cm[[_FOREHEAD, _CHIN, 5], 0].mean())
    aside = shape_cm[:, 0] - middle
    # The chin keeps its breadth: narrower, it is pointed, and a child's is round.
    offsets[:, 0] -= 0.02 * aside
    offsets[:, 0] += np.sign(aside) * np.minimum(np.abs(aside) / 3.0, 1) * 0.07 * _gaussian(level, 0.33, 0.14)
    temples = shape_cm[[127, 356]].mean(axis=0) - np.array([0, 0.1 * height, 0], np.float32)
    offsets -= _SMALLER_FACE * (shape_cm - temples)
    offsets += scaled_about_eyes(shape_cm, _BIGGER_EYES * _narrowness(shape_cm))
    offsets += _shrunk(shape_cm, _NOSE_CENTERS, 2.2, (0.09, 0.15))
    offsets += _shrunk(shape_cm, (*LIPS, *MOUTH_OPENING), 2.6, (0.09, -0.03))
    offsets[:, 2] = 0
    return offsets


def _gaussian(values: FloatArray, center: float, width: float) -> FloatArray:
    curve: FloatArray = np.exp(-(((values - center) / width) ** 2))
    return curve


def _narrowness(shape_cm: FloatArray) -> float:
    """0.4 where eyes are wide open already, which stare when they grow, 1 where lids hang."""
    widths = [float(np.linalg.norm(shape_cm[a, :2] - shape_cm[b, :2])) for a, b in ((33, 133), (362, 263))]
    heights = [float(np.linalg.norm(shape_cm[a, :2] - shape_cm[b, :2])) for a, b in ((159, 145), (386, 374))]
    openness = sum(heights) / max(sum(widths), 1e-3)
    return min(max((_WIDE_OPEN - openness) / 0.12, 0.4), 1.0)


def _shrunk(shape_cm: FloatArray, ids: Iterable[int], radius_cm: float, by: tuple[float, float]) -> FloatArray:
    """Draw points towards a center, across by `by[0]` and along by `by[1]`, fading out at a radius."""
    away = shape_cm - shape_cm[list(ids)].mean(axis=0)
    distance = np.hypot(away[:, 0], away[:, 1])
    fade = np.exp(-((np.maximum(distance - 0.6 * radius_cm, 0) / (0.5 * radius_cm)) ** 2))
    drawn: FloatArray = -away * fade[:, None] * np.array([by[0], by[1], 0], np.float32)
    return drawn
