"""The net: a U-Net over the crop of the head, at half its size inside so that it is quick on a CPU.

Source: Ronneberger et al., MICCAI 2015 (U-Net).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

CHANNELS = (16, 24, 40, 56)
INPUTS = 12


def _layer(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class HairNet(nn.Module):
    """(N, 12, H, W) -> logit of hair (N, 1, H, W); sides are multiples of 16."""

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d = CHANNELS
        self.entry = nn.Sequential(
            nn.Conv2d(INPUTS, a, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(a), nn.ReLU()
        )
        self.fine = _layer(a, a)
        self.middle = nn.Sequential(_layer(a, b), _layer(b, b))
        self.coarse = nn.Sequential(_layer(b, c), _layer(c, c))
        self.coarsest = nn.Sequential(_layer(c, d), _layer(d, d))
        self.up_coarse = _layer(d + c, c)
        self.up_middle = _layer(c + b, b)
        self.up_fine = _layer(b + a, a)
        self.out = nn.ConvTranspose2d(a, 1, 4, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Run the net."""
        fine = self.fine(self.entry(x))
        middle = self.middle(functional.max_pool2d(fine, 2))
        coarse = self.coarse(functional.max_pool2d(middle, 2))
        x = self.coarsest(functional.max_pool2d(coarse, 2))
        for up, skipped in ((self.up_coarse, coarse), (self.up_middle, middle), (self.up_fine, fine)):
            x = up(torch.cat([functional.interpolate(x, scale_factor=2, mode="nearest"), skipped], 1))
        return self.out(x)
