"""Whether a decoder filled in pixels that the file does not hold: rows that only the header claims, a cut off end.

libjpeg fills them with gray and PNG decoders leave them black; Pillow passes the warnings of neither on. The answer
comes from what the decoder really made of the file. Nearly all files are cleared by a look at two pixels or at the
list of scans; only one that looks like a file with missing data is decoded a second time, with bytes put in where
each scan's data ends: a decoder that wanted more takes them and gives other pixels, one that had everything skips
them (ITU-T T.81, B.1.1.2 and B.1.1.5).

What goes unseen: less than two blocks of a JPEG, or the end of the finest scan of a progressive one that has its end
marker. No pixel of those is gray.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageChops

JPEG_END = b"\xff\xd9"

_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
"""What ends a scan's data: any marker but a restart (RST0..RST7)."""
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE_FRAMES = frozenset({0xC2, 0xCA})
_START_OF_SCAN, _END = 0xDA, 0xD9
_MOST_MARKERS = 2000
_EVERY_COEFFICIENT = 2**64 - 1

_FILLED_LEVELS = {127, 128}
"""Gray that libjpeg fills with; 127 in inverted CMYK."""
_PADDING = b"".join(bytes(range(37, 251, 3)) + bytes((0xFF, marker)) for marker in range(0xD0, 0xD8))
"""Bits that cannot pass for blocks without detail, and every restart marker that a decoder may wait for."""

_PNG_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Adam7: first column, first row, step between columns, step between rows (ISO/IEC 15948, 8.2)."""
_PNG_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Color type -> samples a pixel."""
_INFLATED_BYTES = 1 << 16


@dataclass(frozen=True)
class _Scans:
    """A JPEG's list of scans.

    Attributes
    ----------
    ends : tuple of int
        Where each scan's data ends.
    is_ended : bool
        There is an end marker.
    is_unfinished : bool
        No scan brings some coefficient to full precision; lawful, but rare.
    is_by_component : bool
        Sequential in several scans, the last of which need not show in the picture's last pixel.
    """

    ends: tuple[int, ...]
    is_ended: bool
    is_unfinished: bool
    is_by_component: bool


def jpeg_lacks_data(content: bytes, picture: Image.Image, decode: Callable[[bytes], Image.Image]) -> bool:
    """Return whether pixels of a decoded JPEG are not from its file.

    Parameters
    ----------
    content : bytes
        The file.
    picture : PIL.Image.Image
        The file with `JPEG_END` after it, decoded, in the file's own mode.
    decode : callable
        What decoded it.
    """
    scans = _scans(content)
    if scans.is_unfinished and not scans.is_ended:
        return True  # Cut off, though perhaps just where a scan ends.
    if scans.is_ended and not (scans.is_unfinished or scans.is_by_component or _is_filled(picture)):
        return False
    pieces = [content[first:end] for first, end in zip((0, *scans.ends), (*scans.ends, None), strict=True)]
    padded = decode(_PADDING.join(pieces) + JPEG_END)
    return ImageChops.difference(picture, padded).getbbox(alpha_only=False) is not None


def png_lacks_data(content: bytes, picture: Image.Image) -> bool:
    """Return whether rows of a decoded PNG are not from its file.

    Parameters
    ----------
    content : bytes
        The file.
    picture : PIL.Image.Image
        The same, decoded, in the file's own mode.
    """
    width, height = picture.size
    if picture.crop((0, height - 2, width, height)).getbbox(alpha_only=False) is not None:
        return False  # With interlacing the last row but one may be the last that is stored.
    return not _inflates_to(content, _raster_bytes(content))


def _is_filled(picture: Image.Image) -> bool:
    last = picture.getpixel((picture.width - 1, picture.height - 1))
    return set(last if isinstance(last, tuple) else (last,)) <= _FILLED_LEVELS


def _scans(content: bytes) -> _Scans:
    ends: list[int] = []
    is_ended = is_progressive = False
    missing: dict[int, int] = {}
    position = 2
    for _ in range(_MOST_MARKERS):
        found = _NEXT_MARKER.search(content, position)
        if found is None or found[0][-1] == _END:
            is_ended = found is not None
            break
        marker, position = found[0][-1], found.end()
        segment = content[position + 2 : position + int.from_bytes(content[position : position + 2], "big")]
        position += 2 + len(segment)
        if marker in _START_OF_FRAME:
            is_progressive = marker in _PROGRESSIVE_FRAMES
            missing = dict.fromkeys(segment[6::3], _EVERY_COEFFICIENT)
        elif marker == _START_OF_SCAN and len(segment) >= 4:
            found = _NEXT_MARKER.search(content, position)
            position = found.start() if found else len(content)
            ends.append(_without_fill(content, position))
            first, last, low_bit = segment[-3], segment[-2], segment[-1] & 15
            if low_bit == 0:
                brought = (1 << (last + 1)) - (1 << first)
                for component in segment[1:-3:2]:
                    missing[component] = missing.get(component, 0) & ~brought
    return _Scans(tuple(ends), is_ended, any(missing.values()), not is_progressive and len(ends) > 1)


def _without_fill(content: bytes, end: int) -> int:
    """Return where the fill bytes begin that may precede a marker (T.81, B.1.1.2)."""
    while content[end - 1] == 0xFF:
        end -= 1
    return end


def _raster_bytes(content: bytes) -> int:
    """Return how many bytes a PNG's rows have before compression."""
    width, height, depth, color, _, _, interlace = struct.unpack_from(">IIBBBBB", content, 16)
    bits = depth * _PNG_SAMPLES.get(color, 0)
    total = 0
    for left, top, step_x, step_y in _PNG_PASSES if interlace else ((0, 0, 1, 1),):
        columns, rows = -(-(width - left) // step_x), -(-(height - top) // step_y)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


def _inflates_to(content: bytes, wanted_bytes: int) -> bool:
    """Return whether a PNG's pixel data gives at least so many bytes; what it gives beyond them is not looked at."""
    inflate, missing, position = zlib.decompressobj(), wanted_bytes, 8
    while missing > 0 and position + 8 <= len(content) and not inflate.eof:
        length, kind = struct.unpack_from(">I4s", content, position)
        data = content[position + 8 : position + 8 + length] if kind == b"IDAT" else b""
        while data and missing > 0 and not inflate.eof:
            missing -= len(inflate.decompress(data, _INFLATED_BYTES))
            data = inflate.unconsumed_tail
        position += 12 + length
    return missing <= 0
