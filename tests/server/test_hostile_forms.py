"""Forms that nobody should send: every value gets its code, no body crashes the parser."""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np
import pytest

from bench.hostile.forms import BOUNDARY, END, MULTIPART, ODD_VALUES, body, part, seeds
from bench.hostile.mutation import mutated
from server.call.call import Call
from server.contract.errors import ApiError
from server.journal.entries import FORM_CHARACTERS
from server.operation.form import parse_form, read_parts
from server.operation.pipeline import open_picture
from server.wire.multipart_form import MAX_TEXT_BYTES
from tests.conftest import RunningServer, encode
from tests.server.envelopes import assert_failure
from tests.server.test_wire_styles import exchange

MUTATIONS = 5000


@pytest.fixture(scope="module")
def picture() -> bytes:
    return encode(np.full((256, 256, 3), 120, np.uint8))


def verdict(content: bytes, content_type: str = MULTIPART) -> str:
    """What the event loop does with a body: all of it but the pixels."""
    parts, malformed = read_parts(content_type, content)
    call = Call("POST", "/", "id")
    call.note_form(parts)
    assert sum(len(name) + len(text) for name, text in call.fields.items()) <= FORM_CHARACTERS
    try:
        form = parse_form(parts, malformed)
        open_picture(form.picture_file, form.face_location)
    except ApiError as refusal:
        return refusal.code
    return "accepted"


def test_odd_values_get_their_codes(picture: bytes) -> None:
    wrong = {}
    for name, (fields, code) in ODD_VALUES.items():
        got = verdict(body({"action_type": "TO_OLD", **fields}, picture))
        if got != code:
            wrong[name] = got
    assert wrong == {}


def test_mutated_bodies_never_crash(picture: bytes) -> None:
    sources = seeds(picture)
    assert verdict(sources[0]) == "accepted"
    verdicts = Counter(verdict(content) for content in mutated(sources, MUTATIONS, seed=2))
    assert verdicts.total() == MUTATIONS
    known = {"accepted", "UNSUPPORTED_PARAMETER_VALUES", "UNSUPPORTED_FILE_TYPES", "FILE_DECODING_FAILURE"}
    known |= {"ERROR_INVALID_FACE_BOX_PARAMETER", "FILE_RESOLUTION_EXCEEDS_LIMITS", "ERROR_LOW_RESOLUTION"}
    assert set(verdicts) <= known
    assert min(verdicts["accepted"], verdicts["UNSUPPORTED_PARAMETER_VALUES"]) > MUTATIONS / 20


@pytest.mark.parametrize(
    "charset", ["idna", "undefined", "punycode", "utf-16", "unicode_escape", "zip", "\0", "x" * 100]
)
def test_a_part_cannot_choose_its_codec(picture: bytes, charset: str) -> None:
    headers = f"\r\nContent-Type: text/plain; charset={charset}"
    content = part("action_type", b"TO_OLD", headers=headers) + body({}, picture)
    assert verdict(content) == "accepted"


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data; boundary=" + "b" * 10_000,
        "multipart/form-data; boundary=\u00e9",
        'multipart/form-data; boundary="',
        "multipart/form-data;" + ";" * 10_000,
        "multipart/form-data; boundary*0=hos; boundary*1=tile",
        f"multipart/mixed; boundary={BOUNDARY}",
        f"multipart/form-data; boundary={BOUNDARY}\0",
    ],
)
def test_odd_content_types(picture: bytes, content_type: str) -> None:
    assert verdict(body({"action_type": "TO_OLD"}, picture), content_type) == "UNSUPPORTED_PARAMETER_VALUES"


def test_the_last_of_repeated_fields_counts(picture: bytes) -> None:
    twice = part("action_type", b"NONSENSE") + body({"action_type": "TO_OLD"}, picture)
    assert verdict(twice) == "accepted"
    assert (
        verdict(body({"action_type": "TO_OLD"}, picture)[: -len(END)] + part("action_type", b"NO") + END)
        != "accepted"
    )


def test_text_is_not_looked_into_without_measure() -> None:
    (huge,), _ = read_parts(MULTIPART, part("face_location", b"1" * 8_000_000) + END)
    assert len(huge.text) == MAX_TEXT_BYTES + 1
    assert sys.getsizeof(huge.text) < 5 * MAX_TEXT_BYTES


def test_over_the_wire(server: RunningServer, picture: bytes) -> None:
    """The same through a socket, for a few of each kind."""
    for name in ("NaN", "nested 100,000 deep", "2 MB of JSON", "Arabic digits", "a line end in a level"):
        fields, code = ODD_VALUES[name]
        status, answer = exchange(server.port, MULTIPART, body({"action_type": "TO_OLD", **fields}, picture))
        assert_failure(status, answer, code, detail=answer["error_msg"].partition(" - ")[2])  # type: ignore[attr-defined]
    for content in list(mutated(seeds(picture), 60, seed=3)):
        status, answer = exchange(server.port, MULTIPART, content)
        assert 400 <= status < 500
        assert answer["error_code"] == status


def test_a_key_without_measure_is_unknown(server: RunningServer, picture: bytes) -> None:
    assert_failure(*_edit_with_key(server, "k" * 257, picture), "ERROR_APPLICATIONS_NOT_EXISTS")
    assert_failure(*_edit_with_key(server, "k" * 256, picture), "ERROR_NO_FACE_IN_FILE")


def _edit_with_key(server: RunningServer, key: str, picture: bytes) -> tuple[int, dict[str, object]]:
    answer = server.edit(picture, key=key, action_type="TO_OLD")
    return answer.status_code, answer.json()
