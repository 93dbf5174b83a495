"""Picture files that a client should never send: bombs, lies, leftovers of other formats; and seeds for mutation."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
SOUND = "sound"
"""Instead of an error code: the file is odd but right, and must be decoded."""


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg_segment(marker: int, content: bytes) -> bytes:
    """Return one segment of a JPEG."""
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_head(width: int, height: int, depth: int = 8, color: int = 2, interlace: int = 0) -> bytes:
    """Return a PNG's signature and IHDR."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)
    return PNG_SIGNATURE + png_chunk(b"IHDR", header)


def png_tail(raw: bytes) -> bytes:
    """Return a PNG's pixels and end."""
    return png_chunk(b"IDAT", zlib.compress(raw)) + png_chunk(b"IEND", b"")


def bmp(width: int, height: int, pixels: bytes, bits: int = 24, compression: int = 0) -> bytes:
    """Return a BMP with a BITMAPINFOHEADER and a gray palette up to 8 bits."""
    palette = b"".join(bytes([value, value, value, 0]) for value in range(1 << bits)) if bits <= 8 else b""
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(pixels), 0, 0, 0, 0)
    offset = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(pixels), 0, 0, offset) + info + palette + pixels


def seeds(image: NDArray[np.uint8]) -> list[bytes]:
    """Return small sound files of many kinds, as material for mutation.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    """
    picture = Image.fromarray(image)
    height, width = image.shape[:2]
    exif = Image.Exif()
    exif[0x0112] = 6
    rows_rle = (b"\xff\x40" * (width // 255) + bytes([width % 255, 0x40]) + b"\0\0") * height + b"\0\1"
    wide = (image.astype(np.uint16) * 257).astype(">u2")
    return [
        saved(picture, "JPEG", quality=70, exif=exif),
        saved(picture, "JPEG", quality=70, progressive=True, icc_profile=b"broken"),
        saved(picture.convert("CMYK"), "JPEG", quality=70),
        saved(picture.convert("L"), "JPEG", quality=70, restart_marker_rows=1),
        saved(picture, "PNG", exif=exif),
        saved(picture.convert("P"), "PNG", transparency=3),
        saved(picture.convert("RGBA"), "PNG", save_all=True, append_images=[picture.convert("RGBA").rotate(90)]),
        png_head(width, height, 16) + png_tail(b"".join(b"\0" + row.tobytes() for row in wide)),
        saved(picture.convert("1"), "PNG"),
        saved(picture, "BMP"),
        saved(picture.convert("P"), "BMP"),
        bmp(width, height, rows_rle, bits=8, compression=1),
    ]


def progressive_bomb(side_px: int, scans: int) -> bytes:
    """Return a tiny gray JPEG with many nearly empty scans over many pixels: 32 bytes buy a pass over all blocks."""
    blocks = (side_px // 8) ** 2
    run_codes = "".join(f"0{min(blocks - at, 32767) - 16384:014b}" for at in range(0, blocks - 16384, 32767))
    bits = run_codes + "1" * (-len(run_codes) % 8)
    empty_scan = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
    tables = jpeg_segment(0xDB, b"\0" + b"\1" * 64)
    tables += jpeg_segment(0xC2, struct.pack(">BHHB", 8, side_px, side_px, 1) + b"\1\x11\0")
    tables += jpeg_segment(0xC4, b"\x00\1" + b"\0" * 16) + jpeg_segment(0xC4, b"\x10\1" + b"\0" * 15 + b"\xe0")
    first = jpeg_segment(0xDA, b"\1\1\0\0\0\0") + b"\0" * (blocks // 8)
    return b"\xff\xd8" + tables + first + (jpeg_segment(0xDA, b"\1\1\0\1\x3f\0") + empty_scan) * scans + b"\xff\xd9"


def odd_files(image: NDArray[np.uint8]) -> dict[str, tuple[bytes, str]]:
    """Return named files and the code that each must get, or `SOUND`.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
        At least 256 px a side.
    """
    picture = Image.fromarray(image)
    height, width = image.shape[:2]
    jpeg, png, plain_bmp = saved(picture, "JPEG"), saved(picture, "PNG"), saved(picture, "BMP")
    damaged, large, small = "FILE_DECODING_FAILURE", "FILE_RESOLUTION_EXCEEDS_LIMITS", "ERROR_LOW_RESOLUTION"
    unsupported = "UNSUPPORTED_FILE_TYPES"
    frame = jpeg.index(b"\xff\xc0") + 5
    exif, comment = b"Exif\0\0", png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(900_000)))

    def inside_jpeg(*segments: bytes) -> bytes:
        return jpeg[:2] + b"".join(segments) + jpeg[2:]

    def inside_png(*chunks: bytes) -> bytes:
        return png[:33] + b"".join(chunks) + png[33:]

    def jpeg_of(width_px: int, height_px: int) -> bytes:
        return jpeg[:frame] + struct.pack(">HH", height_px, width_px) + jpeg[frame + 4 :]

    def repeated(what: bytes, times: int) -> Iterable[bytes]:
        return (what for _ in range(times))

    return {
        "nothing": (b"", "UNSUPPORTED_PARAMETER_VALUES"),
        "zero bytes": (bytes(5000), unsupported),
        "1x1 JPEG": (saved(picture.resize((1, 1)), "JPEG"), small),
        "1x1 PNG": (saved(picture.resize((1, 1)), "PNG"), small),
        "1x1 BMP": (saved(picture.resize((1, 1)), "BMP"), small),
        "0x0 JPEG": (jpeg_of(0, 0), small),
        "65535x65535 JPEG": (jpeg_of(65535, 65535), large),
        "4097x256 JPEG": (jpeg_of(4097, 256), large),
        "JPEG that claims more than it has": (jpeg_of(4096, 4096), damaged),
        "2147483647 px PNG": (png_head(2**31 - 1, 2**31 - 1) + png_tail(b"\0"), large),
        "0x0 PNG": (png_head(0, 0) + png_tail(b"\0"), small),
        "PNG bomb: 4096x4096 from 50 kB": (png_head(4096, 4096, 8, 0) + png_tail(bytes(4097 * 4096)), SOUND),
        "PNG whose pixels go on for 200 MB": (png_head(256, 256) + png_tail(bytes(200_000_000)), SOUND),
        "PNG with two headers": (inside_png(png_head(60_000, 60_000)[8:]), damaged),
        "PNG without pixels": (png_head(300, 300) + png_chunk(b"IEND", b""), damaged),
        "PNG with 200,000 empty chunks": (inside_png(*repeated(png_chunk(b"teSt", b""), 200_000)), damaged),
        "PNG with 60 text bombs": (inside_png(*repeated(comment, 60)), SOUND),
        "PNG with 80 text bombs": (inside_png(*repeated(comment, 80)), damaged),
        "PNG with a profile bomb": (inside_png(png_chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(10**8)))), damaged),
        "PNG with a broken profile": (inside_png(png_chunk(b"iCCP", b"p\0\0broken")), SOUND),
        "PNG with a chunk of 2 GB": (inside_png(b"\x7f\xff\xff\xffteSt"), damaged),
        "animated PNG": (saved(picture, "PNG", save_all=True, append_images=[picture.rotate(90)]), SOUND),
        "animated PNG of 2**31 frames": (inside_png(png_chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))), SOUND),
        "16-bit PNG, interlaced, cut": (png_head(300, 300, 16, 6, 1) + png_tail(bytes(1000)), damaged),
        "JPEG with 300,000 empty segments": (inside_jpeg(*repeated(jpeg_segment(0xE0, b""), 300_000)), damaged),
        "JPEG with 100,000 bits of Exif": (inside_jpeg(*repeated(jpeg_segment(0xE1, exif + b"x"), 100_000)), damaged),
        "JPEG with 3 MB of Exif": (inside_jpeg(*repeated(jpeg_segment(0xE1, exif + bytes(60_000)), 50)), SOUND),
        "JPEG with a megabyte of fill bytes": (jpeg[:2] + b"\xff" * 1_000_000 + jpeg[2:], SOUND),
        "JPEG with a broken profile": (
            inside_jpeg(jpeg_segment(0xE2, b"ICC_PROFILE\0\1\1" + b"broken" * 1000)),
            SOUND,
        ),
        "JPEG of 120 scans": (progressive_bomb(4096, 120), damaged),
        "JPEG of 12 bits": (jpeg[: frame - 1] + b"\x0c" + jpeg[frame:], damaged),
        "JPEG without a scan": (jpeg[: jpeg.index(b"\xff\xda")] + b"\xff\xd9", damaged),
        "CMYK JPEG": (saved(picture.convert("CMYK"), "JPEG"), SOUND),
        "JPEG and PNG in one": (jpeg + png, SOUND),
        "JPEG and ZIP in one": (jpeg + b"PK\3\4" + bytes(1000), SOUND),
        "HTML behind a JPEG's first bytes": (b"\xff\xd8\xff<script>alert(1)</script>", damaged),
        "BMP upside down": (plain_bmp[:22] + struct.pack("<i", -height) + plain_bmp[26:], SOUND),
        "BMP of negative width": (plain_bmp[:18] + struct.pack("<i", -width) + plain_bmp[22:], damaged),
        "BMP of 2**31 px": (plain_bmp[:18] + struct.pack("<ii", 2**31 - 1, -(2**31)) + plain_bmp[26:], large),
        "BMP bomb": (bmp(4096, 4096, b"\0\2\xff\xff" * 5000, bits=8, compression=1), SOUND),
        "BMP with a palette of 4 GB": (plain_bmp[:46] + b"\xff\xff\xff\xff" + plain_bmp[50:], SOUND),
        "GIF": (saved(picture.convert("P"), "GIF"), unsupported),
        "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", unsupported),
        "TIFF": (saved(picture, "TIFF"), unsupported),
        "PostScript": (b"%!PS\n(a) run", unsupported),
    }
