"""What covers are made of: colors, fabrics, paper, skin. Every function returns (H, W, 3) float32, 0..255, RGB."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from skimage import data

SKIN_VERTICES = (50, 280, 205, 425, 151, 117, 346, 195)
_SKIMAGE_PICTURES = ("brick", "grass", "gravel", "coffee", "chelsea", "rocket", "coins", "text", "page", "moon")


@dataclass(frozen=True, eq=False)
class Supplies:
    """Pictures that covers are cut from.

    Attributes
    ----------
    fabrics : list of (H, W, 3) uint8 RGB
    masks, glasses, hands : list of (H, W, 4) uint8 RGBA, cut to what is opaque
    """

    fabrics: list[np.ndarray]
    masks: list[np.ndarray]
    glasses: list[np.ndarray]
    hands: list[np.ndarray]


def load_supplies(folder: Path) -> Supplies:
    """Read masks/, textures/, hand_*.png (on green) and sunglasses.png from a folder; add scikit-image's pictures."""
    fabrics = [cv2.imread(str(path))[..., ::-1] for path in sorted((folder / "textures").iterdir())]
    fabrics = [cv2.resize(f, None, fx=300 / min(f.shape[:2]), fy=300 / min(f.shape[:2])) for f in fabrics]
    for name in _SKIMAGE_PICTURES:
        picture = getattr(data, name)()
        picture = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
        fabrics.append(np.ascontiguousarray(picture[:400, :400, :3].astype(np.uint8)))
    masks = [_read_rgba(path) for path in sorted((folder / "masks").iterdir())]
    hands = [_key_green(cv2.imread(str(path))[..., ::-1]) for path in sorted(folder.glob("hand_*.png"))]
    return Supplies(fabrics, masks, [_read_rgba(folder / "sunglasses.png")], hands)


def _read_rgba(path: Path) -> np.ndarray:
    bgra = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    return _shrink(_cut(np.ascontiguousarray(bgra[..., [2, 1, 0, 3]])))


def _key_green(rgb: np.ndarray) -> np.ndarray:
    lab = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2LAB).astype(np.float32)
    opaque = (lab[..., 1] > 126).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opaque)
    opaque = (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)
    opaque = cv2.erode(opaque, np.ones((3, 3), np.uint8)) * 255
    return _shrink(_cut(np.dstack([rgb, cv2.GaussianBlur(opaque, (0, 0), 1.0)])))


def _cut(rgba: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(rgba[..., 3] > 20)
    return rgba[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def _shrink(rgba: np.ndarray) -> np.ndarray:
    scale = 260 / max(rgba.shape[:2])
    weighted = rgba.astype(np.float32)
    weighted[..., :3] *= weighted[..., 3:] / 255
    weighted = cv2.resize(weighted, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    weighted[..., :3] /= np.maximum(weighted[..., 3:] / 255, 1e-3)
    return np.clip(weighted, 0, 255).astype(np.uint8)


def skin_color(crop: np.ndarray, mesh: np.ndarray) -> np.ndarray:
    """Median color of small patches of cheeks, forehead and nose."""
    patches = []
    for x, y in mesh[list(SKIN_VERTICES)]:
        patches.append(crop[int(y) - 3 : int(y) + 4, int(x) - 3 : int(x) + 4].reshape(-1, 3))
    return np.median(np.concatenate(patches), axis=0).astype(np.float32)


def slope(rng: np.random.Generator, size: int, strength: float) -> np.ndarray:
    """Make a plane of light: (size, size, 1), 1 in the middle."""
    ys, xs = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    gx, gy = rng.normal(0, strength, 2)
    return np.clip(1 + gx * xs + gy * ys, 0.2, 1.9)[..., None].astype(np.float32)


def grain(rng: np.random.Generator, size: int, sigma: float, scale: float) -> np.ndarray:
    """Gray noise of a given roughness, (size, size, 1)."""
    noise = rng.normal(0, 1, (size, size)).astype(np.float32)
    if scale > 0.3:
        noise = cv2.GaussianBlur(noise, (0, 0), scale)
        noise /= noise.std() + 1e-6
    return sigma * noise[..., None]


def plain(rng: np.random.Generator, size: int, color: np.ndarray | None = None) -> np.ndarray:
    """One color with a plane of light and a little grain."""
    if color is None:
        color = rng.uniform(0, 255, 3)
        if rng.random() < 0.5:
            color = color.mean() + (color - color.mean()) * rng.uniform(0, 0.4)
        if rng.random() < 0.3:
            color = np.full(3, rng.choice([5, 20, 40, 128, 215, 240, 252])) + rng.normal(0, 3, 3)
    field = np.broadcast_to(np.asarray(color, np.float32), (size, size, 3)) * slope(rng, size, rng.uniform(0, 0.25))
    return field + grain(rng, size, rng.uniform(0, 5), rng.uniform(0, 1.5))


def skin_tone(rng: np.random.Generator, skin: np.ndarray) -> np.ndarray:
    """Draw a color near the face's own: half of the time hardly to be told from it."""
    if rng.random() < 0.5:
        return skin * rng.uniform(0.9, 1.1) * rng.normal(1, 0.02, 3)
    return skin * rng.uniform(0.65, 1.25) * rng.normal(1, 0.05, 3)


def skin_like(rng: np.random.Generator, size: int, skin: np.ndarray) -> np.ndarray:
    """Paint a plain field of nearly the face's own color, with light and grain of its own."""
    field = np.broadcast_to(skin_tone(rng, skin).astype(np.float32), (size, size, 3))
    field = field * slope(rng, size, rng.uniform(0, 0.3))
    return field * (1 + grain(rng, size, rng.uniform(0, 0.09), rng.choice([0, rng.uniform(0, 4)])))


def fabric(rng: np.random.Generator, size: int, supplies: Supplies) -> np.ndarray:
    """Cut a piece of a printed fabric or a photograph, at any scale and angle, recolored half of the time."""
    source = supplies.fabrics[rng.integers(len(supplies.fabrics))]
    matrix = cv2.getRotationMatrix2D(
        (source.shape[1] / 2, source.shape[0] / 2), rng.uniform(0, 360), rng.uniform(0.2, 1.3)
    )
    matrix[:, 2] += rng.uniform(-200, 100, 2)
    smooth = cv2.GaussianBlur(source, (0, 0), 1.0)
    piece = cv2.warpAffine(smooth, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    piece = piece.astype(np.float32)
    if rng.random() < 0.5:
        gray = piece.mean(axis=2, keepdims=True)
        piece = gray + (piece - gray)[..., rng.permutation(3)] * rng.uniform(0, 1.2)
        piece = piece * rng.uniform(0.3, 1.2, 3).astype(np.float32)
    return piece * slope(rng, size, 0.2) * (1 + folds(rng, size, rng.uniform(0, 0.15)))


def folds(rng: np.random.Generator, size: int, strength: float) -> np.ndarray:
    """Soft folds of cloth: noise stretched along one direction, (size, size, 1)."""
    noise = rng.normal(0, 1, (size, size)).astype(np.float32)
    wide, narrow = rng.uniform(8, 25), rng.uniform(1.5, 5)
    noise = cv2.GaussianBlur(noise, (0, 0), sigmaX=wide, sigmaY=narrow)
    matrix = cv2.getRotationMatrix2D((size / 2, size / 2), rng.normal(0, 40), 1.5)
    noise = cv2.warpAffine(noise, matrix, (size, size), borderMode=cv2.BORDER_REFLECT)
    return (strength * noise / (noise.std() + 1e-6))[..., None]


def colored_noise(rng: np.random.Generator, size: int) -> np.ndarray:
    """Pixels of any color, in squares of one to four pixels."""
    step = int(rng.integers(1, 5))
    cells = rng.uniform(0, 255, (size // step + 1, size // step + 1, 3)).astype(np.float32)
    if rng.random() < 0.3:
        cells = np.repeat(cells[..., :1], 3, axis=2)
    return np.repeat(np.repeat(cells, step, axis=0), step, axis=1)[:size, :size]


def paper(rng: np.random.Generator, size: int) -> np.ndarray:
    """Light paper with lines of print or of handwriting."""
    sheet = np.array(plain(rng, size, np.full(3, rng.uniform(170, 255)) + rng.normal(0, 8, 3)), np.float32, order="C")
    ink = (rng.uniform(0, 110, 3)).tolist()
    line_px, thickness = int(rng.integers(5, 14)), int(rng.integers(1, 3))
    for y in range(int(rng.integers(0, line_px)), size, line_px):
        x = int(rng.integers(0, 20))
        while x < size:
            word = int(rng.integers(3, 18))
            if rng.random() < 0.85:
                cv2.line(sheet, (x, y), (x + word, y), ink, thickness, cv2.LINE_AA)
            x += word + int(rng.integers(2, 6))
    matrix = cv2.getRotationMatrix2D((size / 2, size / 2), rng.normal(0, 15), 1.2)
    return cv2.warpAffine(sheet, matrix, (size, size), borderMode=cv2.BORDER_REFLECT)


def any_paint(rng: np.random.Generator, size: int, supplies: Supplies, skin: np.ndarray) -> np.ndarray:
    """Any of the above; a quarter of the time something of nearly the face's color."""
    choice = rng.choice(5, p=[0.3, 0.27, 0.26, 0.09, 0.08])
    if choice == 0:
        return plain(rng, size)
    if choice == 1:
        return skin_like(rng, size, skin)
    if choice == 2:
        return fabric(rng, size, supplies)
    return paper(rng, size) if choice == 3 else colored_noise(rng, size)
