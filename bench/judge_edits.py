"""Show the edits of a folder of portraits to independent judges, and sum up what they say.

    python -m bench.judge_edits pairs FOLDER OUT [--only TO_OLD,TO_KID] [--ages 10,20,30] [--half even] [--side 768]
    python -m bench.judge_edits figures OPINIONS.csv... [--half odd]

`pairs` edits the largest face of each picture and writes OUT/pairs.csv with the columns before,after,label,target
(paths relative to it; label is the action, or V2_AGE and its target: `V2_AGE_30`). A judge is any program that reads
it and writes, for each row, age_before, age_after, p_male_before, p_male_after and, if it can, identity_distance (the
same person below 0.6). None comes with the project: use models that had no part in the making of the edits.

`figures` prints one line for each file of opinions and action, and for the age dial the rank correlation of target
and judged age for each face, and the mean error over the targets 20 to 70. `--half` keeps every other name in
alphabetical order, so that one half can be tuned on and the other be kept aside.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from bench.contact_sheet import SUFFIXES
from quality.landmarker import FaceLandmarker
from quality.occlusion import OcclusionNet
from transforms.edit import apply_edit
from transforms.look.present import estimate
from transforms.models import EditModels
from transforms.plan.action import Action
from transforms.plan.plan import plan_for

DIAL = "V2_AGE_"
ACTIONS = "TO_KID,TO_OLD,TO_FEMALE,TO_MALE"
AGES = "10,20,30,40,50,60,70,80"
HALVES = {"all": slice(None), "even": slice(0, None, 2), "odd": slice(1, None, 2)}
_ERROR_RANGE = (20, 70)
_SAME_PERSON = 0.6


def write_pairs(folder: Path, target: Path, labels: Sequence[str], half: str, side_px: int) -> None:
    """Edit every picture in every way and list the pairs."""
    target.mkdir(parents=True, exist_ok=True)
    landmarker, occlusion, models = FaceLandmarker(), OcclusionNet(), EditModels()
    rows = [("before", "after", "label", "target")]
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    for path in paths[HALVES[half]]:
        picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        picture.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
        image = np.ascontiguousarray(picture)
        faces = landmarker.find_faces(image)
        if not faces:
            continue
        cover = occlusion.cover(image, faces[0])
        present = estimate(image, faces[0], landmarker.mesh, cover)
        before = f"{path.stem}.jpg"
        Image.fromarray(image).save(target / before, quality=95, subsampling=0)
        for label in labels:
            is_dial = label.startswith(DIAL)
            action = Action.V2_AGE if is_dial else Action(label)
            plan = plan_for(action, float(label.removeprefix(DIAL)) if is_dial else None, present)
            edited = apply_edit(image, faces[0], plan, cover, models, faces[1:])
            after = f"{path.stem}-{label}.jpg"
            Image.fromarray(edited).save(target / after, quality=95, subsampling=0)
            rows.append((before, after, label, label.removeprefix(DIAL) if is_dial else ""))
    landmarker.close()
    with (target / "pairs.csv").open("w", newline="") as lines:
        csv.writer(lines).writerows(rows)
    print(f"{len(rows) - 1} pairs in {target / 'pairs.csv'}")


def ranks(values: Sequence[float]) -> np.ndarray:
    """Return the ranks of values, ties averaged."""
    unique, where, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return ((ends - counts + ends - 1) / 2)[where] if unique.size else np.empty(0)


def print_figures(path: Path, half: str) -> None:
    """Sum up one judge's opinions."""
    with path.open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row.get("age_after") and row.get("age_before")]
    names = sorted({row["before"] for row in rows})[HALVES[half]]
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    dials: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in (row for row in rows if row["before"] in names):
        groups[row["label"]].append(row)
        if row["label"].startswith(DIAL):
            dials[row["before"]].append((float(row["label"].removeprefix(DIAL)), float(row["age_after"])))
    print(f"{path} ({half}, {len(names)} faces)")
    for label, group in sorted(groups.items()):
        before, after = (np.array([float(row[f"age_{when}"]) for row in group]) for when in ("before", "after"))
        male = [np.array([float(row[f"p_male_{when}"] or "nan") for row in group]) for when in ("before", "after")]
        distance = np.array([float(row.get("identity_distance") or "nan") for row in group])
        same = np.nanmean(np.where(np.isnan(distance), np.nan, distance < _SAME_PERSON)) if len(group) else np.nan
        print(
            f"  {label:10s} age {before.mean():4.1f} -> {after.mean():4.1f} ({(after - before).mean():+5.1f}, older"
            f" {(after > before).mean():.2f}), male {male[0].mean():.2f} -> {male[1].mean():.2f}, turned"
            f" {((male[0] > 0.5) != (male[1] > 0.5)).mean():.2f}, same person {same:.2f}"
        )
    if dials:
        correlations = [
            np.corrcoef(*(ranks(side) for side in zip(*dial, strict=True)))[0, 1] for dial in dials.values()
        ]
        low, high = _ERROR_RANGE
        errors = [abs(age - target) for dial in dials.values() for target, age in dial if low <= target <= high]
        print(
            f"  dial: rank correlation {np.mean(correlations):.3f} (least {np.min(correlations):.3f}), mean error at"
            f" {low} to {high} years {np.mean(errors):.1f}"
        )


def main() -> None:
    """Read the arguments and do one of the two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    pairs = commands.add_parser("pairs")
    pairs.add_argument("folder", type=Path)
    pairs.add_argument("target", type=Path)
    pairs.add_argument("--only", default=ACTIONS, help="actions, or none")
    pairs.add_argument("--ages", default=AGES, help="targets of the age dial, or none")
    pairs.add_argument("--side", type=int, default=768, help="longer side of the pictures, px")
    figures = commands.add_parser("figures")
    figures.add_argument("opinions", type=Path, nargs="+")
    for command in (pairs, figures):
        command.add_argument("--half", choices=sorted(HALVES), default="all")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    if chosen.command == "figures":
        for path in chosen.opinions:
            print_figures(path, chosen.half)
        return
    labels = [name for name in chosen.only.split(",") if name not in ("", "none")]
    labels += [f"{DIAL}{age}" for age in chosen.ages.split(",") if age not in ("", "none")]
    write_pairs(chosen.folder, chosen.target, labels, chosen.half, chosen.side)


if __name__ == "__main__":
    main()
