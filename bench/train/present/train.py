"""Writes `transforms/data/present.npz`: ridge regression of age and gender, cross-validated by person.

Run: `python -m bench.train.present.train TRAIN_FOLDER` (about four minutes). TRAIN_FOLDER holds `congress.csv`,
`fellows.csv` and the portraits they name: public-domain portraits of the United States Congress and CC0 portraits of
the Presidential Innovation Fellows. The fellows' ages are unknown; see `portraits.FELLOWS_APPARENT_YEARS`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

from bench.train.present.portraits import WORKING_EYES_PX, damaged, eyes_px, read_picture, resized, training_portraits
from quality.face import FloatArray
from quality.face_mesh import FaceMesh
from quality.landmarker import FaceLandmarker
from transforms.look.growth import CUE_SIGNS, growth_cues, reliability
from transforms.look.look_features import GROUP_SIZES, look_features

TARGET = Path(__file__).parents[3] / "transforms" / "data" / "present.npz"
COPIES = 3
"""Damaged copies of each portrait beside the portrait itself."""
FOLDS = 6
RIDGE = 1.0
GROUP_WEIGHTS = (1.0, 1.0, 1.0, 1.0, 2.0, 2.0)
"""Weights of shape, gradients, tone, what is about the face and the activations; each group counts alike before them.
By cross-validation."""


class Samples:
    """Feature vectors (NaN where nothing is seen) with labels; the copies of a person stand together."""

    def __init__(self, folder: Path) -> None:
        mesh_net = FaceMesh()
        landmarker = FaceLandmarker(mesh_net)
        columns: dict[str, list[object]] = {key: [] for key in ("x", "female", "age", "person", "copy", "fellow")}
        cues = []
        for number, portrait in enumerate(training_portraits(folder)):
            image = read_picture(portrait.path)
            faces = landmarker.find_faces(image)
            if not faces:
                continue
            image, face = resized(image, faces[0], WORKING_EYES_PX / eyes_px(faces[0]))
            if reliability(face) > 0.5:
                cues.append(growth_cues(face))
            for copy in range(COPIES + 1):
                shown, mesh = damaged(image, face, np.random.default_rng((number, copy))) if copy else (image, face)
                features = look_features(shown, mesh, mesh_net)
                columns["x"].append(np.where(features.is_seen, features.values, np.nan))
                columns["female"].append(portrait.female)
                columns["age"].append(portrait.age_years)
                columns["person"].append(number)
                columns["copy"].append(copy)
                columns["fellow"].append(portrait.source == "fellows")
        landmarker.close()
        self.x = np.array(columns["x"], np.float64)
        self.female = np.array(columns["female"], np.float64)
        self.age = np.array(columns["age"], np.float64)
        self.person = np.array(columns["person"])
        self.is_plain = np.array(columns["copy"]) == 0
        self.is_fellow = np.array(columns["fellow"], bool)
        self.cues = np.array(cues)


def ridge(x: FloatArray, y: FloatArray, row_weights: FloatArray, strength: float) -> tuple[FloatArray, float]:
    """Return weights and offset of the weighted ridge regression, solved in the space of samples."""
    total = np.sqrt(sum(weight**2 for weight in GROUP_WEIGHTS))
    column = np.concatenate(
        [np.full(size, w / np.sqrt(size) / total) for size, w in zip(GROUP_SIZES, GROUP_WEIGHTS, strict=True)]
    )
    root = np.sqrt(row_weights)[:, None]
    center, middle = np.average(x, axis=0, weights=row_weights), float(np.average(y, weights=row_weights))
    rows = (x - center) * column * root
    solved = np.linalg.solve(rows @ rows.T + strength * np.eye(len(y)), (y - middle) * root[:, 0])
    weights = (rows.T @ solved) * column
    return weights, middle - float(center @ weights)


def age_regression(samples: Samples, chosen: FloatArray, standard: FloatArray) -> tuple[FloatArray, float]:
    """Fit the ages, every decade weighing alike but for the square root."""
    age = samples.age[chosen]
    decade = np.clip(age // 10, 2, 8).astype(int)
    weights = 1 / np.sqrt(np.bincount(decade)[decade])
    return ridge(standard[chosen], age, weights / weights.mean(), RIDGE)


def female_regression(samples: Samples, chosen: FloatArray, standard: FloatArray) -> tuple[FloatArray, float]:
    """Fit -1 male, 1 female with both weighing alike."""
    female = samples.female[chosen]
    weights = np.where(female > 0.5, 1 / female.mean(), 1 / (1 - female.mean())) / 2
    return ridge(standard[chosen], 2 * female - 1, weights, RIDGE)


def logistic_scale(score: FloatArray, female: FloatArray) -> float:
    """Return the factor that turns held-out scores into a logit (Platt, 1999, without offset)."""
    sign = 2 * female - 1
    factors = np.linspace(0.5, 12, 200)
    losses = [np.log1p(np.exp(-factor * score * sign)).mean() for factor in factors]
    return float(factors[int(np.argmin(losses))])


def main() -> None:
    """Train, print the cross-validation, write the file."""
    cv2.setNumThreads(1)
    samples = Samples(Path(sys.argv[1]))
    seen = np.ma.masked_invalid(samples.x)
    mean, scale = seen.mean(axis=0).filled(0), seen.std(axis=0).filled(0) + 1e-6
    standard = np.nan_to_num(np.clip((samples.x - mean) / scale, -4, 4))
    has_age, has_gender = np.isfinite(samples.age), np.isfinite(samples.female)
    people = np.unique(samples.person)
    fold_of = dict(zip(people, np.random.default_rng(0).permutation(len(people)) % FOLDS, strict=True))
    fold = np.array([fold_of[person] for person in samples.person])
    age, score = np.full(len(fold), np.nan), np.full(len(fold), np.nan)
    for held in range(FOLDS):
        weights, offset = age_regression(samples, has_age & (fold != held), standard)
        age[fold == held] = standard[fold == held] @ weights + offset
        weights, offset = female_regression(samples, has_gender & (fold != held), standard)
        score[fold == held] = standard[fold == held] @ weights + offset
    _print_age(samples, age, has_age)
    _print_growth(samples)
    factor = logistic_scale(score[has_gender], samples.female[has_gender])
    right = (score > 0) == (samples.female > 0.5)
    for name, rows in (
        ("all", has_gender),
        ("female", samples.female > 0.5),
        ("fellows", samples.is_fellow & has_gender),
    ):
        print(f"gender {name}: right {right[rows & samples.is_plain].mean():.3f} damaged {right[rows].mean():.3f}")
    age_weights, age_offset = age_regression(samples, has_age, standard)
    female_weights, female_offset = female_regression(samples, has_gender, standard)
    np.savez_compressed(
        TARGET,
        mean=mean.astype(np.float32),
        scale=scale.astype(np.float32),
        age_weights=age_weights.astype(np.float32),
        female_weights=(factor * female_weights).astype(np.float32),
        offsets=np.array([age_offset, factor * female_offset], np.float32),
        growth_mean=samples.cues.mean(axis=0),
        growth_scale=samples.cues.std(axis=0),
    )
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1000:.0f} kB, logistic factor {factor:.2f}")


def _print_age(samples: Samples, age: FloatArray, has_age: FloatArray) -> None:
    error = age - samples.age
    plain = has_age & samples.is_plain
    mae_plain, mae_all = np.abs(error[plain]).mean(), np.abs(error[has_age]).mean()
    print(f"age: {plain.sum()} people, MAE {mae_plain:.2f}, with damaged copies {mae_all:.2f}")
    balanced = []
    for low, high in ((20, 40), (40, 50), (50, 60), (60, 70), (70, 90)):
        rows = plain & (samples.age >= low) & (samples.age < high)
        balanced.append(np.abs(error[rows]).mean())
        print(f"  {low}-{high}: n {rows.sum()}, bias {error[rows].mean():+.1f}, MAE {balanced[-1]:.1f}")
    print(f"  balanced MAE {np.mean(balanced):.2f}; slope {np.polyfit(samples.age[plain], age[plain], 1)[0]:.2f}")
    print(f"  fellows: mean {age[samples.is_fellow].mean():.1f}, spread {age[samples.is_fellow].std():.1f}")
    spread = [age[(samples.person == person)].std() for person in np.unique(samples.person[has_age])]
    print(f"  spread over damaged copies {np.mean(spread):.2f}")


def _print_growth(samples: Samples) -> None:
    """Print how childlike adults are, to set the threshold of `transforms.look.present`."""
    childlike = (CUE_SIGNS * (samples.cues - samples.cues.mean(axis=0)) / samples.cues.std(axis=0)).mean(axis=1)
    print("growth cues of adults, percentiles 50, 95, 99, 100:", np.percentile(childlike, (50, 95, 99, 100)).round(2))


if __name__ == "__main__":
    main()
