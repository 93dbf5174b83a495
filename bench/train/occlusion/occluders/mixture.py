"""What covers a face in the samples, and how often."""

from __future__ import annotations

import numpy as np

from bench.train.occlusion.occluders.glasses import photo_sunglasses, sunglasses
from bench.train.occlusion.occluders.hair import curtain, hair
from bench.train.occlusion.occluders.hands import drawn_hand, photo_hand
from bench.train.occlusion.occluders.lower_face import drawn_mask, photo_mask, scarf
from bench.train.occlusion.occluders.patches import blob, card, held_object, region_card, scribble
from bench.train.occlusion.occluders.scene import Cover, Occluder, Scene


def mask_and_sunglasses(rng: np.random.Generator, scene: Scene) -> Cover:
    """Wear both: hardly any skin is left to compare with."""
    lower = (photo_mask, drawn_mask, scarf)[rng.integers(3)]
    upper = (sunglasses, photo_sunglasses)[rng.integers(2)]
    below, colors_below = lower(rng, scene)
    above, colors_above = upper(rng, scene)
    above, below = np.clip(above, 0, 1), np.clip(below, 0, 1)
    colors = colors_below + (colors_above - colors_below) * above[..., None]
    return np.maximum(below, above), colors.astype(np.float32)


OCCLUDERS: dict[str, tuple[Occluder, float]] = {
    "photo_mask": (photo_mask, 0.08),
    "drawn_mask": (drawn_mask, 0.06),
    "scarf": (scarf, 0.07),
    "sunglasses": (sunglasses, 0.08),
    "photo_sunglasses": (photo_sunglasses, 0.04),
    "photo_hand": (photo_hand, 0.15),
    "drawn_hand": (drawn_hand, 0.09),
    "hair": (hair, 0.06),
    "curtain": (curtain, 0.05),
    "card": (card, 0.07),
    "region_card": (region_card, 0.13),
    "blob": (blob, 0.05),
    "scribble": (scribble, 0.05),
    "held_object": (held_object, 0.02),
    "mask_and_sunglasses": (mask_and_sunglasses, 0.06),
}
"""Name -> function and share."""
