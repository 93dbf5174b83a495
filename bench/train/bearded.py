"""Writes `transforms/data/bearded.npz`: ridge regression on what the mesh net sees, cross-validated by person.

Run: `python -m bench.train.bearded TRAIN_FOLDER` (two minutes). TRAIN_FOLDER is that of `bench.train.present.train`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

from bench.train.present.portraits import WORKING_EYES_PX, damaged, eyes_px, read_picture, resized, training_portraits
from quality.face import FloatArray
from quality.face_mesh import ACTIVATION_SIZES, FaceMesh
from quality.landmarker import FaceLandmarker

TARGET = Path(__file__).parents[2] / "transforms" / "data" / "bearded.npz"
COPIES, FOLDS, RIDGE = 3, 6, 3.0
"""Damaged copies of each portrait beside itself; the rest by cross-validation."""
_BEARDED_FILES = """
C001087 D000096 G000553 M001137 T000193 W000809 B001287 C001091 V000131 P000607 G000574 N000189 H001077 B001298
C001115 H001066 S001214 T000480 G000589 R000614 G000597 E000071 R000579 C001132 M001216 S001225 I000058 E000246
V000136 L000599 L000603 C001131 V000135 R000619 amos-stone ben-getson charles-borges clarence-wardell dan-hammer
david-gibian derek-frempong diego-mayer-cantu gaj-sunthara james-villarrubia jay-davis john-felleman
joshua-patterson matthew-law matthew-mccall michael-kreisel mikel-maron pranava-raparla robert-goldel
ryan-panchadsaram steven-babitch
"""
_UNSURE_FILES = """
nicholas-bramble peter-marks raphael-villas rob-baker garren-givens adam-riggs justin-cole alan-steremberg
michael-pritchard F000459 J000294 phil-ashlock john-kemp
"""
BEARDED, UNSURE = frozenset(_BEARDED_FILES.split()), frozenset(_UNSURE_FILES.split())
"""Files of men whose chin is bearded, and of those whose stubble or light leave it open; by eye. All others are
shaven there, men with a moustache alone among them."""


class Samples:
    """Activations with labels; the copies of a person stand together."""

    def __init__(self, folder: Path) -> None:
        net = FaceMesh()
        landmarker = FaceLandmarker(net)
        seen, bearded, person, plain, man = [], [], [], [], []
        for number, portrait in enumerate(training_portraits(folder)):
            image = read_picture(portrait.path)
            faces = landmarker.find_faces(image)
            if portrait.path.stem in UNSURE or np.isnan(portrait.female) or not faces:
                continue
            image, face = resized(image, faces[0], WORKING_EYES_PX / eyes_px(faces[0]))
            for copy in range(COPIES + 1):
                shown, mesh = damaged(image, face, np.random.default_rng((number, copy))) if copy else (image, face)
                seen.append(net.activations(shown, mesh.landmarks_px))
                bearded.append(portrait.path.stem in BEARDED)
                person.append(number)
                plain.append(copy == 0)
                man.append(portrait.female == 0)
        landmarker.close()
        self.x = np.array(seen, np.float64)
        self.bearded, self.person = np.array(bearded), np.array(person)
        self.is_plain, self.is_man = np.array(plain), np.array(man)


def regression(x: FloatArray, bearded: FloatArray) -> tuple[FloatArray, float]:
    """Return weights and offset of a ridge regression of -1 shaven, 1 bearded, solved in the space of samples."""
    share = float(bearded.mean())
    rows = np.where(bearded, 0.5 / share, 0.5 / (1 - share))
    deviation = x.std(axis=0) + 1e-3
    column = np.concatenate([np.full(size, size**-0.5) for size in ACTIVATION_SIZES]) / deviation
    sign = 2.0 * bearded - 1
    middle = float(np.average(sign, weights=rows))
    center = np.average(x, axis=0, weights=rows)
    scaled = (x - center) * column * np.sqrt(rows)[:, None]
    solved = np.linalg.solve(scaled @ scaled.T + RIDGE * np.eye(len(x)), (sign - middle) * np.sqrt(rows))
    weights = scaled.T @ solved * column
    return weights, middle - float(center @ weights)


def logistic_scale(score: FloatArray, bearded: FloatArray) -> float:
    """Return the factor that turns held-out scores into a logit (Platt, 1999, without offset)."""
    sign = 2.0 * bearded - 1
    factors = np.linspace(0.5, 12, 116)
    return float(factors[np.argmin([np.logaddexp(0, -factor * sign * score).mean() for factor in factors])])


def main() -> None:
    """Train, print what held-out people get, and write the file."""
    cv2.setNumThreads(1)
    samples = Samples(Path(sys.argv[1]))
    folds = np.random.default_rng(0).permutation(samples.person.max() + 1)[samples.person] % FOLDS
    score = np.empty(len(folds))
    for fold in range(FOLDS):
        weights, offset = regression(samples.x[folds != fold], samples.bearded[folds != fold])
        score[folds == fold] = samples.x[folds == fold] @ weights + offset
    factor = logistic_scale(score, samples.bearded)
    logit = factor * score
    for name, chosen in (("plain", samples.is_plain), ("damaged", ~samples.is_plain)):
        for least in (-2.0, -1.0, 0.0, 1.0):
            found = logit > least
            men, women = (chosen & who & ~samples.bearded for who in (samples.is_man, ~samples.is_man))
            beards = chosen & samples.bearded
            print(
                f"{name}, logit above {least}: {(found & beards).sum()} of {beards.sum()} beards, "
                f"{(found & men).sum()} of {men.sum()} other men, {(found & women).sum()} of {women.sum()} women"
            )
    weights, offset = regression(samples.x, samples.bearded)
    np.savez_compressed(
        TARGET, weights=(factor * weights).astype(np.float32), offset=np.array(factor * offset, np.float32)
    )
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1000:.0f} kB, logistic factor {factor:.2f}")


if __name__ == "__main__":
    main()
