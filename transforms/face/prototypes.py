"""Mean faces of age and gender: how shape, color and creases differ between groups.

Source: Burt & Perrett 1995, Proc. R. Soc. B 259:137-143; Rowland & Perrett 1995, IEEE CG&A 15(5):70-76; computed by
`bench/train/prototypes/mean_faces.py` from public-domain portraits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from quality.face import FloatArray

_FILE = Path(__file__).parents[1] / "data" / "prototypes.npz"
_GENDER_FILE = Path(__file__).parents[1] / "data" / "gender.npz"


@dataclass(frozen=True, eq=False)
class Prototypes:
    """Arrays of `data/prototypes.npz`; frame: x right in the picture, y down, z away, cm; colors CIE Lab.

    Attributes
    ----------
    shape_mean_cm, shape_age_cm, shape_female_cm : ndarray, (468, 3) float32
        Mean mesh; its change per ten years; female minus male.
    color_mean, color_age, color_female : ndarray, (128, 128, 3) float32
        In `canonical_frame(256)` at half size, relative to the cheeks: mean at 50 years, change per ten years,
        female minus male. Low frequencies only.
    creases : ndarray, (2, 256, 256) float32
        L of the creases of old men and old women, 0 elsewhere.
    """

    shape_mean_cm: FloatArray
    shape_age_cm: FloatArray
    shape_female_cm: FloatArray
    color_mean: FloatArray
    color_age: FloatArray
    color_female: FloatArray
    creases: FloatArray


@cache
def prototypes() -> Prototypes:
    """Load the prototypes; arrays are read-only."""
    with np.load(_FILE) as stored:
        arrays = {name: stored[name].astype(np.float32) for name in stored.files}
    arrays["creases"] /= 10
    for array in arrays.values():
        array.setflags(write=False)
    return Prototypes(**arrays)


@dataclass(frozen=True, eq=False)
class GenderPrototypes:
    """Arrays of `data/gender.npz`, in `canonical_frame(256)`.

    Attributes
    ----------
    color_female : ndarray, (256, 256, 3) float32
        CIE Lab, female minus male, relative to the cheeks: fine enough for lash lines, brows and the lips' outline.
    beard_density : ndarray, (256, 256) float32
        How densely short beards grow; about 1 on the chin.
    """

    color_female: FloatArray
    beard_density: FloatArray


def gender_prototypes() -> GenderPrototypes:
    """Load the fine prototypes of gender (see `bench/train/prototypes/gender_faces.py`)."""
    with np.load(_GENDER_FILE) as stored:
        return GenderPrototypes(
            stored["color_female"].astype(np.float32) / 8, stored["beard_density"].astype(np.float32) / 127
        )
