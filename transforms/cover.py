"""What covers a face must stay: how much of a part of it is free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from quality.face import FloatArray
from quality.regions import region_masks
from transforms.picture.ramp import ramp

MASKED_RATIO, HELD_RATIO = 0.85, 0.5
"""Masks cover more of mouth or chin, hands less of both: beside a hand each pixel of the face tells for itself, but
below a chin it cannot be told what is beard and what the chin rests on."""


class Cover(Protocol):
    """What covers a face: `quality.occlusion.CoverMap`."""

    @property
    def ratio(self) -> FloatArray:
        """(S, S) float32 in `canonical_frame(S)`, 1 = covered."""


def uncovered_ratio(cover: Cover | None, regions: Sequence[str], most_ratio: float) -> float:
    """Return 0 where more than a ratio of one of these regions is covered .. 1 where they are free.

    Parameters
    ----------
    cover : Cover or None
        None for nothing.
    regions : sequence of str
        Keys of `quality.regions.region_masks`.
    most_ratio : float
        From 0.15 below it on the result falls.
    """
    if cover is None:
        return 1.0
    masks = region_masks(cover.ratio.shape[0])
    covered = max(float(cover.ratio[masks[name]].mean()) for name in regions)
    return ramp(covered, most_ratio, most_ratio - 0.15)
