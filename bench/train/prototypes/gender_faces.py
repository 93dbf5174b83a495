"""Compute `transforms/data/gender.npz`: what gender and a beard change in the color of a face, finely resolved.

    python -m bench.train.prototypes.gender_faces TRAIN_FOLDER transforms/data/gender.npz

Portraits and method are those of `mean_faces` (Rowland & Perrett 1995, IEEE CG&A 15(5)), at a resolution that keeps
lash lines, brows and the outline of the lips. The beard is a second regression, over the men alone, on how much
darker than a shaved chin theirs is: its coefficient says how densely short beards grow where.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from bench.train.prototypes.mean_faces import (
    CHEEKS,
    CHIN,
    SIZE,
    collect,
    design_of,
    on_polygons,
    regress,
    relative_to,
    without_glasses,
)
from quality.canonical import canonical_frame

LOW_PASS_PX = 1.5
USUAL_LIGHTNESS = 65.0
LONGEST_BEARD = 26.0
"""Steps of L that a chin is darker than a shaved one; beyond are long beards, which hide the shape of the face."""
STEPS_PER_UNIT = 8
"""Units of the stored int8 in a step of Lab."""


def mirrored(picture):
    """Mean of pictures (..., SIZE, SIZE, C) and their mirror images."""
    return 0.5 * (picture + picture[..., ::-1, :])


def gender_prototypes(faces):
    """Return the arrays of `gender.npz`."""
    frame = canonical_frame(SIZE)
    lab, female = faces["lab"].astype(np.float32), faces["female"]
    lab[:, ~frame.valid] = 0
    design, bare = design_of(faces), without_glasses(lab)
    reference = np.median(lab[:, on_polygons(*CHEEKS)], axis=1)
    smooth = mirrored(relative_to(reference, lab, LOW_PASS_PX))
    color_mean, _, color_female = regress(design[bare], smooth[bare])[:3]
    on_chin = on_polygons(CHIN)
    # Shadow on a dark skin is fewer steps of L.
    gain = USUAL_LIGHTNESS / np.clip(reference[:, 0], 20, 90)
    shaved = (color_mean + 0.5 * color_female)[on_chin, 0].mean()
    darker = (shaved - smooth[:, on_chin, 0].mean(axis=1)) * gain
    men = bare & (female == 0) & (darker < LONGEST_BEARD)
    bearded = np.column_stack([np.delete(design[men], 2, axis=1), darker[men]])
    density = -regress(bearded, smooth[men][..., :1] * gain[men, None, None, None])[-1][..., 0]
    return {
        "color_female": np.clip(np.round(color_female * STEPS_PER_UNIT), -127, 127).astype(np.int8),
        "beard_density": np.clip(np.round(density * 127), 0, 255).astype(np.uint8),
    }


if __name__ == "__main__":
    np.savez_compressed(sys.argv[2], **gender_prototypes(collect(Path(sys.argv[1]))))
