"""Big faces are edited small and brought up: the small picture's warp and color change are applied to the full one.

What is finer than the small picture stays the person's own; there is less or more of it where the edit took some of
the small picture's finest away or added to it.
Scales are fractions 3/q, so that blocks of q full pixels lie exactly on 3 small ones and the full picture can be
worked on in strips, with little memory. The q are 4, 5 and 6 times a power of two, so that most of a reduction is
halving.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.picture.blending import laid_over
from transforms.picture.fine_detail import lost_detail
from transforms.picture.working_size import reduced
from transforms.shape.warp import is_still

WORK_EYES_PX = 120.0
"""The most that the outer corners of the eyes may be apart in what is worked on; reducing leaves 0.75 of it at least.

What is finer than the small picture is the person's own, so that at 120 px nobody sees a difference to 143, in 1.56
times the pixels; at 100 strands grow coarse and hairlines fray. By eye.
"""
_SMALL_BLOCK_PX = 3
_STRIP_PX = 192
_PIECE_BLOCKS, _TILE_PX = 24, 128
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
        touched: ImageArray = np.bitwise_or.reduce(cv2.split(cv2.absdiff(edited, moved)))
        moves: ImageArray = np.zeros_like(touched)
        if field_px is not None:
            moves = (~is_still(field_px)).view(np.uint8)
            touched |= moves
            x, y = cv2.split(field_px * np.float32(1 / self.scale))
        if hung is not None:
            touched |= hung.alpha
        lost = lost_detail(moved, edited)
        if self.scale < _RAISED_SCALE:
            lost = np.maximum(lost, 0)
        finer = (lost != 0).view(np.uint8)
        # Bytes are enlarged and added several times as fast as signed numbers.
        lighter, darker = cv2.subtract(edited, moved), cv2.subtract(moved, edited)
        step = max(_STRIP_PX // self.block_px, 1)
        for start in range(0, moved.shape[0] // _SMALL_BLOCK_PX, step):
            rows = slice(start, min(start + step, moved.shape[0] // _SMALL_BLOCK_PX))
            columns = _reached(touched, rows)
            if columns is None:
                continue
            part = self._full(rows), self._full(columns)
            strip = result[part]
            moving = _reached(moves, rows)
            if field_px is not None and moving is not None:
                across = self._full(slice(moving.start - columns.start, moving.stop - columns.start))
                strip[:, across] = self._warped(image, x, y, rows, moving)
            cv2.add(strip, self._enlarged(lighter, rows, columns), dst=strip)
            cv2.subtract(strip, self._enlarged(darker, rows, columns), dst=strip)
            losing = _reached(finer, rows)
            if losing is not None:
                plain, share = self._enlarged(edited, rows, losing), self._enlarged(lost, rows, losing)
                part = self._full(rows), self._full(losing)
                result[part] = laid_over(result[part], plain, share)
            if hung is not None:
                self._hang(result, hung, rows, columns)

    def _hang(self, result: ImageArray, hung: Hung, rows: slice, columns: slice) -> None:
        # In pieces: between both sides of the hair most of a face has none.
        for start in range(columns.start, columns.stop, _PIECE_BLOCKS):
            some = slice(start, min(start + _PIECE_BLOCKS, columns.stop))
            alpha = self._enlarged(hung.alpha, rows, some)
            if alpha.any():
                part = self._full(rows), self._full(some)
                rgb, left_top_px = self._enlarged(hung.rgb, rows, some), (part[1].start, part[0].start)
                result[part] = hung.over(result[part], rgb, alpha, left_top_px, self.scale)

    def _full(self, blocks: slice) -> slice:
        return slice(blocks.start * self.block_px, blocks.stop * self.block_px)

    def _warped(self, image: ImageArray, x: FloatArray, y: FloatArray, rows: slice, columns: slice) -> ImageArray:
        """Move the pixels of some blocks; what moves by less than a 64th of a pixel stays, as `cv2.remap` rounds."""
        down, across = self._full(rows), self._full(columns)
        x, y = (self._enlarged(plane, rows, columns) for plane in (x, y))
        x += np.arange(across.start, across.stop, dtype=np.float32)
        y += np.arange(down.start, down.stop, dtype=np.float32)[:, None]
        kind = cv2.INTER_LINEAR if self.scale < _FINE_SCALE else cv2.INTER_CUBIC
        return cv2.remap(image, x, y, kind, borderMode=cv2.BORDER_REPLICATE)

    def _enlarged(self, picture: FloatArray, rows: slice, columns: slice) -> FloatArray:
        """Enlarge blocks of the small picture; a block more on each side keeps the interpolation seamless."""
        wide, high = picture.shape[1] // _SMALL_BLOCK_PX, picture.shape[0] // _SMALL_BLOCK_PX
        y0, y1 = max(rows.start - 1, 0), min(rows.stop + 1, high)
        x0, x1 = max(columns.start - 1, 0), min(columns.stop + 1, wide)
        size, block = _SMALL_BLOCK_PX, self.block_px
        part = picture[y0 * size : y1 * size, x0 * size : x1 * size]
        full = cv2.resize(part, ((x1 - x0) * block, (y1 - y0) * block), interpolation=cv2.INTER_LINEAR)
        inner: FloatArray = full[
            (rows.start - y0) * block : (rows.stop - y0) * block,
            (columns.start - x0) * block : (columns.stop - x0) * block,
        ]
        return inner


def _reached(mask: ImageArray, rows: slice) -> slice | None:
    """Return the columns that a mask, (h, w) uint8, reaches in some rows, in blocks: with one more on each side."""
    size = _SMALL_BLOCK_PX
    left, _, width, _ = (
        int(side) for side in cv2.boundingRect(mask[max(rows.start - 1, 0) * size : (rows.stop + 1) * size])
    )
    if not width:
        return None
    return slice(max(left // size - 1, 0), min((left + width - 1) // size + 2, mask.shape[1] // size))


def _hang_in_tiles(result: ImageArray, hung: Hung) -> None:
    """Hang it before the small picture itself, in place: tiles that have none of it are skipped."""
    left, top, width, height = (int(side) for side in cv2.boundingRect(hung.alpha))
    for y, x in itertools.product(range(top, top + height, _TILE_PX), range(left, left + width, _TILE_PX)):
        part = slice(y, min(y + _TILE_PX, top + height)), slice(x, min(x + _TILE_PX, left + width))
        if hung.alpha[part].any():
            result[part] = hung.over(result[part], hung.rgb[part], hung.alpha[part], (x, y), 1.0)
