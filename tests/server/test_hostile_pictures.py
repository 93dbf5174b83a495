"""Picture files that nobody should send: each gets its code, none crashes, none is decoded beyond the bounds."""

from __future__ import annotations

from collections import Counter

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import BmpImagePlugin, Image, JpegImagePlugin, PngImagePlugin

from bench.hostile.mutation import mutated
from bench.hostile.pictures import SOUND, jpeg_segment, odd_files, png_chunk, saved, seeds
from server.contract.errors import ApiError
from server.operation.image_codec import MAX_JPEG_SCANS, decode
from server.operation.picture_header import MAX_METADATA_BLOCKS
from server.operation.pipeline import open_picture

MUTATIONS = 3000
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


@pytest.fixture(scope="module")
def small(astronaut: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return cv2.resize(astronaut, (300, 280), interpolation=cv2.INTER_AREA)


def verdict(content: bytes) -> str:
    try:
        header = open_picture(content)
        image = decode(header)
    except ApiError as refusal:
        return refusal.code
    assert image.dtype == np.uint8
    assert image.shape == (header.size_wh[1], header.size_wh[0], 3)
    return SOUND


def test_odd_files_get_their_codes(small: NDArray[np.uint8]) -> None:
    files = odd_files(small)
    assert len(files) > 40
    wrong = {
        name: verdict(content) for name, (content, code) in files.items() if content and verdict(content) != code
    }
    assert wrong == {}


def test_mutated_files_never_crash(small: NDArray[np.uint8]) -> None:
    verdicts = Counter(verdict(content) for content in mutated(seeds(small), MUTATIONS, seed=1))
    assert verdicts.total() == MUTATIONS
    known = {SOUND, "FILE_DECODING_FAILURE", "UNSUPPORTED_FILE_TYPES", "FILE_RESOLUTION_EXCEEDS_LIMITS"}
    assert set(verdicts) <= known | {"ERROR_LOW_RESOLUTION", "FILE_SIZE_EXCEEDS_LIMIT"}
    assert min(verdicts[SOUND], verdicts["FILE_DECODING_FAILURE"]) > MUTATIONS / 20, (
        "the damage is too small or too great"
    )


def test_as_many_blocks_as_allowed_are_read(small: NDArray[np.uint8]) -> None:
    """The caps bind where they say, and a file just under them is sound."""
    jpeg, png = saved(Image.fromarray(small), "JPEG"), saved(Image.fromarray(small), "PNG")
    own = 20
    segment, chunk = jpeg_segment(0xFE, b"x"), png_chunk(b"teSt", b"x")
    for count, expected in ((MAX_METADATA_BLOCKS - own, SOUND), (MAX_METADATA_BLOCKS, "FILE_DECODING_FAILURE")):
        assert verdict(jpeg[:2] + segment * count + jpeg[2:]) == expected
        assert verdict(png[:33] + chunk * count + png[33:]) == expected
    preview = jpeg_segment(0xFE, b"\xff\xda" * (MAX_JPEG_SCANS - 1))
    assert verdict(jpeg[:2] + preview + jpeg[2:]) == SOUND


def test_no_decoder_sees_a_file_before_its_size_is_judged(
    small: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a decoder was opened")

    for opener in (JpegImagePlugin.JpegImageFile, PngImagePlugin.PngImageFile, BmpImagePlugin.BmpImageFile):
        monkeypatch.setattr(opener, "_open", never)
    judged = {
        name: (judged_by_header(content), code) for name, (content, code) in odd_files(small).items() if content
    }
    passed = [name for name, (judgement, _) in judged.items() if judgement == SOUND]
    assert len(passed) > 15
    assert all(judgement == code for name, (judgement, code) in judged.items() if name not in passed)


def judged_by_header(content: bytes) -> str:
    try:
        open_picture(content)
    except ApiError as refusal:
        return refusal.code
    return SOUND
