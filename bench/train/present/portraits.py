"""The labelled portraits and the damage done to copies of them, so that the estimate survives it."""

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


@dataclass(frozen=True)
class Portrait:
    """One file and what is known of the person: NaN where nothing is."""

    path: Path
    female: float
    age_years: float
    source: str


def training_portraits(folder: Path) -> Iterator[Portrait]:
    """Yield the portraits of Congress (sex, age) and of the innovation fellows (gender)."""
    for row in _rows(folder / "congress.csv"):
        yield Portrait(
            folder / row["file"], float(row["sex"] == "F"), float(row["age_when_photographed"]), "congress"
        )
    genders = {"male": 0.0, "female": 1.0}
    for row in _rows(folder / "fellows.csv"):
        yield Portrait(folder / row["file"], genders.get(row["gender"], np.nan), np.nan, "fellows")


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
