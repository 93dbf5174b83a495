"""Draw samples of hair from portraits.

Usage::

    python -m bench.train.hair.generate OUT.npz --faces FOLDER [FOLDER ...] --occluders FOLDER [--count N] [--seed N]
        [--held-out]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from skimage import data

from bench.train.hair.portraits import Portrait, portraits
from bench.train.hair.samples import Props, draw
from quality.face import FloatArray, ImageArray
from transforms.hair.hair_net import net_masks
from transforms.head.head_crop import FACE_PX, crop_size_wh

_SCENES = (
    "coffee",
    "chelsea",
    "rocket",
    "retina",
    "immunohistochemistry",
    "brick",
    "grass",
    "gravel",
    "hubble_deep_field",
)


_KEPT_OUT = 8
"""Every eighth portrait never trains: strangers to measure on."""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("--faces", type=Path, nargs="+", required=True)
    parser.add_argument("--occluders", type=Path, required=True, help="holds textures/ and hand_*.png on green")
    parser.add_argument("--count", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--held-out", action="store_true", help="of the portraits that never train")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    known = [p for k, p in enumerate(portraits(arguments.faces)) if (k % _KEPT_OUT == 0) == arguments.held_out]
    props = _props(arguments.occluders, known)
    width, height = crop_size_wh(FACE_PX)
    rng = np.random.default_rng(arguments.seed)
    shape = (arguments.count, height, width)
    rgb = np.empty((*shape, 3), np.uint8)
    planes = np.empty((*shape, 7), np.uint8)
    for k in range(arguments.count):
        sample = draw(rng, known[rng.integers(len(known))], known[rng.integers(len(known))], props)
        masks = net_masks(sample.points)
        rgb[k] = sample.rgb
        drawn = np.dstack([sample.hair, sample.person, sample.inside, *masks, sample.trust])
        planes[k] = np.round(np.clip(drawn, 0, 1) * 255)
    np.savez(arguments.target, rgb=rgb, planes=planes)
    print(f"{arguments.count} samples of {len(known)} portraits in {arguments.target}")


def _props(folder: Path, known: Sequence[Portrait]) -> Props:
    fabrics = [
        _at_least(np.asarray(Image.open(path).convert("RGB"))) for path in sorted((folder / "textures").iterdir())
    ]
    pictures = [_at_least(np.asarray(Image.fromarray(getattr(data, name)()).convert("RGB"))) for name in _SCENES]
    pictures += fabrics + [cv2.resize(portrait.rgb, None, fx=2, fy=2) for portrait in known[::5]]
    return Props(pictures, fabrics, [_hand(path) for path in sorted(folder.glob("hand_*.png"))])


def _at_least(picture: ImageArray) -> ImageArray:
    return picture if min(picture.shape[:2]) >= max(crop_size_wh(FACE_PX)) else cv2.resize(picture, (400, 400))


def _hand(path: Path) -> tuple[FloatArray, FloatArray]:
    """Cut a hand out of its green; its lightness about zero, and its opacity."""
    rgb = np.asarray(Image.open(path).convert("RGB")).astype(np.float32) / 255
    green = rgb[..., 1] - np.maximum(rgb[..., 0], rgb[..., 2])
    opacity = cv2.GaussianBlur(np.clip((0.06 - green) / 0.06, 0, 1), (0, 0), 1.0)
    lightness = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)[..., 0]
    return (lightness - np.median(lightness[opacity > 0.9])) * opacity, opacity


if __name__ == "__main__":
    main()
