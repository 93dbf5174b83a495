"""Hair hung before a picture of any size, with strands as fine as the picture shows anything.

What a hairdo's portrait shows of its strands is as coarse as that portrait. Finer ones are drawn along the same run
(`bench/train/hairdo.py`, `strands`) and laid where the coarse ones are: over their light, and over the outline, which
without them would be as soft as an enlarged picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.picture.blending import laid_by_bytes
from transforms.picture.defocus import missing_sigma_px

_BLACK = 14
"""So much is added to a color before its light changes and taken off after: black strands shine too. By eye."""
_STEEPER, _FRAYED = 1.2, 0.55
"""How much steeper the outline becomes in a sharp picture, and how far strands move it, in all of that. By eye."""
_NEEDED = (0.2, 0.5), (0.3, 1.0)
"""How much of both is needed, by the full pixels in a pixel of the fine strands: a face of 150 px, and one of 380."""
_DRAWN = 0.8
"""Fine pixels in a drawn one, at least."""
NEAR, _ROOM = 4, 64
"""How much hair there is at least within the reach of single hairs, of 255; and times what that is all the room that
they need."""
_FLAGS = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


@dataclass(frozen=True, eq=False)
class StrandMap:
    """Where fine strands lie in a small picture.

    Attributes
    ----------
    fine : tuple of ndarray, (h, w) uint8
        128 and more where a strand is light; each half the size of the one before.
    single : tuple of ndarray, uint8
        How much of a pixel single hairs cover that stand off, 0..255, as large, and `margin_px` more on each side.
    margin_px : int
    nodes : ndarray, (n, m, 2) float32
        x and y in `fine[0]` of the nodes of a grid.
    left_top_px, node_px : tuple of float
        The first node in the small picture, and the distance from one to the next; x, y.
    fine_per_px : float
        Pixels of `fine[0]` in a small one.
    """

    fine: tuple[ImageArray, ...]
    single: tuple[ImageArray, ...]
    margin_px: int
    nodes: FloatArray
    left_top_px: tuple[float, float]
    node_px: tuple[float, float]
    fine_per_px: float

    def drawn(
        self, first: tuple[float, float], step: tuple[float, float], size_wh: tuple[int, int], with_single: bool
    ) -> tuple[ImageArray, ImageArray | None]:
        """Draw what lies under pixels `step` small ones apart, the first one at `first`: strands and single hairs."""
        level = min(round(math.log2(max(self.fine_per_px * min(step), 1.0))), len(self.fine) - 1)
        to_nodes = np.array(
            [
                [step[0] / self.node_px[0], 0, (first[0] - self.left_top_px[0]) / self.node_px[0]],
                [0, step[1] / self.node_px[1], (first[1] - self.left_top_px[1]) / self.node_px[1]],
            ]
        )
        at = cv2.warpAffine(self.nodes, to_nodes, size_wh, flags=_FLAGS, borderMode=cv2.BORDER_REPLICATE)
        if level:
            at = (at + np.float32(0.5)) * np.float32(0.5**level) - np.float32(0.5)
        nothing = np.empty(0, np.float32)
        fine = cv2.remap(self.fine[level], at, nothing, cv2.INTER_LINEAR, borderValue=128)
        if not with_single:
            return np.asarray(fine, np.uint8), None
        at = at + np.float32(self.margin_px * 0.5**level)
        single = cv2.remap(self.single[level], at, nothing, cv2.INTER_LINEAR, borderValue=0)
        return np.asarray(fine, np.uint8), np.asarray(single, np.uint8)


@dataclass(frozen=True, eq=False)
class HungHair:
    """Hair before a picture, described on it or on a reduced copy of it (small pixels).

    Attributes
    ----------
    rgb : ndarray, (h, w, 3) uint8
        Its color, also where little of it is seen.
    alpha : ndarray, (h, w) uint8
        How much of a pixel it covers, 0..255.
    strands : StrandMap
    depth : float
        How far the fine strands change the light; 0 for a picture that shows none.
    finest_px : float
        Width of the finest that the full picture shows, full pixels.
    """

    rgb: ImageArray
    alpha: ImageArray
    strands: StrandMap
    depth: float
    finest_px: float = 1.0

    def no_sharper(self, sigma_px: float, finest_px: float) -> HungHair:
        """Return it as blurred as the small picture by `transforms.picture.defocus`, and as fine as the full one."""
        missing_px = missing_sigma_px(sigma_px)
        if not missing_px:
            return replace(self, finest_px=finest_px)
        rgb, alpha = (cv2.GaussianBlur(plane, (0, 0), missing_px) for plane in (self.rgb, self.alpha))
        return replace(self, rgb=rgb, alpha=alpha, finest_px=finest_px)

    def only_where(self, free: FloatArray) -> HungHair:
        """Return it only where a mask, (h, w) 0..1, has room for it."""
        return replace(self, alpha=(self.alpha * free).astype(np.uint8))

    def over(
        self, behind: ImageArray, rgb: ImageArray, alpha: ImageArray, left_top_px: tuple[int, int], scale: float
    ) -> ImageArray:
        """Hang it before a piece of the full picture.

        Parameters
        ----------
        behind : ndarray, (H, W, 3) uint8
        rgb, alpha : ndarray, (H, W, 3) and (H, W) uint8
            This piece of `self.rgb` and `self.alpha`, enlarged.
        left_top_px : tuple of int
            Where it lies in the full picture.
        scale : float
            Small pixels in a full one, at most 1.

        Returns
        -------
        ndarray, (H, W, 3) uint8
        """
        # The portrait's own strands are fine enough for a small face.
        needed = float(np.interp(1 / (scale * self.strands.fine_per_px), *_NEEDED))
        depth = self.depth * needed
        if depth:
            # Within the hair nothing is to be seen behind it.
            is_within = int(alpha.min()) == 255
            strands, single = self._fine(left_top_px, scale, (rgb.shape[1], rgb.shape[0]), not is_within)
            light = cv2.convertScaleAbs(strands, alpha=depth, beta=128 * (1 - depth))
            black = np.full_like(rgb, _BLACK)
            rgb = cv2.multiply(cv2.add(rgb, black), cv2.cvtColor(light, cv2.COLOR_GRAY2RGB), scale=1 / 128)
            rgb = np.asarray(cv2.subtract(rgb, black), np.uint8)
            if single is None:
                return rgb
            # Where there is no room for hair, as before another face, none is to stand off either.
            room = cv2.convertScaleAbs(alpha, alpha=_ROOM)
            steeper = 1 + _STEEPER * needed / max(self.finest_px, 1.0) ** 1.5
            frayed = _FRAYED * (steeper - 1)
            alpha = cv2.addWeighted(alpha, steeper, strands, frayed, 127.5 * (1 - steeper) - 128 * frayed)
            alpha = cv2.max(alpha, cv2.min(single, room))
        return laid_by_bytes(behind, rgb, alpha)

    def _fine(
        self, left_top_px: tuple[int, int], scale: float, size_wh: tuple[int, int], with_single: bool
    ) -> tuple[ImageArray, ImageArray | None]:
        # Finer than they are themselves they need not be drawn.
        step = max(self.finest_px, _DRAWN / (scale * self.strands.fine_per_px), 1.0)
        drawn_wh = (math.ceil(size_wh[0] / step), math.ceil(size_wh[1] / step))
        step_x, step_y = size_wh[0] / drawn_wh[0], size_wh[1] / drawn_wh[1]
        # Centers of pixels are whole numbers.
        first = ((left_top_px[0] + 0.5 * step_x) * scale - 0.5, (left_top_px[1] + 0.5 * step_y) * scale - 0.5)
        strands, single = self.strands.drawn(first, (step_x * scale, step_y * scale), drawn_wh, with_single)
        if drawn_wh != size_wh:
            strands = np.asarray(cv2.resize(strands, size_wh), np.uint8)
            single = np.asarray(cv2.resize(single, size_wh), np.uint8) if single is not None else None
        return strands, single
