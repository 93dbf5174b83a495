"""Files that hold less than their header claims are refused, whole ones never: gray and black ones too."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, JpegImagePlugin

from server.contract.errors import ApiError
from server.operation import missing_data
from server.operation.image_codec import decode, read_header
from tests.server.test_image_codec import png, png_interlaced

JPEG_KINDS: dict[str, dict[str, object]] = {
    "baseline": {},
    "restarts": {"restart_marker_rows": 1},
    "optimized": {"optimize": True, "subsampling": 0},
    "progressive": {"progressive": True},
}
FULL = slice(None)


def jpeg(pixels: NDArray[np.uint8], kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=90, **JPEG_KINDS[kind])
    return buffer.getvalue()


def is_whole(content: bytes) -> bool:
    try:
        decode(read_header(content))
    except ApiError as refusal:
        return refusal.code != "FILE_DECODING_FAILURE"
    return True


def with_height(content: bytes, height: int) -> bytes:
    """The JPEG with another height in its frame header."""
    frame = next(at for at in range(len(content)) if content[at] == 0xFF and content[at + 1] in (0xC0, 0xC2))
    return content[: frame + 5] + struct.pack(">H", height) + content[frame + 7 :]


@pytest.mark.parametrize("kind", JPEG_KINDS)
@pytest.mark.parametrize("rows", [530, 700, 4000])
def test_more_rows_claimed_than_held(astronaut: NDArray[np.uint8], kind: str, rows: int) -> None:
    assert not is_whole(with_height(jpeg(astronaut, kind), rows))


@pytest.mark.parametrize("kind", JPEG_KINDS)
@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.99])
def test_cut_off(astronaut: NDArray[np.uint8], kind: str, share: float) -> None:
    content = jpeg(astronaut, kind)
    assert not is_whole(content[: int(len(content) * share)])


@pytest.mark.parametrize("kind", JPEG_KINDS)
@pytest.mark.parametrize("share", [0.3, 0.5])
def test_cut_off_with_an_end_marker_put_there(astronaut: NDArray[np.uint8], kind: str, share: float) -> None:
    content = jpeg(astronaut, kind)
    assert not is_whole(content[: int(len(content) * share)] + b"\xff\xd9")


@pytest.mark.parametrize("kind", JPEG_KINDS)
@pytest.mark.parametrize("picture", ["photo", "gray", "gray border", "half gray"])
def test_whole_however_it_ends(astronaut: NDArray[np.uint8], kind: str, picture: str) -> None:
    pixels = astronaut.copy()
    gray: dict[str, tuple[slice, slice]] = {
        "gray": (FULL, FULL),
        "gray border": (slice(-20, None), FULL),
        "half gray": (slice(256, None), FULL),
    }
    if picture in gray:
        pixels[gray[picture]] = 128
    content = jpeg(pixels, kind)
    another = jpeg(pixels[:64, :64], kind)
    endings = {
        "whole": content,
        "no end marker": content[:-2],
        "half an end marker": content[:-1],
        "zeros after": content + bytes(5000),
        "padding before the end": content[:-2] + bytes(512) + content[-2:],
        "another picture after, as in MPO": content + another,
        "half a picture after": content + another[: len(another) // 2],
        "words after": content + b"Photoshop \xff and \xff\xd0\xff\xda more" * 40,
    }
    assert {name for name, ending in endings.items() if not is_whole(ending)} == set()


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_colors(astronaut: NDArray[np.uint8], mode: str) -> None:
    buffer = io.BytesIO()
    Image.fromarray(astronaut).convert(mode).save(buffer, "JPEG")
    assert is_whole(buffer.getvalue()[:-2])
    assert not is_whole(with_height(buffer.getvalue(), 700))


def test_a_whole_photo_is_decoded_once(astronaut: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    really_open = JpegImagePlugin.JpegImageFile._open

    def counted(picture: JpegImagePlugin.JpegImageFile) -> None:
        opened.append(picture)
        really_open(picture)

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "_open", counted)
    for kind in JPEG_KINDS:
        decode(read_header(jpeg(astronaut, kind)))
    assert len(opened) == len(JPEG_KINDS)


def test_bmp_that_claims_more_rows(astronaut: NDArray[np.uint8]) -> None:
    buffer = io.BytesIO()
    Image.fromarray(astronaut).save(buffer, "BMP")
    content = buffer.getvalue()
    assert is_whole(content + b"more")
    for height in (513, -513, 4000):
        assert not is_whole(content[:22] + struct.pack("<i", height) + content[26:])


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.97])
def test_png_whose_pixel_data_ends_early(astronaut: NDArray[np.uint8], interlaced: bool, share: float) -> None:
    whole = png_interlaced(astronaut) if interlaced else png(astronaut, 8, 0, raw_rows(astronaut))
    start = whole.index(b"IDAT")
    (length,) = struct.unpack_from(">I", whole, start - 4)
    raw = zlib.decompress(whole[start + 4 : start + 4 + length])
    assert is_whole(whole)
    assert not is_whole(png(astronaut, 8, int(interlaced), raw[: int(len(raw) * share)]))


def raw_rows(pixels: NDArray[np.uint8]) -> bytes:
    return b"".join(b"\0" + row.tobytes() for row in pixels)


def test_pixel_data_is_not_inflated_beyond_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """4 MB can inflate to 4 GB."""
    pieces: list[int] = []
    inflater = zlib.decompressobj

    class Counting:
        def __init__(self) -> None:
            self._inner = inflater()

        def decompress(self, data: bytes, most: int) -> bytes:
            pieces.append(most)
            return self._inner.decompress(data, most)

        def __getattr__(self, name: str) -> object:
            return getattr(self._inner, name)

    monkeypatch.setattr(missing_data.zlib, "decompressobj", Counting)
    black = np.zeros((256, 256, 3), np.uint8)
    assert is_whole(png(black, 8, 0, bytes(50_000_000)))
    assert 0 < sum(pieces) < 2 * black.nbytes


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "I;16"])
def test_black_and_transparent_pngs_are_whole(mode: str) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (300, 301)).save(buffer, "PNG")
    assert is_whole(buffer.getvalue())
    black = np.zeros((301, 299, 3), np.uint8)
    assert is_whole(png_interlaced(black))
