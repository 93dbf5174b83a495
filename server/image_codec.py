"""Bytes -> picture and back: rows 7 to 10 of the contract's order of checks.

The type is judged by content, size and pixel dimensions are read from the header before anything is decoded, and a
file that ends early is refused instead of becoming a half gray picture. Pillow decodes; its three formats are opened
by their own classes, so that no other decoder can be reached by a hostile file.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import BmpImagePlugin, Image, ImageFile, JpegImagePlugin, PngImagePlugin

from quality.face import ImageArray
from server.errors import ApiError

MAX_FILE_BYTES = 4 * 1024 * 1024
"""4 MB; only what is larger is refused (inferred)."""
MIN_SIDE_PX = 256
MAX_SIDE_PX = 4096
"""Bounds of the resolution, inclusive (inferred; the page says "larger than" and "smaller than")."""
JPEG_QUALITY = 95
"""Of the result (inferred: the real service's setting is not known)."""

_PNG_END = b"\x00\x00\x00\x00IEND\xae\x42\x60\x82"
_EXIF_ORIENTATION_TAG = 0x0112
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
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, struct.error, OverflowError)
"""What Pillow raises on damaged files."""


@dataclass(frozen=True, eq=False)
class PictureHeader:
    """A picture whose header was read and whose pixels were not.

    Attributes
    ----------
    size_wh : (int, int)
        Pixels, upright (EXIF orientation applied).
    opened : PIL image, not loaded
    """

    size_wh: tuple[int, int]
    opened: ImageFile.ImageFile


def _opener(content: bytes) -> type[ImageFile.ImageFile] | None:
    """Return Pillow's class for JPEG, PNG or BMP content, else None."""
    if content.startswith(b"\xff\xd8\xff"):
        return JpegImagePlugin.JpegImageFile
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImagePlugin.PngImageFile
    is_bmp = content.startswith(b"BM") and len(content) >= 18
    if is_bmp and int.from_bytes(content[14:18], "little") in _BMP_HEADER_BYTES:
        return BmpImagePlugin.BmpImageFile
    return None


def check_type(content: bytes) -> None:
    """Refuse what is not JPEG, PNG or BMP by its bytes (row 7).

    Raises
    ------
    ApiError
        `UNSUPPORTED_FILE_TYPES`.
    """
    if _opener(content) is None:
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
    opener = _opener(content)
    if opener is None:
        raise ValueError("not a JPEG, PNG or BMP: check_type first")
    if opener is PngImagePlugin.PngImageFile and _PNG_END not in content:
        # Pillow does not mind when only checksums and the end marker are missing.
        raise ApiError("FILE_DECODING_FAILURE", why="the PNG is cut off before its IEND chunk")
    try:
        opened = opener(io.BytesIO(content))
        width, height = opened.size
        turned = _orientation(opened) >= 5
    except _BROKEN as error:
        raise ApiError("FILE_DECODING_FAILURE", why="the header cannot be read") from error
    return PictureHeader((height, width) if turned else (width, height), opened)


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


def decode(header: PictureHeader) -> ImageArray:
    """Decode the pixels.

    Returns
    -------
    ndarray, (H, W, 3) uint8, RGB, read-only
        Upright. Alpha is laid on white, 16-bit is scaled to 8, CMYK and palettes become RGB; colour profiles are
        ignored.

    Raises
    ------
    ApiError
        `FILE_DECODING_FAILURE`: damaged or cut off.
    """
    try:
        header.opened.load()
        picture = _to_rgb(header.opened)
        turn = _TURNS.get(_orientation(header.opened))
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


def _orientation(opened: ImageFile.ImageFile) -> int:
    """EXIF orientation 1..8; 1 where there is none or it is damaged. Never decodes pixels."""
    try:
        if isinstance(opened, PngImagePlugin.PngImageFile) and "exif" not in opened.info:
            return 1  # Pillow would decode the whole picture to look for a late eXIf chunk.
        value = opened.getexif().get(_EXIF_ORIENTATION_TAG, 1)
    except _BROKEN:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _to_rgb(opened: Image.Image) -> Image.Image:
    if opened.mode.startswith("I;16") or opened.mode == "I":
        # Pillow clips 16-bit gray to 255 instead of scaling it.
        return Image.fromarray((np.asarray(opened).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8)).convert(
            "RGB"
        )
    if opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info:
        with_alpha = opened.convert("RGBA")
        on_white = Image.new("RGB", opened.size, "white")
        on_white.paste(with_alpha, mask=with_alpha.getchannel("A"))
        return on_white
    return opened.convert("RGB")
