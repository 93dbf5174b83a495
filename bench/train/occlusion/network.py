"""The net: a U-Net over the canonical frame, brought to 32 x 32 at its entry so that it is quick on a CPU.

Source: Ronneberger et al., MICCAI 2015 (U-Net).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

CHANNELS = (20, 36, 56)
INPUTS = 9
KERNELS = {2: 4, 3: 7}
"""Step of the entry and of the exit -> side of their kernels."""


def _layer(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class CoverNet(nn.Module):
    """(N, 9, S, S) -> logit of cover (N, 1, S, S); S is 64 (step 2) or 96 (step 3)."""

    def __init__(self, step: int = 3) -> None:
        super().__init__()
        fine, middle, coarse = CHANNELS
        kernel, padding = KERNELS[step], step - 1
        entry = nn.Conv2d(INPUTS, fine, kernel, stride=step, padding=padding, bias=False)
        self.block = nn.Sequential(entry, nn.BatchNorm2d(fine))
        self.fine = _layer(fine, fine)
        self.middle = nn.Sequential(_layer(fine, middle), _layer(middle, middle))
        self.coarse = nn.Sequential(_layer(middle, coarse), _layer(coarse, coarse))
        self.up_middle = _layer(coarse + middle, middle)
        self.up_fine = _layer(middle + fine, fine)
        self.out = nn.ConvTranspose2d(fine, 1, kernel, stride=step, padding=padding)

    def forward(self, x: Tensor) -> Tensor:
        """Run the net."""
        fine = self.fine(functional.relu(self.block(x)))
        middle = self.middle(functional.max_pool2d(fine, 2))
        x = self.coarse(functional.max_pool2d(middle, 2))
        x = self.up_middle(torch.cat([functional.interpolate(x, scale_factor=2, mode="nearest"), middle], 1))
        x = self.up_fine(torch.cat([functional.interpolate(x, scale_factor=2, mode="nearest"), fine], 1))
        return self.out(x)
