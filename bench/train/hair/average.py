"""Average the weights of two nets, the second trained on from the first, and export the mean to ONNX.

Usage::

    python -m bench.train.hair.average W0.pt W1.pt 0.85 SAMPLES.npz --onnx OUT.onnx

What the first did well and the second forgot comes back in part. The statistics of batch normalization are those of
the samples.

Source: Wortsman et al., CVPR 2022, "Robust fine-tuning of zero-shot models".
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import nn

from bench.train.hair.network import HairNet
from bench.train.hair.train import batch, export

_BATCHES, _BATCH = 14, 32


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("share", type=float, help="of the second, 0..1")
    parser.add_argument("samples", type=Path)
    parser.add_argument("--onnx", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    first, second = (torch.load(path, weights_only=True) for path in (arguments.first, arguments.second))
    net = HairNet()
    net.load_state_dict(
        {
            name: torch.lerp(weights, second[name], arguments.share) if weights.is_floating_point() else weights
            for name, weights in first.items()
        }
    )
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None
    net.train()
    stored = np.load(arguments.samples)
    rgb, planes = torch.from_numpy(stored["rgb"]), torch.from_numpy(stored["planes"])
    with torch.no_grad():
        for _ in range(_BATCHES):
            net(batch(rgb, planes, torch.randint(0, len(rgb), (_BATCH,)), lit=True)[0])
    export(net, arguments.onnx)


if __name__ == "__main__":
    main()
