"""A small picture of an upload or a result, for the journal."""

from __future__ import annotations

import cv2

from server.errors import ApiError
from server.image_codec import check_resolution, decode, encode_jpeg, read_header


def thumbnail_jpeg(content: bytes, side_px: int) -> bytes | None:
    """Return a JPEG whose longer side is at most `side_px`; None for what cannot be decoded."""
    try:
        header = read_header(content)
        check_resolution(header.size_wh)
        image = decode(header)
    except (ApiError, ValueError):
        return None
    scale = min(1.0, side_px / max(image.shape[:2]))
    return encode_jpeg(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
