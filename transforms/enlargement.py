"""Big faces are edited small and brought up: the small picture's warp and color change are applied to the full one.

What is finer than the small picture stays the person's own; there is less or more of it where the edit took some of
the small picture's finest away or added to it.
Scales are fractions 3/q, so that blocks of q full pixels lie exactly on 3 small ones and the full picture can be
worked on in tiles, with little memory. The q are 4, 5 and 6 times a power of two, so that most of a reduction is
halving.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.picture.blending import laid_over
from transforms.picture.bounds import bounds
from transforms.picture.fine_detail import lost_detail
from transforms.picture.working_size import reduced
from transforms.shape.warp import is_still

WORK_EYES_PX = 120.0
"""The most that the outer corners of the eyes may be apart in what is worked on; reducing leaves 0.75 of it at least.

What is finer than the small picture is the person's own, so that at 120 px nobody sees a difference to 143, in 1.56
times the pixels; at 100 strands grow coarse and hairlines fray. By eye.
"""
_SMALL_BLOCK_PX = 3
_TILE_PX, _TILE_RATIO, _LEAST_BLOCKS = 128, 2, 10
"""Height of what is worked on at once, its width by its height, and blocks down it at least: one more all around is
enlarged with them."""
_FINE_SCALE = 0.5
"""Below this scale the full picture is finer than needed: linear interpolation does, in a third of the time."""

_RAISED_SCALE = 0.25
"""Below this scale finer detail is pores and grain, which age changes little: it gets no more contrast."""


class Hung(Protocol):
    """Something that hangs before a picture: `transforms.long_hair.hung_hair.HungHair`, and stubble."""

    @property
    def rgb(self) -> ImageArray:
        """Its color in the small picture, (h, w, 3) uint8."""

    @property
    def alpha(self) -> ImageArray:
        """How much of a pixel it covers there, (h, w) uint8."""

    def no_sharper(self, sigma_px: float, finest_px: float) -> Hung:
        """Return it as blurred as the small picture by `transforms.picture.defocus`, and as fine as the full one."""

    def only_where(self, free: FloatArray) -> Hung:
        """Return it only where a mask, (h, w) 0..1, has room for it."""

    def over(
        self, behind: ImageArray, rgb: ImageArray, alpha: ImageArray, left_top_px: tuple[int, int], scale: float
    ) -> ImageArray:
        """Hang it before a piece of the full picture."""


@dataclass(frozen=True)
class Enlargement:
    """How the small picture and the full one lie on each other.

    Attributes
    ----------
    block_px : int
        Full pixels on `_SMALL_BLOCK_PX` small ones; both sides of a full picture must be multiples of it.
        1 means that nothing is reduced.
    """

    block_px: int

    @classmethod
    def for_eyes(cls, eyes_px: float) -> Enlargement:
        """Choose the scale for a distance of the eyes' outer corners."""
        if eyes_px <= WORK_EYES_PX:
            return cls(1)
        block_px = _SMALL_BLOCK_PX * eyes_px / WORK_EYES_PX
        halvings = max(math.floor(math.log2(block_px / _SMALL_BLOCK_PX)), 0)
        return cls(math.ceil(block_px / 2**halvings) * 2**halvings)

    @property
    def scale(self) -> float:
        """Small pixels in a full pixel, at most 1."""
        return 1.0 if self.block_px == 1 else _SMALL_BLOCK_PX / self.block_px

    def reduced(self, image: ImageArray) -> ImageArray:
        """Return the small picture, or the picture itself."""
        if self.block_px == 1:
            return image
        blocks_high, blocks_wide = image.shape[0] // self.block_px, image.shape[1] // self.block_px
        size_wh = (blocks_wide * _SMALL_BLOCK_PX, blocks_high * _SMALL_BLOCK_PX)
        return reduced(image, size_wh)

    def bring_up(
        self,
        result: ImageArray,
        image: ImageArray,
        moved: ImageArray,
        edited: ImageArray,
        field_px: FloatArray | None,
        hung: Hung | None = None,
    ) -> None:
        """Apply to the full picture what was done to the small one.

        Parameters
        ----------
        result : ndarray, (H, W, 3) uint8
            A copy of `image`, changed in place; it stays bit-equal where nothing was changed.
        image : ndarray, (H, W, 3) uint8
            The full picture.
        moved, edited : ndarray, (h, w, 3) uint8
            The small picture after the warp, and after the color changes.
        field_px : ndarray, (h, w, 2) float32, or None
            The warp in small pixels.
        hung : Hung or None
            Something new that is to hang before the result: what is behind it is hidden, as fine as it was.
        """
        if self.block_px == 1:
            result[:] = edited
            if hung is not None:
                _hang_in_tiles(result, hung)
            return
        changed: ImageArray = np.bitwise_or.reduce(cv2.split(cv2.absdiff(edited, moved)))
        moves: ImageArray = np.zeros_like(changed)
        if field_px is not None:
            moves = (~is_still(field_px)).view(np.uint8)
            x, y = self._sources(field_px)
        lost = lost_detail(moved, edited)
        if self.scale < _RAISED_SCALE:
            lost = np.maximum(lost, 0)
        finer = (lost != 0).view(np.uint8)
        # Bytes are enlarged and added several times as fast as signed numbers.
        lighter, darker = cv2.subtract(edited, moved), cv2.subtract(moved, edited)
        for tile in self._tiles(moved):
            moving = _reached(moves, tile)
            if field_px is not None and moving is not None:
                result[self._full(moving)] = self._warped(image, x, y, moving)
            changing = _reached(changed, tile)
            if changing is not None:
                part = result[self._full(changing)]
                cv2.add(part, self._enlarged(lighter, changing), dst=part)
                cv2.subtract(part, self._enlarged(darker, changing), dst=part)
            losing = _reached(finer, tile)
            if losing is not None:
                part = result[self._full(losing)]
                part[:] = laid_over(part, self._enlarged(edited, losing), self._enlarged(lost, losing))
            hanging = _reached(hung.alpha, tile) if hung is not None else None
            if hung is not None and hanging is not None:
                down, across = self._full(hanging)
                part = result[down, across]
                rgb, alpha = self._enlarged(hung.rgb, hanging), self._enlarged(hung.alpha, hanging)
                part[:] = hung.over(part, rgb, alpha, (across.start, down.start), self.scale)

    def _tiles(self, picture: ImageArray) -> Iterator[tuple[slice, slice]]:
        """Return rows and columns of one tile of the small picture after the other, in blocks."""
        high, wide = (side // _SMALL_BLOCK_PX for side in picture.shape[:2])
        step = max(_TILE_PX // self.block_px, _LEAST_BLOCKS)
        for y, x in itertools.product(range(0, high, step), range(0, wide, _TILE_RATIO * step)):
            yield slice(y, min(y + step, high)), slice(x, min(x + _TILE_RATIO * step, wide))

    def _full(self, blocks: tuple[slice, slice]) -> tuple[slice, slice]:
        rows, columns = (slice(side.start * self.block_px, side.stop * self.block_px) for side in blocks)
        return rows, columns

    def _sources(self, field_px: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return where small pixels come from in the full picture, (h, w) float32 each, a block more all around."""
        margin = _SMALL_BLOCK_PX
        field = cv2.copyMakeBorder(field_px, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
        x, y = (np.asarray(plane, np.float32) for plane in cv2.split(field))
        for plane, ramp in ((x, np.arange(field.shape[1])), (y, np.arange(field.shape[0])[:, None])):
            plane += ramp.astype(np.float32) + np.float32(0.5 - margin)
            plane *= np.float32(1 / self.scale)
            plane -= np.float32(0.5)
        return x, y

    def _warped(self, image: ImageArray, x: FloatArray, y: FloatArray, blocks: tuple[slice, slice]) -> ImageArray:
        """Move the pixels of some blocks; what moves by less than a 64th of a pixel stays, as `cv2.remap` rounds."""
        rows, columns = (slice(side.start + 1, side.stop + 1) for side in blocks)
        x, y = (self._enlarged(plane, (rows, columns)) for plane in (x, y))
        kind = cv2.INTER_LINEAR if self.scale < _FINE_SCALE else cv2.INTER_CUBIC
        return cv2.remap(image, x, y, kind, borderMode=cv2.BORDER_REPLICATE)

    def _enlarged(self, picture: FloatArray, blocks: tuple[slice, slice]) -> FloatArray:
        """Enlarge blocks of the small picture; a block more on each side keeps the interpolation seamless."""
        size, block = _SMALL_BLOCK_PX, self.block_px
        (y0, y1), (x0, x1) = (
            (max(side.start - 1, 0), min(side.stop + 1, whole // size))
            for side, whole in zip(blocks, picture.shape, strict=False)
        )
        part = picture[y0 * size : y1 * size, x0 * size : x1 * size]
        full = cv2.resize(part, ((x1 - x0) * block, (y1 - y0) * block), interpolation=cv2.INTER_LINEAR)
        rows, columns = self._full(
            (slice(blocks[0].start - y0, blocks[0].stop - y0), slice(blocks[1].start - x0, blocks[1].stop - x0))
        )
        inner: FloatArray = full[rows, columns]
        return inner


def _reached(mask: ImageArray, tile: tuple[slice, slice]) -> tuple[slice, slice] | None:
    """Return the blocks of a tile that a mask, (h, w) uint8, reaches, or reaches beside them; None for none."""
    size = _SMALL_BLOCK_PX
    top, left = (max(side.start - 1, 0) for side in tile)
    found = bounds(mask[top * size : (tile[0].stop + 1) * size, left * size : (tile[1].stop + 1) * size])
    if found is None:
        return None
    rows, columns = (
        slice(max(first + part.start // size - 1, side.start), min(first - (-part.stop // size) + 1, side.stop))
        for first, part, side in zip((top, left), found, tile, strict=True)
    )
    return (rows, columns) if rows.start < rows.stop and columns.start < columns.stop else None


def _hang_in_tiles(result: ImageArray, hung: Hung) -> None:
    """Hang it before the small picture itself, in place: tiles that have none of it are skipped."""
    left, top, width, height = (int(side) for side in cv2.boundingRect(hung.alpha))
    for y, x in itertools.product(range(top, top + height, _TILE_PX), range(left, left + width, _TILE_PX)):
        part = slice(y, min(y + _TILE_PX, top + height)), slice(x, min(x + _TILE_PX, left + width))
        if hung.alpha[part].any():
            result[part] = hung.over(result[part], hung.rgb[part], hung.alpha[part], (x, y), 1.0)
