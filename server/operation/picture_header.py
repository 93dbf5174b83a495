"""Size and orientation of a JPEG, PNG or BMP from its first bytes, in bounded time: no decoder, no pixel.

This runs on the event loop before anything of a file is trusted. Pillow's openers walk every metadata block in
Python, so a file of a million empty blocks would hold all other calls for seconds; here a file with more blocks than
any camera or editor writes is damaged.

Sources: ITU-T T.81 (JPEG markers), ISO/IEC 15948 (PNG chunks), BITMAPINFOHEADER, CIPA DC-008 (Exif in TIFF).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

MAX_METADATA_BLOCKS = 1000
"""Segments of a JPEG before its first scan, or chunks of a PNG before its pixels; real photos have under 100."""

_MARKER = re.compile(rb"\xff[^\x00\xff]", re.DOTALL)
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_APP1, _START_OF_SCAN = 0xE1, 0xDA
_EXIF = b"Exif\0\0"
_ORIENTATION_TAG = 0x0112
_TIFF_BYTE_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_TIFF_INTEGERS = {3: "H", 4: "I"}
"""SHORT and LONG."""
_BMP_CORE_HEADER_BYTES = 12


class DamagedHeaderError(ValueError):
    """The file's head cannot be read; the text says why, for people."""


@dataclass(frozen=True)
class StoredPicture:
    """What the head of a file says.

    Attributes
    ----------
    size_wh : (int, int)
        Pixels, as stored: not yet turned.
    orientation : int
        EXIF orientation 1..8; 1 where there is none or it is damaged.
    """

    size_wh: tuple[int, int]
    orientation: int = 1

    @property
    def upright_size_wh(self) -> tuple[int, int]:
        """Pixels once the orientation is applied."""
        width, height = self.size_wh
        return (height, width) if self.orientation >= 5 else (width, height)


def read_jpeg_header(content: bytes) -> StoredPicture:
    """Read a JPEG's segments up to its first scan.

    Raises
    ------
    DamagedHeaderError, struct.error
        Damaged; cut off.
    """
    size_wh: tuple[int, int] | None = None
    orientation: int | None = None
    position = 2
    for _ in range(MAX_METADATA_BLOCKS):
        found = _MARKER.search(content, position)
        if found is None:
            raise DamagedHeaderError("the JPEG has no picture")
        marker, position = found[0][1], found.end()
        if marker in _WITHOUT_LENGTH:
            continue
        if marker == _START_OF_SCAN and size_wh is not None:
            return StoredPicture(size_wh, orientation or 1)
        (length,) = struct.unpack_from(">H", content, position)
        if marker in _START_OF_FRAME:
            height, width = struct.unpack_from(">HH", content, position + 3)
            size_wh = (width, height)
        elif marker == _APP1 and orientation is None and content.startswith(_EXIF, position + 2):
            orientation = exif_orientation(content[position + 2 : position + length])
        position += length
    raise DamagedHeaderError(f"more than {MAX_METADATA_BLOCKS} segments before the picture")


def read_png_header(content: bytes) -> StoredPicture:
    """Read a PNG's chunks up to its pixels.

    Raises
    ------
    DamagedHeaderError, struct.error
        Damaged; cut off.
    """
    kind, width, height = struct.unpack_from(">4sII", content, 12)
    if kind != b"IHDR":
        raise DamagedHeaderError("the PNG does not begin with IHDR")
    orientation = 1
    position = 8
    for _ in range(MAX_METADATA_BLOCKS):
        length, kind = struct.unpack_from(">I4s", content, position)
        if kind in (b"IDAT", b"IEND"):
            return StoredPicture((width, height), orientation)
        if kind == b"eXIf":
            orientation = exif_orientation(content[position + 8 : position + 8 + length])
        position += 12 + length
    raise DamagedHeaderError(f"more than {MAX_METADATA_BLOCKS} chunks before the picture")


def read_bmp_header(content: bytes) -> StoredPicture:
    """Read a BMP's size; rows from top to bottom are stored with a negative height.

    Raises
    ------
    DamagedHeaderError, struct.error
        Damaged; cut off.
    """
    (header_bytes,) = struct.unpack_from("<I", content, 14)
    width, height = struct.unpack_from("<HH" if header_bytes == _BMP_CORE_HEADER_BYTES else "<ii", content, 18)
    if width < 0:
        raise DamagedHeaderError("the BMP has a negative width")
    return StoredPicture((width, abs(height)))


def exif_orientation(block: bytes) -> int:
    """Return the orientation in an Exif block, a TIFF file; 1 where it has none or is damaged."""
    tiff = block.removeprefix(_EXIF)
    order = _TIFF_BYTE_ORDERS.get(tiff[:4])
    if order is None:
        return 1
    try:
        (first,) = struct.unpack_from(order + "I", tiff, 4)
        (entries,) = struct.unpack_from(order + "H", tiff, first)
        for entry in range(first + 2, first + 2 + 12 * entries, 12):
            tag, kind, count = struct.unpack_from(order + "HHI", tiff, entry)
            if tag == _ORIENTATION_TAG and kind in _TIFF_INTEGERS and count == 1:
                (value,) = struct.unpack_from(order + _TIFF_INTEGERS[kind], tiff, entry + 8)
                return int(value) if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1
