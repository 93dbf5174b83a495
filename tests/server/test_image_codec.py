"""Files of every kind that must work, and those that must be refused."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from server.contract.errors import ApiError
from server.operation.image_codec import check_type, decode, encode_jpeg, encode_png, read_header
from tests.conftest import encode


@pytest.fixture(scope="module")
def picture() -> NDArray[np.uint8]:
    """A smooth (300, 400, 3) picture: red grows to the right, green downwards."""
    y, x = np.mgrid[0:300, 0:400]
    return np.stack([x * 255 / 400, y * 255 / 300, np.full_like(x, 60.0)], axis=-1).astype(np.uint8)


def read(content: bytes) -> NDArray[np.uint8]:
    check_type(content)
    return decode(read_header(content))


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP"])
def test_plain(picture: NDArray[np.uint8], kind: str) -> None:
    image = read(encode(picture, kind, **({"quality": 95} if kind == "JPEG" else {})))
    assert image.dtype == np.uint8
    assert not image.flags.writeable
    assert difference(image, picture) < 2


@pytest.mark.parametrize("options", [{"progressive": True}, {"subsampling": 2}, {"restart_marker_rows": 2}])
def test_jpeg_variants(picture: NDArray[np.uint8], options: dict[str, object]) -> None:
    assert difference(read(encode(picture, "JPEG", quality=95, **options)), picture) < 3


def test_cmyk_jpeg(picture: NDArray[np.uint8]) -> None:
    content = saved(Image.fromarray(picture).convert("CMYK"), "JPEG", quality=95)
    assert difference(read(content), picture) < 6


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA", "PA"])
def test_other_modes(picture: NDArray[np.uint8], mode: str) -> None:
    source = Image.fromarray(picture).convert(mode)
    image = read(saved(source.convert("P") if mode == "PA" else source, "PNG"))
    assert difference(image, np.asarray(source.convert("RGB"))) < 3


def test_alpha_lies_on_white(picture: NDArray[np.uint8]) -> None:
    source = Image.fromarray(picture)
    source.putalpha(0)
    assert (read(saved(source, "PNG")) == 255).all()


def test_16_bit_is_scaled_not_clipped(picture: NDArray[np.uint8]) -> None:
    gray = picture[..., 0].astype(np.uint16) * 257
    image = read(saved(Image.fromarray(gray), "PNG"))
    assert difference(image, np.repeat(picture[..., :1], 3, axis=2)) < 1


def test_16_bit_color(picture: NDArray[np.uint8]) -> None:
    assert difference(read(png_16_bit(picture)), picture) < 1


def test_interlaced_png(picture: NDArray[np.uint8]) -> None:
    assert difference(read(png_interlaced(picture)), picture) == 0


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_exif_orientation(picture: NDArray[np.uint8], orientation: int, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    backwards = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    source = Image.fromarray(picture)
    stored = source if backwards is None else source.transpose(Image.Transpose(backwards))
    content = saved(stored, kind, exif=exif)
    assert read_header(content).size_wh == (400, 300)
    assert difference(read(content), picture) < 3


@pytest.mark.parametrize("damaged", [b"Exif\0\0", b"Exif\0\0garbage", b"Exif\0\0II*\0\xff\xff\xff\xff"])
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_damaged_exif_is_ignored(picture: NDArray[np.uint8], damaged: bytes) -> None:
    assert difference(read(encode(picture, "JPEG", exif=damaged)), picture) < 3


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_odd_orientation_is_ignored(picture: NDArray[np.uint8], value: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    assert difference(read(encode(picture, "JPEG", exif=exif)), picture) < 3


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP"])
def test_every_truncation_is_refused(picture: NDArray[np.uint8], kind: str) -> None:
    options = {"progressive": True} if kind == "JPEG" else {}
    content = encode(picture[:64, :64], kind, **options)
    end = len(content) - (2 if kind == "JPEG" else 12 if kind == "PNG" else 0)
    for length in range(18, end, max(end // 60, 1)):
        with pytest.raises(ApiError) as caught:
            read(content[:length])
        assert caught.value.code == "FILE_DECODING_FAILURE", length


def test_header_of_a_bomb_is_read_without_decoding() -> None:
    header = bytearray(encode(np.zeros((1, 1, 3), np.uint8), "PNG"))
    header[16:24] = struct.pack(">II", 2**31 - 1, 2**31 - 1)
    header[29:33] = zlib.crc32(header[12:29]).to_bytes(4, "big")
    assert read_header(bytes(header)).size_wh == (2**31 - 1, 2**31 - 1)


def test_encoding_is_deterministic_and_faithful(picture: NDArray[np.uint8]) -> None:
    assert encode_jpeg(picture) == encode_jpeg(picture.copy())
    assert difference(read(encode_jpeg(picture)), picture) < 2
    assert difference(read(encode_png(picture)), picture) == 0


def png(picture: NDArray[np.uint8], depth: int, interlace: int, raw: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    height, width = picture.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, interlace)
    data = chunk(b"IDAT", zlib.compress(raw))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


def png_16_bit(picture: NDArray[np.uint8]) -> bytes:
    wide = (picture.astype(np.uint16) * 257).astype(">u2")
    return png(picture, 16, 0, b"".join(b"\0" + row.tobytes() for row in wide))


def png_interlaced(picture: NDArray[np.uint8]) -> bytes:
    passes = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))
    raw = b"".join(b"\0" + row.tobytes() for y, x, dy, dx in passes for row in picture[y::dy, x::dx])
    return png(picture, 8, 1, raw)
