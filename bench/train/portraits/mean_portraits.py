"""Compute `transforms/data/portraits/`: mean portraits of groups of people, for generated pictures of faces.

    python -m bench.train.portraits.mean_portraits TRAIN_FOLDER transforms/data/portraits

TRAIN_FOLDER holds the public-domain portraits: `congress/` (United States Congress, works of the US government, with
sex and birth date from congress-legislators, CC0) and `fellows/` (Presidential Innovation Fellows, CC0).

Method: every portrait of a group, and its mirror image, is warped so that its mesh lies on the group's mean mesh
(thin-plate spline), and averaged inside the person's matte. Averaging takes fine detail away: it is given back by
scaling each band of the mean to the bands' usual energy (Tiddeman, Burt & Perrett 2001, IEEE CG&A 21(5):42-50).
No group has fewer than eight people; nobody in it can be recognized.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from quality.canonical import canonical_frame, canonical_mesh
from quality.face import MESH_VERTICES, Face
from quality.landmarker import FaceLandmarker
from quality.occlusion import OcclusionNet
from quality.report import assess
from transforms.face.landmark_ids import OVAL
from transforms.head.person import PersonSegmenter
from transforms.shape.displacement import displacement_px

SIZE_WH = (480, 600)
EYES_PX = 118.0
"""Distance of the outer corners of the eyes."""
EYES_AT = (0.5, 0.42)
"""Middle of the eyes, as a share of width and height."""
MAX_YAW_DEG, MAX_PITCH_DEG, MAX_COVER_RATIO, MAX_BLUR_RATIO = 14, 16, 0.25, 0.3
GLASSES_BRIDGE = 7.0
"""Steepest horizontal step of L on the bridge of the nose, mean over rows: with glasses 8 to 30, without 1 to 7."""
BAND_SIGMAS_PX = (1.0, 2.0, 4.0)
MAX_BAND_GAIN = 2.2
WEBP_QUALITY = 90
_CHEEKS = (117, 118, 50, 205, 346, 347, 280, 425)


@dataclass(frozen=True, eq=False)
class Sitter:
    """One portrait: `image` (H, W, 3) uint8, its face, and what chooses the group."""

    image: np.ndarray
    face: Face
    is_female: bool
    age_years: float
    is_fellow: bool
    skin_lightness: float
    bridge: float


# name -> (who, order, number, how far below the chin hair ends, in face heights): groups unlike each other, by eye.
GROUPS = {
    "woman_30": (lambda s: s.is_female and s.is_fellow and s.skin_lightness > 64, lambda s: s.bridge, 14, 0.22),
    "man_30": (lambda s: not s.is_female and s.is_fellow and s.skin_lightness > 64, lambda s: s.bridge, 14, -0.3),
    "woman_52": (
        lambda s: s.is_female and 40 < s.age_years < 62 and s.skin_lightness > 64,
        lambda s: s.bridge,
        14,
        0.3,
    ),
    "man_52": (
        lambda s: not s.is_female and 40 < s.age_years < 58 and s.skin_lightness > 64,
        lambda s: s.bridge,
        14,
        -0.3,
    ),
    "woman_70": (lambda s: s.is_female and s.age_years >= 64, lambda s: -s.age_years, 10, -0.10),
    "man_70": (
        lambda s: not s.is_female and s.age_years >= 68 and s.skin_lightness > 60,
        lambda s: -s.age_years,
        14,
        -0.3,
    ),
    "woman_dark": (lambda s: s.is_female, lambda s: s.skin_lightness, 8, -0.04),
    "man_dark": (lambda s: not s.is_female, lambda s: s.skin_lightness, 12, -0.3),
}


def portraits(folder: Path):
    """Yield (path, is female, age in years) of every portrait with known gender and age."""
    with (folder / "congress.csv").open() as table:
        for row in csv.DictReader(table):
            if row["age_when_photographed"]:
                yield folder / row["file"], row["sex"] == "F", float(row["age_when_photographed"])
    with (folder / "fellows.csv").open() as table:
        for row in csv.DictReader(table):
            if row["gender"] in ("male", "female"):
                yield folder / row["file"], row["gender"] == "female", 38.0


def sitters(folder: Path) -> list[Sitter]:
    """Measure the portraits and keep frontal, bare, sharp ones in a rectangular picture."""
    landmarker, net, frame = FaceLandmarker(), OcclusionNet(), canonical_frame(128)
    kept = []
    for path, is_female, age in portraits(folder):
        image = np.ascontiguousarray(Image.open(path).convert("RGB"))
        faces = landmarker.find_faces(image)
        if len(faces) != 1 or _is_vignette(image):
            continue
        report = assess(image, faces[0], net.cover(image, faces[0]))
        cover = max(value for name, value in report.values().items() if name.endswith("_occlusion"))
        lab = cv2.cvtColor(frame.warp(image, faces[0].landmarks_px).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        at = frame.vertices_px.astype(int)
        cheeks = np.median([lab[at[i, 1], at[i, 0], 0] for i in _CHEEKS])
        top, bottom = at[193, 1] + 2, at[197, 1]
        bridge = np.abs(np.gradient(lab[..., 0], axis=1))[top:bottom, at[193, 0] : at[417, 0]].max(axis=1).mean()
        if (
            abs(report.yaw_deg) < MAX_YAW_DEG
            and abs(report.pitch_deg) < MAX_PITCH_DEG
            and cover < MAX_COVER_RATIO
            and report.blur < MAX_BLUR_RATIO
            and bridge < GLASSES_BRIDGE
        ):
            kept.append(Sitter(image, faces[0], is_female, age, "fellows" in str(path), float(cheeks), float(bridge)))
    landmarker.close()
    return kept


def _is_vignette(image: np.ndarray) -> bool:
    """Tell whether all four corners have one color: a picture cut to a circle."""
    corners = np.stack([image[y, x] for y in (2, -3) for x in (2, -3)]).astype(int)
    return bool(np.ptp(corners, axis=0).max() <= 4)


def mirror_vertices() -> np.ndarray:
    """Return for each vertex its neighbor in the mirror, (468,)."""
    points = canonical_mesh().vertices_cm
    return np.array([int(np.argmin(((points * (-1, 1, 1) - point) ** 2).sum(axis=1))) for point in points])


def layout(group: list[Sitter]) -> np.ndarray:
    """Return the mean mesh of a group, symmetric, in pixels of `SIZE_WH`, (468, 2)."""
    shapes = []
    for sitter in group:
        points = sitter.face.landmarks_px[:MESH_VERTICES, :2].astype(float)
        eyes = points[263] - points[33]
        turn = np.array([[eyes[0], eyes[1]], [-eyes[1], eyes[0]]]) / (eyes @ eyes) * EYES_PX
        shapes.append((points - (points[33] + points[263]) / 2) @ turn.T)
    mean = np.mean(shapes, axis=0)
    mean = (mean + mean[mirror_vertices()] * (-1, 1)) / 2
    return mean + np.multiply(SIZE_WH, EYES_AT)


def aligned(image: np.ndarray, person: np.ndarray, points: np.ndarray, target: np.ndarray):
    """Warp a portrait onto a mesh; return color (h, w, 3), matte and known area (h, w), 0..1."""
    width, height = SIZE_WH
    source_0, target_0 = points - points.mean(axis=0), target - target.mean(axis=0)
    cos = (source_0 * target_0).sum() / (source_0**2).sum()
    sin = (source_0[:, 0] * target_0[:, 1] - source_0[:, 1] * target_0[:, 0]).sum() / (source_0**2).sum()
    turn = np.array([[cos, -sin], [sin, cos]])
    to_layout = np.column_stack([turn, target.mean(axis=0) - turn @ points.mean(axis=0)])
    layers = [image.astype(np.float32), np.dstack([person, np.ones_like(person)]).astype(np.float32)]
    scale = float(np.hypot(cos, sin))
    if scale < 0.7:
        layers = [cv2.resize(layer, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) for layer in layers]
        ratio = layers[0].shape[1] / image.shape[1]
    else:
        ratio = 1.0
    reduced = to_layout.copy()
    reduced[:, :2] /= ratio
    layers = [cv2.warpAffine(layer, reduced, SIZE_WH, flags=cv2.INTER_CUBIC) for layer in layers]
    at = (points @ to_layout[:, :2].T + to_layout[:, 2]).astype(np.float32)
    xy = displacement_px(at, (target - at).astype(np.float32), SIZE_WH)
    xy += np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).astype(np.float32)
    color, masks = (cv2.remap(layer, xy, np.empty(0, np.float32), cv2.INTER_CUBIC) for layer in layers)
    masks = np.clip(masks, 0, 1)
    return color, masks[..., 0], masks[..., 1]


def mean_portrait(group: list[Sitter], hair_end_faces: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean portrait of a group, (h, w, 4) uint8 RGBA, and its mesh, (468, 2)."""
    segmenter, target, mirror = PersonSegmenter(), layout(group), mirror_vertices()
    colors, mattes, known = [], [], []
    for sitter in group:
        person = segmenter.person_near(sitter.image, sitter.face)
        points = sitter.face.landmarks_px[:MESH_VERTICES, :2].astype(float)
        mirrored = points[mirror] * (-1, 1) + (sitter.image.shape[1] - 1, 0)
        for image, matte, at in (
            (sitter.image, person, points),
            (np.ascontiguousarray(sitter.image[:, ::-1]), np.ascontiguousarray(person[:, ::-1]), mirrored),
        ):
            color, matte_here, known_here = aligned(image, matte, at, target)
            colors.append(color)
            mattes.append(matte_here)
            known.append(known_here)
    weights = [matte * area + 1e-4 * area for matte, area in zip(mattes, known, strict=True)]
    total = np.maximum(np.sum(weights, axis=0), 1e-6)[..., None]
    mean = sum(color * weight[..., None] for color, weight in zip(colors, weights, strict=True)) / total
    matte = np.sum([m * k for m, k in zip(mattes, known, strict=True)], axis=0) / np.maximum(np.sum(known, axis=0), 1)
    detailed = restored(mean, colors, weights, total)
    detailed = without_rims(np.clip(detailed, 0, 255), target)
    alpha = head_matte(matte, target, hair_end_faces)
    return np.dstack([np.clip(np.round(detailed), 0, 255), np.round(255 * alpha)]).astype(np.uint8), target


def without_rims(picture: np.ndarray, mesh: np.ndarray) -> np.ndarray:
    """Take blue and purple, the rims of mattes, out of the hair."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    face = np.zeros(picture.shape[:2], np.float32)
    cv2.fillPoly(face, [np.round(mesh[list(OVAL)] * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
    face = cv2.GaussianBlur(face, (0, 0), 4)[..., None]
    cleaned = lab.copy()
    cleaned[..., 2] = np.maximum(lab[..., 2], 3)
    cleaned[..., 1] = np.clip(lab[..., 1], 0, 1 + cleaned[..., 2])
    return cv2.cvtColor(lab * face + cleaned * (1 - face), cv2.COLOR_LAB2RGB) * 255


def head_matte(matte: np.ndarray, mesh: np.ndarray, hair_end_faces: float) -> np.ndarray:
    """Make the mean matte crisp, and keep of what is below the ears only jaw and hair: no clothes."""
    width, height = SIZE_WH
    crisp = np.clip((matte - 0.45) / 0.3, 0, 1)
    crisp = crisp * crisp * (3 - 2 * crisp)
    chin, face_px = mesh[152], mesh[152, 1] - mesh[10, 1]
    ys = np.arange(height)[:, None] + np.zeros((1, width))
    xs = np.abs(np.arange(width)[None, :] - chin[0]) + np.zeros((height, 1))
    # Hair ends in strands of unequal length.
    strands = np.random.default_rng(1).normal(0, 1, width).astype(np.float32)[None]
    strands = cv2.GaussianBlur(strands, (0, 0), 2.0) * 0.05 * face_px
    reach = np.clip((0.60 * face_px + strands - xs) / (0.05 * face_px), 0, 1)
    hair = np.clip((chin[1] + hair_end_faces * face_px + strands - ys) / (0.10 * face_px), 0, 1)
    jaw = np.zeros((height, width), np.float32)
    outline = mesh[list(OVAL)]
    cv2.fillPoly(jaw, [np.round((outline + (0, 2)) * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
    # In front of the neck no hair: collars and necklaces lie there.
    beside = np.clip((xs - 0.25 * face_px) / (0.05 * face_px), 0, 1)
    below_ears = np.clip((ys - (chin[1] - 0.42 * face_px)) / (0.1 * face_px), 0, 1)
    kept = np.maximum(cv2.GaussianBlur(jaw, (0, 0), 1.2), np.minimum(hair * reach, beside))
    return crisp * (1 - below_ears * (1 - kept))


def restored(mean: np.ndarray, colors: list[np.ndarray], weights: list[np.ndarray], total: np.ndarray) -> np.ndarray:
    """Give the mean's bands of detail the energy that they have in the portraits; gray: no color is made up."""
    result = mean.copy()
    for finer, coarser in zip((0.0, *BAND_SIGMAS_PX[:-1]), BAND_SIGMAS_PX, strict=True):
        usual = (
            sum(_band(c, finer, coarser) ** 2 * w[..., None] for c, w in zip(colors, weights, strict=True)) / total
        )
        of_mean = _band(mean, finer, coarser)
        ratio = _smooth(usual.mean(axis=2), 6) / np.maximum(_smooth((of_mean**2).mean(axis=2), 6), 1e-3)
        result += of_mean.mean(axis=2, keepdims=True) * (np.clip(np.sqrt(ratio), 1, MAX_BAND_GAIN) - 1)[..., None]
    return result


def _band(picture: np.ndarray, finer_px: float, coarser_px: float) -> np.ndarray:
    fine = _smooth(picture, finer_px) if finer_px else picture
    return fine - _smooth(picture, coarser_px)


def _smooth(picture: np.ndarray, sigma_px: float) -> np.ndarray:
    return cv2.GaussianBlur(picture, (0, 0), sigma_px)


def main(train: Path, target: Path) -> None:
    """Write one WebP picture with alpha for each group, and all meshes."""
    people, meshes = sitters(train), {}
    target.mkdir(exist_ok=True)
    for name, (belongs, order, number, hair_end_faces) in GROUPS.items():
        group = sorted(filter(belongs, people), key=order)[:number]
        portrait, meshes[name] = mean_portrait(group, hair_end_faces)
        portrait[portrait[..., 3] == 0] = 0
        bgra = cv2.cvtColor(portrait, cv2.COLOR_RGBA2BGRA)
        cv2.imwrite(str(target / f"{name}.webp"), bgra, [cv2.IMWRITE_WEBP_QUALITY, WEBP_QUALITY])
        print(f"{name}: {len(group)} people")
    np.savez_compressed(target / "meshes.npz", **{name: mesh.astype(np.float32) for name, mesh in meshes.items()})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
