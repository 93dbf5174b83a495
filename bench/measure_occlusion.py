"""Measure occlusion on a folder of pictures with known truth.

Usage::

    python -m bench.measure_occlusion EVAL OUT

EVAL holds occlusion/truth.csv (covered share of each region, `recipe`) and photos/manifest.csv (`tags`, `ita`,
`n_faces`). OUT receives occlusion.csv and photos.csv: one row a picture, one column a region. Printed: error,
agreement at the vendor's limits, negative controls, and the photos' refusals by skin tone.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

import cv2
import numpy as np

from quality.landmarker import FaceLandmarker
from quality.occlusion import OcclusionNet, region_occlusion
from quality.regions import REGION_NAMES

LIMITS = (0.2, 0.6, 0.8)
"""HIGH, NORMAL, LOW."""
NEGATIVE_CONTROLS = ("none", "shadow_half", "glasses_clear")
NOT_CLEAN = {"hand", "hand_chin", "hands_chin", "hand_cheek", "mask", "sunglasses", "scarf", "hairover", "microphone"}
NOT_CLEAN |= {"incomplete", "cropped", "group", "noface", "drawing"}


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("eval", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    arguments.out.mkdir(parents=True, exist_ok=True)
    covered = measure_folder(arguments.eval / "occlusion", arguments.out / "occlusion.csv")
    manifest = read_rows(arguments.eval / "photos" / "manifest.csv")
    tone = {row["file"]: float(row["ita"] or "nan") for row in manifest}
    report_truth(covered, read_rows(arguments.eval / "occlusion" / "truth.csv"), tone)
    report_photos(measure_folder(arguments.eval / "photos", arguments.out / "photos.csv"), manifest)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV with a header."""
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def measure_folder(folder: Path, out: Path) -> dict[str, np.ndarray]:
    """Measure the largest face of every picture; pictures without a face are left out."""
    finder, net, found, seconds = FaceLandmarker(), OcclusionNet(), {}, []
    for path in sorted(folder.iterdir()):
        bgr = cv2.imread(str(path)) if path.suffix.lower() in (".jpg", ".jpeg", ".png") else None
        if bgr is None:
            continue
        image = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        faces = finder.find_faces(image)
        if faces:
            started = time.perf_counter()
            shares = region_occlusion(net.cover(image, faces[0]))
            seconds.append(time.perf_counter() - started)
            found[path.name] = np.array([shares[name] for name in REGION_NAMES])
    finder.close()
    with out.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", *REGION_NAMES])
        writer.writerows([name, *np.round(shares, 4)] for name, shares in found.items())
    print(f"{folder.name}: {len(found)} faces, {1000 * np.median(seconds):.1f} ms (median)")
    return found


def report_truth(found: dict[str, np.ndarray], truth: list[dict[str, str]], ita_deg: dict[str, float]) -> None:
    """Print error and agreement, by region, by skin tone and by recipe, and the negative controls."""
    rows = [row for row in truth if row["file"] in found]
    true = np.array([[float(row[name]) for name in REGION_NAMES] for row in rows])
    shares = np.array([found[row["file"]] for row in rows])
    recipes = np.array([row["recipe"] for row in rows])
    for index, name in [*enumerate(REGION_NAMES), (slice(None), "all")]:
        agreement = [((shares > limit) == (true > limit))[:, index].mean() for limit in LIMITS]
        error = shares[:, index] - true[:, index]
        print(
            f"  {name:12s} MAE {np.abs(error).mean():.3f} bias {error.mean():+.3f} agreement {np.round(agreement, 3)}"
        )
    tone = np.array([ita_deg.get(row["base"], np.nan) for row in rows])
    for name, who in _tones(tone):
        wrong = (shares > LIMITS[0])[who] & (true < 0.02)[who]
        error = np.abs(shares - true)[who].mean()
        print(
            f"  {name} skin: {who.sum()} pictures, MAE {error:.3f}, uncovered regions over 0.2 "
            f"{wrong.sum() / (true < 0.02)[who].sum():.3f}"
        )
    errors = {recipe: np.abs(shares - true)[recipes == recipe].mean() for recipe in sorted(set(recipes))}
    print("  " + ", ".join(f"{r} {e:.3f}" for r, e in sorted(errors.items(), key=lambda item: -item[1])))
    negative = shares[np.isin(recipes, NEGATIVE_CONTROLS)]
    print(f"  negative controls over 0.2: {(negative > 0.2).mean():.3f} of {negative.size} regions")


def report_photos(found: dict[str, np.ndarray], manifest: list[dict[str, str]]) -> None:
    """Print how many clean frontal portraits each level refuses, by skin tone, and what covered ones measure."""
    clean = []
    for row in manifest:
        tags = set(row["tags"].split(";"))
        if row["file"] not in found:
            continue
        shares = found[row["file"]]
        if "frontal" in tags and not tags & NOT_CLEAN and row["n_faces"] == "1":
            clean.append((float(row["ita"] or "nan"), shares.max()))
            if shares.max() > LIMITS[0]:
                print(f"  refused: {row['file']} {row['tags']} {np.round(shares, 2)}")
        elif tags & {"mask", "sunglasses", "hand", "hand_chin", "hands_chin", "hand_cheek"}:
            print(f"  covered: {row['file']} {row['tags']} {np.round(shares, 2)}")
    tone, worst = np.array(clean).T
    for level, limit in zip(("HIGH", "NORMAL", "LOW"), LIMITS, strict=True):
        by_tone = [f"{name} {np.mean(worst[who] > limit):.3f} of {who.sum()}" for name, who in _tones(tone)]
        print(f"  clean frontal portraits refused at {level}: {np.mean(worst > limit):.3f} ({', '.join(by_tone)})")


def _tones(ita_deg: np.ndarray) -> list[tuple[str, np.ndarray]]:
    return [("dark", ita_deg < 0), ("light", ita_deg >= 0)]


if __name__ == "__main__":
    main()
