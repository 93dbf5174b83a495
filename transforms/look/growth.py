"""How childlike the proportions of a face are: the only cue of childhood that needs no pictures of children.

The iris has its adult width (11.7 mm) from about two years of age while the face around it grows until twenty, so the
distance of the pupils and the width of the face, both in iris widths, are a ruler of growth. Eyes low in the face and
a narrow jaw confirm it.

Sources: MacLachlan and Howland, "Normal values and standard deviations for pupil diameter and interpupillary
distance in subjects aged 1 month to 19 years", Ophthalmic Physiol. Opt. 22 (2002); Farkas, "Anthropometry of the
Head and Face" (1994).
"""

from __future__ import annotations

import numpy as np

from quality.face import Face, FloatArray
from transforms.face.geometry import eye_corners_px
from transforms.look.frontal_shape import frontal_shape_cm

CUE_NAMES = ("pupils_in_irises", "iris_in_face_widths", "jaw_in_face_widths", "eye_height_in_face_heights")
CUE_SIGNS = np.array([-1.0, 1.0, -1.0, -1.0])
"""Sign that makes a larger cue more childlike."""
AGE_YEARS = (1.0, 5.0, 10.0, 15.0, 19.0)
PUPIL_DISTANCE_OF_ADULT = (0.73, 0.82, 0.90, 0.965, 1.0)
"""Distance of the pupils as a share of the adult's, at `AGE_YEARS`; read off the first source's curve."""
_IRISES = (468, 473)


def growth_cues(face: Face) -> FloatArray:
    """Measure the four proportions.

    Parameters
    ----------
    face : Face

    Returns
    -------
    ndarray, (4,) float64
        In the order of `CUE_NAMES`; pure numbers.
    """
    points = face.landmarks_px.astype(np.float64)
    shape = frontal_shape_cm(face)
    # Widths along the eye line, undone for yaw by the frontal mesh: 1 px is `cm` centimeters of the canonical face.
    widths_px = [np.linalg.norm(points[center + 1, :2] - points[center + 3, :2]) for center in _IRISES]
    iris_px = max(float(np.mean(widths_px)), 1e-3)
    eyes_px, eyes_cm = eye_corners_px(points), eye_corners_px(shape)
    iris_cm = iris_px * eyes_cm / max(eyes_px, 1e-3)
    face_width = float(np.linalg.norm(shape[234] - shape[454]))
    face_height = float(np.linalg.norm(shape[10] - shape[152]))
    pupils_px = float(np.linalg.norm(points[468, :2] - points[473, :2]))
    jaw = float(np.linalg.norm(shape[172] - shape[397]))
    eye_height = float(shape[152, 1] - (shape[33, 1] + shape[263, 1]) / 2)
    return np.array([pupils_px / iris_px, iris_cm / face_width, jaw / face_width, eye_height / face_height])


def reliability(face: Face) -> float:
    """Tell how far the cues can be trusted, 0..1: irises of equal size, the head not turned, the face not tiny."""
    points = face.landmarks_px.astype(np.float64)
    widths = [float(np.linalg.norm(points[center + 1, :2] - points[center + 3, :2])) for center in _IRISES]
    equal = (min(widths) / max(*widths, 1e-6) - 0.88) / 0.07
    turned = (35 - max(abs(face.pose.yaw_deg), abs(face.pose.pitch_deg))) / 15
    large = (min(widths) - 2.5) / 2
    return float(np.clip([equal, turned, large], 0, 1).prod())


def age_of_growth_years(pupil_share: float) -> float:
    """Return the age at which the pupils' distance is this share of the adult's; 1..19, years."""
    return float(np.interp(pupil_share, PUPIL_DISTANCE_OF_ADULT, AGE_YEARS))
