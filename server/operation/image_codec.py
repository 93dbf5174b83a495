"""Bytes -> picture and back: rows 7 to 10 of the contract's order of checks.

The type is judged by content, size and pixel dimensions are read from the header before anything is decoded
(`picture_header`), and a file that ends early is refused instead of becoming a half gray picture (`missing_data`); a
JPEG that lacks nothing but its end marker is read, as every browser does. Pillow decodes; its three formats are
opened by their own classes, so that no other decoder can be reached by a hostile file.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import BmpImagePlugin, Image, ImageFile, JpegImagePlugin, PngImagePlugin

from quality.face import ImageArray
from server.contract.errors import ApiError
from server.operation.missing_data import JPEG_END, jpeg_lacks_data, png_lacks_data
from server.operation.picture_header import (
    DamagedHeaderError,
    StoredPicture,
    read_bmp_header,
    read_jpeg_header,
    read_png_header,
)

MAX_FILE_BYTES = 4 * 1024 * 1024
"""4 MB; only what is larger is refused (inferred)."""
MIN_SIDE_PX = 256
MAX_SIDE_PX = 4096
"""Bounds of the resolution, inclusive (inferred; the page says "larger than" and "smaller than")."""
BEHIND_TRANSPARENCY = "white"
"""Color that shows through (inferred)."""
JPEG_QUALITY = 95
"""Of the result (inferred: the real service's setting is not known)."""

MAX_JPEG_SCANS = 100
"""A progressive JPEG has about ten scans; 4 MB of nearly empty ones would keep a thread busy for minutes.
libjpeg-turbo advises such a cap. Scans of an embedded preview count too."""

_JPEG_SCAN = b"\xff\xda"
_PNG_END = b"\x00\x00\x00\x00IEND\xae\x42\x60\x82"
_BMP_HEADER_BYTES = (12, 16, 40, 52, 56, 64, 108, 124)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation -> what makes the picture upright (CIPA DC-008, tag 274)."""
_BROKEN = (
    *(OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError, AttributeError),
    *(AssertionError, struct.error, zlib.error, Image.DecompressionBombError),
)
"""What Pillow raises on damaged files."""


@dataclass(frozen=True)
class _Format:
    """How a type of file is read: its head by us, its pixels by one class of Pillow."""

    read_header: Callable[[bytes], StoredPicture]
    opener: type[ImageFile.ImageFile]


_JPEG = _Format(read_jpeg_header, JpegImagePlugin.JpegImageFile)
_PNG = _Format(read_png_header, PngImagePlugin.PngImageFile)
_BMP = _Format(read_bmp_header, BmpImagePlugin.BmpImageFile)


@dataclass(frozen=True, eq=False)
class PictureHeader:
    """A picture whose header was read and whose pixels were not.

    Attributes
    ----------
    size_wh : (int, int)
        Pixels, upright (EXIF orientation applied).
    stored : StoredPicture
    content : bytes
        The whole file.
    """

    size_wh: tuple[int, int]
    stored: StoredPicture
    content: bytes


def _format(content: bytes) -> _Format | None:
    if content.startswith(b"\xff\xd8\xff"):
        return _JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _PNG
    is_bmp = content.startswith(b"BM") and len(content) >= 18
    return _BMP if is_bmp and int.from_bytes(content[14:18], "little") in _BMP_HEADER_BYTES else None


def check_type(content: bytes) -> None:
    """Refuse what is not JPEG, PNG or BMP by its bytes (row 7).

    Raises
    ------
    ApiError
        `UNSUPPORTED_FILE_TYPES`.
    """
    if _format(content) is None:
        raise ApiError("UNSUPPORTED_FILE_TYPES", why="the bytes are not JPEG, PNG or BMP")


def check_file_size(content: bytes) -> None:
    """Refuse files over 4 MB (row 8).

    Raises
    ------
    ApiError
        `FILE_SIZE_EXCEEDS_LIMIT`.
    """
    if len(content) > MAX_FILE_BYTES:
        raise ApiError("FILE_SIZE_EXCEEDS_LIMIT", why=f"{len(content)} bytes, at most {MAX_FILE_BYTES}")


def read_header(content: bytes) -> PictureHeader:
    """Read the dimensions of a file that passed `check_type`.

    Raises
    ------
    ApiError
        `FILE_DECODING_FAILURE`: the header is damaged or a PNG has no end (row 9).
    """
    kind = _format(content)
    if kind is None:
        raise ValueError("not a JPEG, PNG or BMP: check_type first")
    if kind is _PNG and _PNG_END not in content:
        # Pillow does not mind when only checksums and the end marker are missing.
        raise ApiError("FILE_DECODING_FAILURE", why="the PNG is cut off before its IEND chunk")
    try:
        stored = kind.read_header(content)
    except DamagedHeaderError as error:
        raise ApiError("FILE_DECODING_FAILURE", why=str(error)) from error
    except struct.error as error:
        raise ApiError("FILE_DECODING_FAILURE", why="the header is cut off") from error
    return PictureHeader(stored.upright_size_wh, stored, content)


def check_resolution(size_wh: tuple[int, int]) -> None:
    """Refuse pictures outside the documented bounds.

    Raises
    ------
    ApiError
        `FILE_RESOLUTION_EXCEEDS_LIMITS` or `ERROR_LOW_RESOLUTION`.
    """
    why = f"{size_wh[0]}x{size_wh[1]} px"
    if max(size_wh) > MAX_SIDE_PX:
        raise ApiError("FILE_RESOLUTION_EXCEEDS_LIMITS", why=f"{why}, at most {MAX_SIDE_PX}")
    if min(size_wh) < MIN_SIDE_PX:
        raise ApiError("ERROR_LOW_RESOLUTION", why=f"{why}, at least {MIN_SIDE_PX}")


def decode(header: PictureHeader, least_side_px: int | None = None) -> ImageArray:
    """Decode the pixels.

    Parameters
    ----------
    header : PictureHeader
    least_side_px : int, optional
        A smaller picture will do: a JPEG is decoded at a half, a quarter or an eighth, its sides no less than this.

    Returns
    -------
    ndarray, (H, W, 3) uint8, RGB, read-only
        Upright. Alpha is laid on white, 16-bit is scaled to 8, CMYK and palettes become RGB; color profiles are
        ignored.

    Raises
    ------
    ApiError
        `FILE_DECODING_FAILURE`: damaged or cut off.
    """
    kind = _format(header.content)
    if kind is None:
        raise ValueError("not a JPEG, PNG or BMP")
    if kind is _JPEG and header.content.count(_JPEG_SCAN) > MAX_JPEG_SCANS:
        raise ApiError("FILE_DECODING_FAILURE", why=f"more than {MAX_JPEG_SCANS} scans")

    def load(content: bytes) -> Image.Image:
        opened = kind.opener(io.BytesIO(content))
        if opened.size != header.stored.size_wh:
            # What was checked must be what is decoded.
            raise ApiError("FILE_DECODING_FAILURE", why="the header names two sizes")
        if least_side_px is not None:
            opened.draft("RGB", (least_side_px, least_side_px))
        opened.load()
        return opened

    try:
        stored = load(header.content + JPEG_END if kind is _JPEG else header.content)
        if _lacks_data(kind, header.content, stored, load):
            raise ApiError("FILE_DECODING_FAILURE", why="the file holds less of the picture than its header claims")
        picture = _to_rgb(stored)
        turn = _TURNS.get(header.stored.orientation)
        upright = picture.transpose(turn) if turn is not None else picture
    except _BROKEN as error:
        raise ApiError("FILE_DECODING_FAILURE", why="the picture is damaged or cut off") from error
    image = np.asarray(upright)
    image.setflags(write=False)
    return image


def encode_jpeg(image: ImageArray) -> bytes:
    """Encode an (H, W, 3) uint8 RGB picture as JPEG; the same pixels give the same bytes."""
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    return cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), options)[1].tobytes()


def encode_png(image: ImageArray) -> bytes:
    """Encode an (H, W, 3) uint8 RGB picture without loss."""
    return cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))[1].tobytes()


def _lacks_data(kind: _Format, content: bytes, stored: Image.Image, load: Callable[[bytes], Image.Image]) -> bool:
    if kind is _JPEG:
        return jpeg_lacks_data(content, stored, load)
    # Pillow itself finds out when a BMP lacks rows.
    return kind is _PNG and png_lacks_data(content, stored)


def _to_rgb(opened: Image.Image) -> Image.Image:
    if opened.mode.startswith("I;16") or opened.mode == "I":
        # Pillow clips 16-bit gray to 255 instead of scaling it.
        return Image.fromarray((np.asarray(opened).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8)).convert(
            "RGB"
        )
    if opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info:
        with_alpha = opened.convert("RGBA")
        on_white = Image.new("RGB", opened.size, BEHIND_TRANSPARENCY)
        on_white.paste(with_alpha, mask=with_alpha.getchannel("A"))
        return on_white
    return opened if opened.mode == "RGB" else opened.convert("RGB")
