"""The person's present age and gender, as far as ridge regression on public-domain portraits can tell.

Two weight vectors over `look_features`, trained by `bench/train/present/` on portraits of adults of 23 to 85; the
proportions of `growth` pull the estimate below twenty where the face is built like a child's. It serves as the zero
of the age dial and the strength of gender edits, not as a verdict on anybody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from quality.face import Face, FloatArray, ImageArray
from quality.face_mesh import FaceMesh
from transforms.look.bearded import UNKNOWN_RATIO, bearded_ratio
from transforms.look.growth import CUE_SIGNS, age_of_growth_years, growth_cues, reliability
from transforms.look.look_features import look_features

_MODEL_FILE = Path(__file__).parents[1] / "data" / "present.npz"
AGE_LIMITS_YEARS = (1.0, 90.0)
_CHILD_SLOPE, _CHILD_THRESHOLD = 8.0, 2.05
_CHILD_AGE_YEARS, _CHILD_AGE_SCALE_YEARS = 37.0, 8.0
"""A child is likely where the growth cues are more childlike than those of 99 % of the adults (1.74 deviations) and
the skin looks under 37; the one can outweigh the other. Steep, lest young adults be drawn to childhood. No pictures
of children were at hand."""


@dataclass(frozen=True)
class PresentLook:
    """What the face looks like now.

    Attributes
    ----------
    age_years : float
        1..90.
    female_ratio : float
        0 looks male .. 1 looks female.
    bearded_ratio : float
        0 a shaven chin .. 1 a bearded one.
    """

    age_years: float
    female_ratio: float
    bearded_ratio: float = UNKNOWN_RATIO


@dataclass(frozen=True, eq=False)
class _Model:
    mean: FloatArray
    scale: FloatArray
    age_weights: FloatArray
    age_offset_years: float
    female_weights: FloatArray
    female_offset: float
    growth_mean: FloatArray
    growth_scale: FloatArray


def estimate(image: ImageArray, face: Face, mesh: FaceMesh, cover: object | None = None) -> PresentLook:
    """Estimate the present age and gender of a face.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    face : Face
        In pixels of `image`.
    mesh : FaceMesh
        Lends its activations.
    cover : quality.occlusion.CoverMap, optional
        Covered parts count as an average face's.

    Returns
    -------
    PresentLook
    """
    ratio = getattr(cover, "ratio", None)
    model = _model()
    features = look_features(image, face, mesh, ratio)
    standard = np.where(features.is_seen, (features.values - model.mean) / model.scale, 0)
    standard = np.clip(standard, -4, 4)
    adult_years = float(standard @ model.age_weights) + model.age_offset_years
    logit = float(standard @ model.female_weights) + model.female_offset
    years = _with_growth_years(adult_years, face, model)
    female_ratio = 1 / (1 + math.exp(-float(np.clip(logit, -12, 12))))
    return PresentLook(float(np.clip(years, *AGE_LIMITS_YEARS)), female_ratio, bearded_ratio(features))


def _with_growth_years(adult_years: float, face: Face, model: _Model) -> float:
    """Blend the adult estimate with the age of the proportions, by how likely a child is."""
    cues = growth_cues(face)
    childlike = CUE_SIGNS * (cues - model.growth_mean) / model.growth_scale
    evidence = _CHILD_SLOPE * (float(childlike.mean()) * reliability(face) - _CHILD_THRESHOLD)
    evidence += (_CHILD_AGE_YEARS - adult_years) / _CHILD_AGE_SCALE_YEARS
    child_ratio = 1 / (1 + math.exp(-float(np.clip(evidence, -30, 30))))
    pupil_share = 1 - float(childlike[:2].mean() * model.growth_scale[0] / model.growth_mean[0])
    return child_ratio * age_of_growth_years(pupil_share) + (1 - child_ratio) * adult_years


@cache
def _model() -> _Model:
    with np.load(_MODEL_FILE) as stored:
        vectors = {name: stored[name].astype(np.float64) for name in stored.files}
    offsets = vectors.pop("offsets")
    return _Model(age_offset_years=float(offsets[0]), female_offset=float(offsets[1]), **vectors)
