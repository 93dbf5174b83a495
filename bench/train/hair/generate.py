"""Draw samples of hair from portraits.

Usage::

    python -m bench.train.hair.generate OUT.npz --faces FOLDER [FOLDER ...] [--textures FOLDER] [--count N] [--seed N]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from skimage import data

from bench.train.hair.portraits import portraits
from bench.train.hair.samples import draw
from transforms.hair_net import net_masks
from transforms.head_crop import FACE_PX, crop_size_wh

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


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("--faces", type=Path, nargs="+", required=True)
    parser.add_argument("--textures", type=Path)
    parser.add_argument("--count", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    known = portraits(arguments.faces)
    width, height = crop_size_wh(FACE_PX)
    pictures = [np.asarray(Image.fromarray(getattr(data, name)()).convert("RGB")) for name in _SCENES]
    if arguments.textures:
        pictures += [np.asarray(Image.open(path).convert("RGB")) for path in sorted(arguments.textures.iterdir())]
    least = (max(width, 200), max(height, 200))
    pictures = [p if min(p.shape[:2]) >= max(least) else cv2.resize(p, (400, 400)) for p in pictures]
    pictures += [cv2.resize(portrait.rgb, None, fx=2, fy=2) for portrait in known[::5]]
    rng = np.random.default_rng(arguments.seed)
    shape = (arguments.count, height, width)
    rgb = np.empty((*shape, 3), np.uint8)
    planes = np.empty((*shape, 6), np.uint8)
    for k in range(arguments.count):
        sample = draw(rng, known[rng.integers(len(known))], known[rng.integers(len(known))], pictures)
        masks = net_masks(sample.points)
        rgb[k] = sample.rgb
        planes[k] = np.round(np.dstack([sample.hair, sample.person, sample.inside, *masks]) * 255)
    np.savez(arguments.target, rgb=rgb, planes=planes)
    print(f"{arguments.count} samples of {len(known)} portraits in {arguments.target}")


if __name__ == "__main__":
    main()
