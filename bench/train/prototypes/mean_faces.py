"""Compute `transforms/data/prototypes.npz`: what age and gender change in shape, color and texture.

    python -m bench.train.prototypes.mean_faces TRAIN_FOLDER transforms/data/prototypes.npz

TRAIN_FOLDER holds the public-domain portraits: `congress/` (United States Congress, works of the US government, with
sex and birth date from congress-legislators, CC0) and `fellows/` (Presidential Innovation Fellows, CC0).

Method: Burt & Perrett 1995 (Proc. R. Soc. B 259) and Rowland & Perrett 1995 (IEEE CG&A 15(5)): the difference of mean
faces of groups. A ridge regression on age, gender, smile and pose takes the place of plain group means, so that a
smile or a turn that goes with age is not taken for age. Low frequencies are the regression's coefficients; for high
frequencies the old portraits with the deepest creases and no beard are averaged, less the same of smooth young ones.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from quality.canonical import canonical_frame
from quality.landmarker import FaceLandmarker
from transforms.face.geometry import fit_frontal

SIZE = 256
FELLOWS_AGE_YEARS = 38.0
"""Fellows give no age; most are in mid career. Only their gender is of use."""
RIDGE = 0.5
LOW_PASS_PX = 4.0


def portraits(folder: Path):
    """Yield (path, female 0 or 1, age in years) of every portrait with known gender and age."""
    with (folder / "congress.csv").open() as table:
        for row in csv.DictReader(table):
            if row["age_when_photographed"]:
                yield folder / row["file"], float(row["sex"] == "F"), float(row["age_when_photographed"])
    with (folder / "fellows.csv").open() as table:
        for row in csv.DictReader(table):
            if row["gender"] in ("male", "female"):
                yield folder / row["file"], float(row["gender"] == "female"), FELLOWS_AGE_YEARS


def collect(folder: Path):
    """Warp every portrait to the canonical frame; return a dict of arrays."""
    landmarker, frame = FaceLandmarker(), canonical_frame(SIZE)
    rows = []
    for path, female, age in portraits(folder):
        image = np.ascontiguousarray(Image.open(path).convert("RGB"))
        faces = landmarker.find_faces(image)
        if not faces or abs(faces[0].pose.yaw_deg) > 22 or abs(faces[0].pose.pitch_deg) > 22:
            continue
        face = faces[0]
        warped = frame.warp(image, face.landmarks_px)
        lab = cv2.cvtColor(warped.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        rows.append(
            (
                str(path),
                female,
                age,
                face.pose.yaw_deg,
                face.pose.pitch_deg,
                fit_frontal(face.landmarks_px).shape_cm,
                lab.astype(np.float16),
                np.linalg.norm(face.landmarks_px[33, :2] - face.landmarks_px[263, :2]),
            )
        )
    landmarker.close()
    names = ("path", "female", "age", "yaw", "pitch", "shape", "lab", "eyes_px")
    return {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


REFERENCE_AGE_YEARS = 50.0
OLD_AGE_YEARS, YOUNG_AGE_YEARS, MIN_EYES_PX = 64.0, 42.0, 75.0
CREASED_FACES, DARKEST = 8, 3
GLASSES_BRIDGE = 6.5
"""Steepest horizontal step of L on the bridge of the nose, mean over rows: with glasses 7 to 30, without 1 to 6."""
CHEEKS = (
    (117, 118, 119, 100, 36, 203, 186, 57, 43, 212, 214, 192, 213, 147, 123, 116),
    (346, 347, 348, 329, 266, 423, 410, 287, 273, 432, 434, 416, 433, 376, 352, 345),
)

CHIN = (57, 43, 106, 182, 83, 18, 313, 406, 335, 273, 287, 430, 394, 378, 400, 152, 176, 149, 169, 210)


def standardized(values):
    """Zero mean, unit deviation."""
    return (values - values.mean()) / values.std()


def regress(design, targets):
    """Ridge regression; one coefficient array per column of `design`."""
    flat = targets.reshape(len(targets), -1)
    weights = np.linalg.solve(design.T @ design + RIDGE * np.eye(design.shape[1]), design.T @ flat)
    return weights.reshape(design.shape[1], *targets.shape[1:])


def valleys(details):
    """Mean of details, half of it over each pixel's darkest: creases that do not lie on each other stay crisp."""
    return 0.5 * details.mean(axis=0) + 0.5 * np.sort(details, axis=0)[:DARKEST].mean(axis=0)


def design_of(faces):
    """Columns of the regression: 1, age, gender, smile, pose."""
    shape = faces["shape"]
    return np.stack(
        [
            np.ones(len(shape)),
            (faces["age"] - REFERENCE_AGE_YEARS) / 10,
            faces["female"] - 0.5,
            standardized(np.linalg.norm(shape[:, 61] - shape[:, 291], axis=1)),
            standardized(np.linalg.norm(shape[:, 13] - shape[:, 14], axis=1)),
            faces["yaw"] / 10,
            faces["pitch"] / 10,
        ],
        axis=1,
    )


def without_glasses(lab):
    """Tell whose bridge of the nose is bare, (N,) bool."""
    frame = canonical_frame(SIZE)
    low, high = frame.vertices_px[[193, 9]], frame.vertices_px[[417, 197]]
    rows, columns = slice(int(low[1, 1]) + 4, int(high[1, 1])), slice(int(low[0, 0]), int(high[0, 0]))
    bridge = np.abs(np.gradient(lab[..., 0], axis=1))[:, rows, columns].max(axis=1).mean(axis=1)
    return bridge < GLASSES_BRIDGE


def on_polygons(*polygons):
    """Fill polygons of mesh points, (SIZE, SIZE) bool."""
    frame = canonical_frame(SIZE)
    filled = np.zeros((SIZE, SIZE), np.uint8)
    for ids in polygons:
        cv2.fillPoly(filled, [frame.vertices_px[list(ids)].astype(np.int32)], 1)
    return (filled > 0) & frame.valid


def relative_to(reference, lab, sigma_px):
    """Colors less each face's reference, low-passed within the mesh."""
    valid = canonical_frame(SIZE).valid
    relative = lab - reference[:, None, None]
    relative[:, ~valid] = 0
    weight = cv2.GaussianBlur(valid.astype(np.float32), (0, 0), sigma_px)[..., None]
    return np.stack([cv2.GaussianBlur(one, (0, 0), sigma_px) for one in relative]) / np.maximum(weight, 0.05)


def prototypes(faces):
    """Return the arrays of `prototypes.npz`."""
    frame = canonical_frame(SIZE)
    lab, age, female, shape = faces["lab"].astype(np.float32), faces["age"], faces["female"], faces["shape"]
    lab[:, ~frame.valid] = 0
    design, bare = design_of(faces), without_glasses(lab)
    on_cheek, on_chin = on_polygons(*CHEEKS), on_polygons(CHIN)
    reference = np.median(lab[:, on_cheek], axis=1)
    smooth = relative_to(reference, lab, LOW_PASS_PX)
    shape_mean, shape_age, shape_female = regress(design, shape)[:3]
    color_mean, color_age, color_female = regress(design[bare], smooth[bare])[:3]
    detail = lab[..., 0] - np.stack([cv2.GaussianBlur(one, (0, 0), 6) for one in lab[..., 0]])
    detail *= (65 / np.clip(reference[:, 0], 25, 90))[:, None, None]
    detail[:, ~frame.valid] = 0
    energy = np.sqrt((detail[:, on_cheek] ** 2).mean(axis=1)) - 0.6 * np.sqrt((detail[:, on_chin] ** 2).mean(axis=1))
    creases = []
    for gender in (0.0, 1.0):
        usable = bare & (faces["eyes_px"] > MIN_EYES_PX) & (female == gender)
        old = np.flatnonzero(usable & (age >= OLD_AGE_YEARS))
        most = old[np.argsort(-energy[old])][:CREASED_FACES]
        young = usable & (age <= YOUNG_AGE_YEARS)
        smooth_most = np.flatnonzero(young)[np.argsort(energy[young])][:CREASED_FACES]
        creases.append(valleys(detail[most]) - valleys(detail[smooth_most]))
    half = lambda picture: cv2.resize(picture, (SIZE // 2, SIZE // 2), interpolation=cv2.INTER_AREA)  # noqa: E731
    return {
        "shape_mean_cm": shape_mean.astype(np.float32),
        "shape_age_cm": shape_age.astype(np.float16),
        "shape_female_cm": shape_female.astype(np.float16),
        "color_mean": half(color_mean).astype(np.float16),
        "color_age": half(color_age).astype(np.float16),
        "color_female": half(color_female).astype(np.float16),
        "creases": np.clip(np.stack(creases) * 10, -127, 127).astype(np.int8),
    }


if __name__ == "__main__":
    np.savez_compressed(sys.argv[2], **prototypes(collect(Path(sys.argv[1]))))
