"""Train `quality/data/blur_net.npz`, the two small networks of `quality/blur.py`.

Usage: python -m bench.train.blur_net PORTRAITS_FOLDER

PORTRAITS_FOLDER holds portraits in the public domain or CC0 (the project used the Presidential Innovation Fellows'
portraits, CC0: 73 of 172 have eyes far enough apart). Each is reduced until it is sharp, then blurred by a known
amount (defocus, motion, pixels), lit, reduced, made noisy and compressed at random with a fixed seed. Plain numpy;
about ten minutes on one core. Nothing of a portrait is stored but what the networks learnt.
"""

from __future__ import annotations

import itertools
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from quality.blur import blur_inputs, blur_of_sigma
from quality.face_spectrum import BAND_SIGMAS_PX, DIRECTIONS, EYE_DISTANCE_PX, eye_distance_px, log_band_energies
from quality.landmarker import FaceLandmarker

NET = Path(__file__).parents[2] / "quality" / "data" / "blur_net.npz"
LEAST_EYE_DISTANCE_PX = 78
SAMPLES_A_PORTRAIT = 70
BATCH = 2048
STEP_INPUTS = 2 * (len(BAND_SIGMAS_PX) - 2)
"""The first inputs: differences between neighboring bands, of the direction and on average."""


@dataclass(frozen=True)
class Member:
    """One of the two networks whose answers are averaged."""

    name: str
    hidden: int
    steps: int
    rising: bool
    """No weight on the way of the steps is negative, so that more blur never reads as less."""


MEMBERS = (Member("rising", 20, 3000, True), Member("free", 32, 6000, False))


@dataclass(frozen=True, eq=False)
class Portrait:
    """A sharp face and its landmarks."""

    image: np.ndarray
    landmarks_px: np.ndarray


def main(folder: Path) -> None:
    """Make the samples of a folder of portraits, train, and write the networks."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(0)
    landmarker = FaceLandmarker()
    portraits = [portrait for path in sorted(folder.glob("*.jpg")) if (portrait := sharp_portrait(path, landmarker))]
    landmarker.close()
    samples = [sample(portrait, rng) for portrait in portraits for _ in range(SAMPLES_A_PORTRAIT)]
    inputs = np.concatenate([inputs for inputs, _ in samples])
    targets = np.concatenate([target for _, target in samples])
    arrays = {}
    for member in MEMBERS:
        net = train(inputs, targets.astype(np.float32), member)
        print(f"{member.name}: mean error {np.abs(run(net, inputs) - targets).mean():.4f}")
        arrays |= {f"{member.name}_{name}": array for name, array in net.items()}
    np.savez(NET, **arrays)
    print(f"{len(portraits)} portraits, {len(samples)} samples")


def sharp_portrait(path: Path, landmarker: FaceLandmarker) -> Portrait | None:
    """Find the face of a portrait and reduce it; None when its eyes are too near each other."""
    image = np.ascontiguousarray(cv2.imread(str(path))[:, :, ::-1])
    faces = landmarker.find_faces(image)
    if len(faces) != 1 or abs(faces[0].pose.yaw_deg) >= 40:
        return None
    points = faces[0].landmarks_px[:, :2]
    distance = eye_distance_px(points)
    if distance < LEAST_EYE_DISTANCE_PX:
        return None
    scale = min((EYE_DISTANCE_PX - 2) / distance, 0.8)
    image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    points = (points + 0.5) * scale - 0.5
    low = np.maximum(points.min(axis=0) - 40, 0).astype(int)
    high = (points.max(axis=0) + 40).astype(int)
    return Portrait(np.ascontiguousarray(image[low[1] : high[1], low[0] : high[0]]), points - low)


def sample(portrait: Portrait, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Degrade a portrait; inputs (12, 19) and the true blur of each direction (12,)."""
    image, variance = blurred(portrait, rng)
    image = lit(image, rng)
    points = portrait.landmarks_px
    if rng.random() < 0.5:
        scale = rng.uniform(0.25, 0.95)
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        points = (points + 0.5) * scale - 0.5
    if rng.random() < 0.4:
        quality = int(rng.choice([95, 85, 75, 60, 50, 35]))
        image = cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
    distance = eye_distance_px(points)
    moved = points + rng.normal(0, 0.01 * distance, 2)
    inputs = blur_inputs(log_band_energies(image, moved), eye_distance_px(moved))
    return inputs, np.array([blur_of_sigma(float(sigma)) for sigma in np.sqrt(variance)])


def blurred(portrait: Portrait, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Blur at random; the picture and the variance along each direction, in eye distances squared, (12,)."""
    image, distance = portrait.image, eye_distance_px(portrait.landmarks_px)
    turns = np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    kind = rng.random()
    if kind < 0.12:
        return image, np.zeros(DIRECTIONS)
    if kind < 0.55:
        sigma = np.exp(rng.uniform(np.log(0.004), np.log(0.35)))
        return cv2.GaussianBlur(image, (0, 0), sigma * distance), np.full(DIRECTIONS, sigma**2)
    if kind < 0.85:
        length, angle = np.exp(rng.uniform(np.log(0.03), np.log(0.6))), rng.uniform(0, np.pi)
        variance = (length * np.cos(turns - angle)) ** 2 / 12
        image = cv2.filter2D(image, -1, motion_kernel(length * distance, angle))
        if rng.random() < 0.3:
            sigma = rng.uniform(0.005, 0.06)
            image, variance = cv2.GaussianBlur(image, (0, 0), sigma * distance), variance + sigma**2
        return image, variance
    block = np.exp(rng.uniform(np.log(0.02), np.log(0.2)))
    top, left = rng.integers(0, 3, 2)
    part = image[top:, left:]
    small = cv2.resize(part, None, fx=1 / (block * distance), fy=1 / (block * distance), interpolation=cv2.INTER_AREA)
    enlarging = cv2.INTER_NEAREST if rng.random() < 0.7 else cv2.INTER_LINEAR
    image = image.copy()
    image[top:, left:] = cv2.resize(small, (part.shape[1], part.shape[0]), interpolation=enlarging)
    return image, np.full(DIRECTIONS, (0.4 * block) ** 2)


def motion_kernel(length_px: float, angle: float) -> np.ndarray:
    """Draw a line of a length and an angle (radians) that sums to 1."""
    side = (int(length_px) | 1) + 2
    middle = np.array([(side - 1) / 2] * 2)
    half = np.array([np.cos(angle), np.sin(angle)]) * length_px / 2
    first, last = (tuple(int(value) for value in np.round((middle + way * half) * 256)) for way in (-1, 1))
    kernel = np.zeros((side, side), np.float32)
    cv2.line(kernel, first, last, 1.0, 1, cv2.LINE_AA, 8)
    return kernel / kernel.sum()


def lit(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Light from a side, other exposure and contrast, noise: each at random."""
    lights = image.astype(np.float32)
    if rng.random() < 0.3:
        height, width = image.shape[:2]
        angle = rng.uniform(0, 2 * np.pi)
        across = np.linspace(-1, 1, width)[None, :, None] * np.cos(angle)
        across = across + np.linspace(-1, 1, height)[:, None, None] * np.sin(angle)
        steepness, middle = rng.uniform(1, 8), rng.uniform(-0.4, 0.4)
        dark = rng.uniform(0.08, 0.7)
        lights = lights * (dark + (1.1 - dark) / (1 + np.exp(-steepness * (across - middle))))
    if rng.random() < 0.4:
        lights = lights * rng.uniform(0.15, 1.1) + rng.uniform(0, 20)
    if rng.random() < 0.3:
        lights = lights + rng.normal(0, rng.uniform(1, 6), lights.shape)
    return np.clip(lights, 0, 255).astype(np.uint8)


def train(inputs: np.ndarray, targets: np.ndarray, member: Member) -> dict[str, np.ndarray]:
    """Fit a network with Adam (Kingma and Ba, 2015); squared error with a little cross entropy."""
    rng = np.random.default_rng(1)
    net = {"mean": inputs.mean(axis=0), "deviation": inputs.std(axis=0) + 1e-3}
    scaled = (inputs - net["mean"]) / net["deviation"]
    widths = (inputs.shape[1], member.hidden, member.hidden, 1)
    for layer, (before, after) in enumerate(itertools.pairwise(widths), start=1):
        weights = rng.normal(0, 1 / before if member.rising else 1 / np.sqrt(before), (before, after))
        net[f"weights_{layer}"] = (np.abs(weights) if member.rising else weights).astype(np.float32)
        net[f"bias_{layer}"] = np.zeros(after, np.float32)
    learnt = [name for name in net if name[-1].isdigit()]
    first_moment = {name: np.zeros_like(net[name]) for name in learnt}
    second_moment = {name: np.zeros_like(net[name]) for name in learnt}
    for step in range(member.steps):
        chosen = rng.integers(0, len(scaled), BATCH)
        slopes = gradient(net, scaled[chosen], targets[chosen])
        rate = 2e-3 * (1 + np.cos(np.pi * step / member.steps)) + 1e-5
        for name in learnt:
            slope = slopes[name] + 1e-5 * net[name]
            first_moment[name] = 0.9 * first_moment[name] + 0.1 * slope
            second_moment[name] = 0.999 * second_moment[name] + 0.001 * slope**2
            mean = first_moment[name] / (1 - 0.9 ** (step + 1))
            net[name] = net[name] - rate * mean / (np.sqrt(second_moment[name] / (1 - 0.999 ** (step + 1))) + 1e-8)
        if member.rising:
            net["weights_1"][:STEP_INPUTS] = np.maximum(net["weights_1"][:STEP_INPUTS], 0)
            net["weights_2"], net["weights_3"] = np.maximum(net["weights_2"], 0), np.maximum(net["weights_3"], 0)
    return {name: array.astype(np.float32) for name, array in net.items()}


def gradient(net: dict[str, np.ndarray], scaled: np.ndarray, targets: np.ndarray) -> dict[str, np.ndarray]:
    """Gradient of the loss over a batch by back-propagation."""
    one = np.tanh(scaled @ net["weights_1"] + net["bias_1"])
    two = np.tanh(one @ net["weights_2"] + net["bias_2"])
    out = 1 / (1 + np.exp(-(two @ net["weights_3"] + net["bias_3"])[:, 0]))
    error = (out - targets) / len(targets)
    at_out = (error * (2 * out * (1 - out) + 0.15))[:, None]
    at_two = at_out @ net["weights_3"].T * (1 - two**2)
    at_one = at_two @ net["weights_2"].T * (1 - one**2)
    layers = ((scaled, at_one), (one, at_two), (two, at_out))
    slopes = {}
    for layer, (seen, slope) in enumerate(layers, start=1):
        slopes[f"weights_{layer}"], slopes[f"bias_{layer}"] = seen.T @ slope, slope.sum(axis=0)
    return slopes


def run(net: dict[str, np.ndarray], inputs: np.ndarray) -> np.ndarray:
    """Apply the network to rows of inputs."""
    hidden = np.tanh((inputs - net["mean"]) / net["deviation"] @ net["weights_1"] + net["bias_1"])
    hidden = np.tanh(hidden @ net["weights_2"] + net["bias_2"])
    return 1 / (1 + np.exp(-(hidden @ net["weights_3"] + net["bias_3"])[:, 0]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
