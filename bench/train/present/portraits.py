"""The labeled portraits and the damage done to copies of them, so that the estimate survives it."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray

WORKING_EYES_PX = 200.0
# fmt: off
FELLOWS_APPARENT_YEARS = (
    42, 43, 29, 33, 40, 29, 28, 45, 40, 26, 36, 30, 30, 38, 33, 34, 27, 26, 29, 25, 27, 37, 28, 27,
    31, 29, 42, 57, 48, 32, 29, 29, 27, 32, 43, 32, 40, 30, 41, 40, 26, 31, 32, 44, 40, 30, 36, 29,
    34, 36, 31, 36, 36, 45, 42, 26, 30, 34, 28, 31, 30, 32, 31, 35, 45, 52, 34, 36, 38, 32, 23, 30,
    30, 27, 34, 38, 33, 50, 36, 29, 29, 43, 51, 0, 45, 36, 38, 40, 34, 26, 45, 33, 26, 25, 36, 48,
    37, 40, 26, 29, 50, 25, 41, 45, 41, 30, 32, 30, 34, 34, 33, 54, 50, 27, 33, 28, 48, 38, 38, 29,
    45, 42, 28, 31, 45, 30, 47, 36, 44, 26, 40, 33, 42, 37, 31, 29, 30, 30, 28, 47, 34, 30, 42, 43,
    34, 52, 32, 30, 47, 30, 37, 50, 41, 33, 37, 35, 28, 45, 29, 32, 38, 33, 33, 38, 43, 35, 32, 48,
    25, 27, 28, 27,
)
CONGRESS_APPARENT_YEARS = (
    58, 54, 67, 51, 52, 56, 58, 45, 68, 74, 67, 67, 62, 76, 55, 56, 74, 55, 70, 58, 56, 73, 57, 54,
    60, 47, 60, 58, 62, 47, 56, 66, 54, 68, 64, 65, 57, 73, 67, 67, 62, 43, 77, 53, 68, 62, 58, 60,
    58, 65, 70, 74, 63, 63, 65, 56, 79, 58, 50, 54, 66, 48, 49, 63, 69, 54, 47, 60, 47, 66, 67, 66,
    66, 50, 60, 50, 70, 63, 64, 65, 58, 58, 55, 46, 48, 66, 53, 60, 60, 43, 57, 58, 56, 72, 46, 58,
    42, 40, 45, 65, 60, 53, 75, 40, 66, 50, 58, 60, 45, 57, 55, 72, 63, 55, 56, 41, 62, 40, 48, 46,
    57, 57, 62, 56, 44, 54, 60, 57, 44, 36, 42, 65, 68, 46, 67, 58, 63, 60, 52, 47, 50, 58, 50, 57,
    41, 45, 48, 43, 60, 46, 55, 67, 42, 43, 47, 43, 56, 51, 46, 51, 55, 42, 57, 48, 53, 46, 49, 43,
    47, 67, 65, 42, 51, 44, 55, 61, 62, 58, 55, 57, 55, 38, 45, 35, 40, 41, 43, 46, 50, 57, 49, 71,
    40, 42, 42, 42, 36, 43, 45, 35, 40, 37, 60, 37, 54, 31, 56, 54, 56, 56, 37, 41, 41, 57, 58, 39,
    41, 46, 50, 60, 49, 52, 38, 61, 36, 54, 62, 56, 67, 44, 65, 62, 58, 55, 45, 55, 41, 54, 67, 46,
    42, 48, 40, 49, 50, 33, 52, 57, 54, 38, 36, 56, 40, 48, 42, 48, 46, 43, 50, 58, 52, 40, 42, 43,
    39, 48, 35, 40, 41, 36, 55, 44, 38, 43, 35, 46, 38, 38, 34, 43, 31, 36, 41, 44, 55, 55, 44, 45,
    52, 29, 47, 44, 36, 62, 35, 40, 55, 53, 44, 57, 39, 54, 41, 35, 33, 42, 41, 36, 42, 48, 36, 55,
    32, 39, 40, 41, 47, 48, 60, 45, 30, 31, 36, 46, 45, 53, 54, 52, 35, 46, 54, 45, 45, 54,
)
# fmt: on
"""What the fellows and the members of Congress look like, judged by eye (that of the language model that wrote this)
in the order of `fellows.csv` (0 where no face is found) and `congress.csv`. The fellows carry the regression
over from official portraits of 26 to 85 to everyday ones and down to 23."""
APPARENT_SHARE = 2 / 3
"""Of an apparent age beside a true one. A dial starts from what is seen: with true ages alone its zero lies three
years above what viewers read. By measure on the training portraits."""


@dataclass(frozen=True)
class Portrait:
    """One file and what is known of the person: NaN where nothing is."""

    path: Path
    female: float
    age_years: float
    source: str


def training_portraits(folder: Path) -> Iterator[Portrait]:
    """Yield portraits of Congress (sex, age by birth date and eye) and of innovation fellows (gender, age by eye)."""
    for row, apparent in zip(_rows(folder / "congress.csv"), CONGRESS_APPARENT_YEARS, strict=True):
        years = APPARENT_SHARE * apparent + (1 - APPARENT_SHARE) * float(row["age_when_photographed"])
        yield Portrait(folder / row["file"], float(row["sex"] == "F"), years, "congress")
    genders = {"male": 0.0, "female": 1.0}
    for row, years in zip(_rows(folder / "fellows.csv"), FELLOWS_APPARENT_YEARS, strict=True):
        yield Portrait(folder / row["file"], genders.get(row["gender"], np.nan), float(years or np.nan), "fellows")


def read_picture(path: Path) -> ImageArray:
    """Read a file as contiguous RGB."""
    return np.ascontiguousarray(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB))


def resized(image: ImageArray, face: Face, factor: float) -> tuple[ImageArray, Face]:
    """Scale a picture and the mesh in it."""
    if factor >= 1:
        return image, face
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return small, dataclasses.replace(face, landmarks_px=face.landmarks_px * np.float32(factor))


def eyes_px(face: Face) -> float:
    """Return the distance of the outer eye corners."""
    return float(np.linalg.norm(face.landmarks_px[33, :2] - face.landmarks_px[263, :2]))


def damaged(image: ImageArray, face: Face, rng: np.random.Generator) -> tuple[ImageArray, Face]:
    """Shrink, relight, blur, add noise, compress, and shake the mesh a little."""
    factor = float(np.exp(rng.uniform(np.log(0.3), 0)))
    image, face = resized(image, face, max(factor, min(1.0, 36 / eyes_px(face))))
    light = image.astype(np.float32) / 255
    light = light ** rng.uniform(0.6, 1.5) * rng.uniform(0.5, 1.15) * rng.uniform(0.92, 1.08, 3)
    light *= _side_light(image, face, rng)[..., None]
    if rng.random() < 0.4:
        light = cv2.GaussianBlur(light, (0, 0), rng.uniform(0.3, 1.2))
    if rng.random() < 0.5:
        light = light + rng.normal(0, rng.uniform(0, 0.03), light.shape)
    if rng.random() < 0.15:
        light = light.mean(axis=-1, keepdims=True).repeat(3, -1)
    pixels = (np.clip(light, 0, 1) * 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(35, 95))])
    pixels = np.ascontiguousarray(cv2.imdecode(packed, cv2.IMREAD_COLOR)[..., ::-1])
    shake = rng.normal(0, 0.004 * face.box.width * pixels.shape[1] / image.shape[1], face.landmarks_px.shape)
    return pixels, dataclasses.replace(face, landmarks_px=(face.landmarks_px + shake).astype(np.float32))


def _side_light(image: ImageArray, face: Face, rng: np.random.Generator) -> FloatArray:
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]].astype(np.float32)
    center = face.landmarks_px[:, :2].mean(axis=0)
    angle = rng.uniform(0, 2 * np.pi)
    along = (columns - center[0]) * np.cos(angle) + (rows - center[1]) * np.sin(angle)
    strength = rng.uniform(0, 0.6) * (rng.random() < 0.5)
    return np.exp(strength * along / (3 * eyes_px(face))).clip(0.3, 2).astype(np.float32)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))
