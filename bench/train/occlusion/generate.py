"""Make training samples and keep them in one file.

Usage::

    python -m bench.train.occlusion.generate CACHE.npz OUT.npz --faces congress fellows --occluders occluders \
        --count 12000 --seed 1 [--sheet SHEET.png]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from bench.train.occlusion.faces import load_faces
from bench.train.occlusion.paint import load_supplies
from bench.train.occlusion.samples import make_sample

SKIPPED = frozenset({"P000610.jpg"})
"""Two faces."""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--faces", type=Path, nargs="+", required=True)
    parser.add_argument("--occluders", type=Path, required=True)
    parser.add_argument("--count", type=int, default=12000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--sheet", type=Path)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    faces = load_faces(arguments.faces, arguments.cache, SKIPPED)
    supplies = load_supplies(arguments.occluders)
    rng = np.random.default_rng(arguments.seed)
    samples = [make_sample(rng, faces, supplies, arguments.size) for _ in range(arguments.count)]
    pictures, covers, kinds = (np.stack(column) for column in zip(*samples, strict=True))
    np.savez(arguments.out, pictures=pictures, covers=covers, kinds=kinds)
    if arguments.sheet:
        red = pictures[:240].copy()
        red[..., 0] = np.maximum(red[..., 0], covers[:240])
        pairs = np.concatenate([pictures[:240], red], axis=2)
        rows = [np.concatenate(list(pairs[at : at + 12]), axis=1) for at in range(0, len(pairs) // 12 * 12, 12)]
        cv2.imwrite(str(arguments.sheet), np.concatenate(rows)[..., ::-1])


if __name__ == "__main__":
    main()
