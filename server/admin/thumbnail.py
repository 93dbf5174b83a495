"""Small pictures of uploads and results, for the journal: each made once, however many pages show it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import cv2
from starlette.concurrency import run_in_threadpool

from server.contract.errors import ApiError
from server.operation.image_codec import check_resolution, decode, encode_jpeg, read_header

MOST_KEPT = 400


class Thumbnails:
    """The last thumbnails by digest and size. Used from the event loop only."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, int], asyncio.Future[bytes | None]] = OrderedDict()

    async def of(self, digest: str, content: bytes, side_px: int) -> bytes | None:
        """Return `thumbnail_jpeg` of a picture with this digest."""
        key = (digest, side_px)
        if key not in self._made:
            self._made[key] = asyncio.ensure_future(run_in_threadpool(thumbnail_jpeg, content, side_px))
            while len(self._made) > MOST_KEPT:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        return await asyncio.shield(self._made[key])

    def clear(self) -> None:
        """Forget everything."""
        self._made.clear()


def thumbnail_jpeg(content: bytes, side_px: int) -> bytes | None:
    """Return a JPEG whose longer side is at most `side_px`; None for what cannot be decoded."""
    try:
        header = read_header(content)
        check_resolution(header.size_wh)
        image = decode(header, least_side_px=side_px)
    except (ApiError, ValueError):
        return None
    scale = min(1.0, side_px / max(image.shape[:2]))
    size_wh = (max(round(image.shape[1] * scale), 1), max(round(image.shape[0] * scale), 1))
    return encode_jpeg(cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA))
