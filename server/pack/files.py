"""Files at the bounds of what is accepted: size, resolution, type, damage."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image

from server.operation.image_codec import MAX_FILE_BYTES, MAX_SIDE_PX, MIN_SIDE_PX
from server.pack.faces import jpeg
from server.pack.picture import SUCCESS, PackPicture, always
from transforms.specimen.identity import identity
from transforms.specimen.photograph import photograph
from transforms.specimen.scene import draw_scene

_BOMB_SIDE_PX = 20_000
_COMMENT_BYTES = 65_533
"""Most that a JPEG comment segment can hold."""


def file_pictures(seed: int) -> Iterator[PackPicture]:
    """Draw the files; every one is answered alike at all levels."""
    scene = draw_scene(identity(seed, "woman_30"))
    picture = Image.fromarray(photograph(scene).image)
    for side in (MIN_SIDE_PX - 1, MIN_SIDE_PX):
        small = photograph(scene, (side, 300), scale=0.6).image
        code = "ERROR_LOW_RESOLUTION" if side < MIN_SIDE_PX else SUCCESS
        yield PackPicture(f"side_{side}.jpg", jpeg(small), f"{side} px wide", always(code))
    for side in (MAX_SIDE_PX, MAX_SIDE_PX + 1):
        wide = photograph(scene, (side, 320), scale=0.6).image
        code = "FILE_RESOLUTION_EXCEEDS_LIMITS" if side > MAX_SIDE_PX else SUCCESS
        yield PackPicture(f"side_{side}.jpg", jpeg(wide), f"{side} px wide", always(code))
    plain = jpeg(np.asarray(picture))
    for size in (MAX_FILE_BYTES, MAX_FILE_BYTES + 1):
        code = "FILE_SIZE_EXCEEDS_LIMIT" if size > MAX_FILE_BYTES else SUCCESS
        yield PackPicture(f"bytes_{size}.jpg", padded(plain, size), f"{size} bytes", always(code))
    yield PackPicture("png.png", _saved(picture, "PNG"), "a PNG", always(SUCCESS))
    yield PackPicture("bmp.bmp", _saved(picture, "BMP"), "a BMP", always(SUCCESS))
    yield PackPicture("gray.jpg", _saved(picture.convert("L"), "JPEG", quality=92), "a gray JPEG", always(SUCCESS))
    clear = picture.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(picture.size).point(lambda value: 255 if value > 40 else 160))
    yield PackPicture("transparent.png", _saved(clear, "PNG"), "a PNG with transparency", always(SUCCESS))
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = _saved(picture.transpose(Image.Transpose.ROTATE_90), "JPEG", quality=92, exif=exif)
    yield PackPicture("exif_turned.jpg", lying, "a JPEG that its EXIF orientation sets upright", always(SUCCESS))
    yield PackPicture("truncated.jpg", plain[: len(plain) // 2], "half a JPEG", always("FILE_DECODING_FAILURE"))
    half = _saved(picture, "PNG")
    yield PackPicture("truncated.png", half[: len(half) // 2], "half a PNG", always("FILE_DECODING_FAILURE"))
    text = b"This is no picture, whatever its name says.\n"
    yield PackPicture("text.jpg", text, "a text named .jpg", always("UNSUPPORTED_FILE_TYPES"))
    yield PackPicture("gif.gif", _saved(picture, "GIF"), "a GIF", always("UNSUPPORTED_FILE_TYPES"))
    yield PackPicture("webp.jpg", _saved(picture, "WEBP"), "a WebP named .jpg", always("UNSUPPORTED_FILE_TYPES"))
    bomb = f"a PNG of {_BOMB_SIDE_PX} x {_BOMB_SIDE_PX} px in a few kilobytes"
    yield PackPicture("bomb.png", png_bomb(_BOMB_SIDE_PX), bomb, always("FILE_RESOLUTION_EXCEEDS_LIMITS"))
    yield PackPicture("empty.jpg", b"", "no bytes at all", always("UNSUPPORTED_PARAMETER_VALUES"))


def padded(jpeg_file: bytes, size: int) -> bytes:
    """Bring a JPEG to a size in bytes with comment segments after its first marker."""
    segments, missing = [], size - len(jpeg_file)
    while missing:
        # No piece may be shorter than a segment's four bytes of marker and length.
        piece = min(missing, _COMMENT_BYTES + 4 - 8) if missing > _COMMENT_BYTES + 4 else missing
        segments.append(b"\xff\xfe" + struct.pack(">H", piece - 2) + b" " * (piece - 4))
        missing -= piece
    return jpeg_file[:2] + b"".join(segments) + jpeg_file[2:]


def png_bomb(side_px: int) -> bytes:
    """Build a black PNG of one bit a pixel: `side_px` squared pixels in some kilobytes."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (side_px + 7) // 8)
    rows = b"".join([*(packer.compress(row) for _ in range(side_px)), packer.flush()])
    header = struct.pack(">IIBBBBB", side_px, side_px, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
