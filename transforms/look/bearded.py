"""Whether a chin is bearded, told by what the mesh net sees: pixels alone take shaded and wrinkled chins for beards.

A linear probe (Alain and Bengio 2016) of the net's inner layers, trained by `bench/train/bearded.py`. Read by weights
of other people, of 282 training portraits of shaven men 14 pass 0.12, where 59 look bearded by their pixels; of 149
women one instead of 26; of 55 beards 52 instead of 51.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np

from quality.face import FloatArray
from quality.face_mesh import ACTIVATION_SIZES
from transforms.look.look_features import LookFeatures

UNKNOWN_RATIO = 0.5
_MODEL_FILE = Path(__file__).parents[1] / "data" / "bearded.npz"


def bearded_ratio(features: LookFeatures) -> float:
    """Return 0 shaven, or a moustache alone .. 1 bearded; `UNKNOWN_RATIO` where most of the face is covered."""
    weights, offset = _model()
    size = sum(ACTIVATION_SIZES)
    if not features.is_seen[-size:].all():
        return UNKNOWN_RATIO
    logit = float(features.values[-size:].astype(np.float64) @ weights) + offset
    return 1 / (1 + math.exp(-float(np.clip(logit, -12, 12))))


@cache
def _model() -> tuple[FloatArray, float]:
    with np.load(_MODEL_FILE) as stored:
        return stored["weights"].astype(np.float64), float(stored["offset"])
