"""Turn weights trained at 64 pixels into a start for training at 96: entry and exit kernels are resampled.

Usage::

    python -m bench.train.occlusion.enlarge W64.pt W96.pt
"""

from __future__ import annotations

import sys

import torch
from torch import Tensor
from torch.nn import functional

STEP_RATIO = 96 / 64


def main() -> None:
    """Run the command."""
    source, target = sys.argv[1:]
    weights = torch.load(source, weights_only=True)
    # An input pixel is worth less when there are more of them; an output pixel is not.
    weights["block.0.weight"] = resampled(weights["block.0.weight"]) / STEP_RATIO**2
    weights["out.weight"] = resampled(weights["out.weight"])
    torch.save(weights, target)


def resampled(kernel: Tensor) -> Tensor:
    """Read a 4 x 4 kernel at the places of a 7 x 7 one of 1.5 times the resolution, 0 outside."""
    at = torch.arange(-3, 4, dtype=torch.float32) / STEP_RATIO / 2
    grid = torch.stack(torch.meshgrid(at, at, indexing="xy"), -1)[None].expand(len(kernel), -1, -1, -1)
    return functional.grid_sample(kernel, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


if __name__ == "__main__":
    main()
