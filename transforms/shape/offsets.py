"""Where a face's points go: aging, sagging, a child's proportions, and the shape of the other gender.

All offsets are in the frontal frame of `geometry.fit_frontal` (x right in the picture, y down, cm), so they hold
under any pose. Source of the aging: prototypes by Burt & Perrett 1995.
"""

from __future__ import annotations

import numpy as np

from quality.face import FloatArray
from transforms.face.geometry import FrontalFit
from transforms.face.prototypes import prototypes
from transforms.plan.edit_plan import EditPlan
from transforms.shape.childlike import childlike_cm
from transforms.shape.gender_shape import gender_cm
from transforms.shape.sagging import lifting_cm, sagging_cm

AGE_SHAPE_GAIN = 1.25
"""Blends of faces look younger and less marked than their members (Burt & Perrett 1995), so they are raised."""


def shape_offsets_cm(fit: FrontalFit, plan: EditPlan) -> FloatArray:
    """Return how far each mesh point moves.

    Parameters
    ----------
    fit : FrontalFit
    plan : EditPlan

    Returns
    -------
    ndarray, (468, 3) float32
        In the frontal frame, cm.
    """
    offsets = prototypes().shape_age_cm * (plan.age_shape_decades * AGE_SHAPE_GAIN)
    if plan.gender_shape:
        offsets += gender_cm(fit.shape_cm, plan.gender_shape)
    if plan.sag:
        offsets += abs(plan.sag) * (sagging_cm() if plan.sag > 0 else lifting_cm())
    if plan.growth:
        offsets += plan.growth * childlike_cm(fit.shape_cm)
    return offsets.astype(np.float32)
