"""Every row of the contract's order of checks, over a real socket; each test breaks later rows as well."""

from __future__ import annotations

import base64
import io
import json
import socket
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from tests.conftest import CREDITS_PATH, EDIT_PATH, RunningServer, encode
from tests.server.envelopes import assert_failure, assert_success

EMPTY = "Cannot be empty."


def refused(response: httpx.Response, code: str, detail: str = "") -> None:
    assert_failure(response.status_code, response.json(), code, detail=detail)
    assert response.headers["content-type"] == "application/json"


def noise(width: int, height: int, kind: str = "PNG") -> bytes:
    return encode(np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8), kind)


@pytest.mark.parametrize("key", [None, ""])
def test_1_missing_key_comes_before_a_broken_form(server: RunningServer, key: str | None) -> None:
    refused(server.edit(b"not a picture", key=key, action_type="NOPE"), "ERROR_APPLICATIONS_NOT_EXISTS")


def test_1_unknown_key_when_keys_are_given(new_server: Callable[..., RunningServer], astronaut_jpeg: bytes) -> None:
    server = new_server("--api-key", "one", "--api-key", "two")
    refused(server.edit(astronaut_jpeg, key="three", action_type="TO_OLD"), "ERROR_APPLICATIONS_NOT_EXISTS")
    assert_success(200, server.edit(astronaut_jpeg, key="two", action_type="TO_OLD").json())


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_3_wrong_method(server: RunningServer, method: str) -> None:
    response = httpx.request(method, server.url + EDIT_PATH, headers={"ailabapi-api-key": "k"})
    refused(response, "ERROR_AI_NOT_EXISTS")


@pytest.mark.parametrize("path", ["/", "/api/portrait/effects", EDIT_PATH + "/", "/docs", "/openapi.json", "/%00"])
def test_3_unknown_path(server: RunningServer, path: str) -> None:
    refused(httpx.get(server.url + path, headers={"ailabapi-api-key": "k"}), "ERROR_AI_NOT_EXISTS")
    if path != "/":  # without a key: the window
        refused(httpx.get(server.url + path), "ERROR_APPLICATIONS_NOT_EXISTS")


def test_3_head_has_no_body(server: RunningServer) -> None:
    response = httpx.head(server.url + EDIT_PATH, headers={"ailabapi-api-key": "k"})
    assert response.status_code == 404
    assert response.content == b""


def test_4_credits_come_before_bad_parameters(new_server: Callable[..., RunningServer]) -> None:
    server = new_server("--credits", "7")
    refused(server.edit(b"x", action_type="NOPE"), "ERROR_NOT_ENOUGH_CREDITS")


def test_4_a_call_costs_8_and_a_refusal_nothing(
    new_server: Callable[..., RunningServer], astronaut_jpeg: bytes
) -> None:
    server = new_server("--credits", "16")
    assert server.edit(astronaut_jpeg, action_type="NOPE").status_code == 400
    assert server.edit(astronaut_jpeg, action_type="TO_OLD").status_code == 200
    response = httpx.get(server.url + CREDITS_PATH, headers={"ailabapi-api-key": "test-key"})
    assert_success(response.status_code, response.json(), "data")
    balances = {entry["unique_sign"]: entry["balance"] for entry in response.json()["data"]}
    assert balances == {"portrait_face_attribute_editing": 0.0, "common": 8.0}
    assert server.edit(astronaut_jpeg, action_type="TO_KID").status_code == 200
    refused(server.edit(astronaut_jpeg, action_type="TO_KID"), "ERROR_NOT_ENOUGH_CREDITS")
    assert server.edit(astronaut_jpeg, key="another", action_type="TO_KID").status_code == 200


def test_6a_missing_fields(server: RunningServer, astronaut_jpeg: bytes) -> None:
    refused(server.edit(None, action_type="NOPE"), "UNSUPPORTED_PARAMETER_VALUES", f"image: {EMPTY}")
    refused(server.edit(b"", action_type="TO_OLD"), "UNSUPPORTED_PARAMETER_VALUES", f"image: {EMPTY}")
    for fields in ({}, {"action_type": ""}):
        answer = server.edit(astronaut_jpeg, **fields)
        refused(answer, "UNSUPPORTED_PARAMETER_VALUES", f"action_type: {EMPTY}")


def test_6a_image_as_text_is_no_file(server: RunningServer) -> None:
    response = httpx.post(
        server.url + EDIT_PATH,
        headers={"ailabapi-api-key": "k"},
        files={"action_type": (None, "TO_OLD"), "image": (None, "text")},
    )
    refused(response, "UNSUPPORTED_PARAMETER_VALUES", f"image: {EMPTY}")


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (
            {"action_type": (None, "TO_OLD"), "image": (None, "photo.jpg")},
            "image: came as text, must be a file (curl",
        ),
        ({"action_type": (None, "TO_OLD"), "image": ("a.jpg", b"")}, "image: came empty"),
        (
            {"action_type": (None, "TO_OLD"), "photo": ("a.jpg", b"x")},
            "image: missing; the form has action_type, photo",
        ),
        ({"action_type": ("blob", b"TO_OLD"), "image": ("a.jpg", b"x")}, "action_type: came as a file, must be text"),
        (
            {"action_type": (None, "V2_AGE"), "image": ("a.jpg", b"x")},
            "target: missing; the form has action_type, im",
        ),
    ],
    ids=["image as text", "empty image", "another name", "text as a file", "no target"],
)
def test_6a_what_came_in_place_of_a_field_is_said(server: RunningServer, parts: dict[str, Any], why: str) -> None:
    answer = httpx.post(server.url + EDIT_PATH, headers={"ailabapi-api-key": "k"}, files=parts)
    assert answer.headers["x-mock-why"].startswith(why)


@pytest.mark.parametrize(
    "fields",
    [
        {"action_type": "to_old"},
        {"action_type": "TO_OLD "},
        {"action_type": "TO_OLD", "quality_control": "high"},
        {"action_type": "V2_AGE"},
        {"action_type": "V2_AGE", "target": ""},
        {"action_type": "V2_AGE", "target": "0"},
        {"action_type": "V2_AGE", "target": "86"},
        {"action_type": "V2_AGE", "target": "30.0"},
        {"action_type": "V2_AGE", "target": "1e1"},
        {"action_type": "V2_AGE", "target": "\u0663\u0660"},
        {"action_type": "V2_AGE", "target": "NaN"},
        {"action_type": "V2_GENDER", "target": "2"},
        {"action_type": "V2_GENDER", "target": "-1"},
    ],
)
def test_6b_values_outside_their_range(server: RunningServer, fields: dict[str, str]) -> None:
    response = server.edit(b"not a picture", **fields)
    wrong = [name for name in ("target", "quality_control", "action_type") if name in fields]
    field = "target" if fields["action_type"].startswith("V2") else wrong[0]
    body = response.json()
    assert body["error_msg"].startswith(f"Invalid parameter values. - {field}: ")
    assert_failure(response.status_code, body, "UNSUPPORTED_PARAMETER_VALUES", detail=body["error_msg"][28:])


@pytest.mark.parametrize(
    "location",
    [
        "{",
        "[]",
        "1",
        "null",
        '"text"',
        "{}",
        '{"left":1,"top":1,"width":10}',
        '{"left":"1","top":1,"width":10,"height":10}',
        '{"left":true,"top":1,"width":10,"height":10}',
        '{"left":null,"top":1,"width":10,"height":10}',
        "[" * 100_000,
    ],
)
def test_6c_face_location_is_not_what_it_should_be(server: RunningServer, location: str) -> None:
    response = server.edit(b"not a picture", action_type="TO_OLD", face_location=location)
    body = response.json()
    assert_failure(response.status_code, body, "UNSUPPORTED_PARAMETER_VALUES", detail=body["error_msg"][28:])
    assert "face_location: " in body["error_msg"]


@pytest.mark.parametrize(
    "location",
    [
        '{"left":1,"top":1,"width":0,"height":10}',
        '{"left":1,"top":1,"width":10,"height":-10}',
        '{"left":NaN,"top":1,"width":10,"height":10}',
        '{"left":1,"top":Infinity,"width":10,"height":10}',
        '{"left":1,"top":1,"width":1e999,"height":10}',
        '{"left":1,"top":1,"width":' + "9" * 400 + ',"height":10}',
    ],
)
def test_6d_face_location_is_impossible(server: RunningServer, location: str) -> None:
    response = server.edit(b"not a picture", action_type="TO_OLD", face_location=location)
    refused(response, "ERROR_INVALID_FACE_BOX_PARAMETER")


def test_6d_face_location_outside_comes_before_the_size(server: RunningServer) -> None:
    huge = noise(300, 300, "BMP") + bytes(4 * 1024 * 1024)
    response = server.edit(huge, action_type="TO_OLD", face_location='{"left":300,"top":0,"width":10,"height":10}')
    refused(response, "ERROR_INVALID_FACE_BOX_PARAMETER")


@pytest.mark.parametrize(
    "content", [b"x", b"GIF89a" + bytes(100), b"BMW is no bitmap, though it says BM", b"%PDF-1.7"]
)
def test_7_type_by_content(server: RunningServer, content: bytes) -> None:
    refused(server.edit(content, action_type="TO_OLD"), "UNSUPPORTED_FILE_TYPES")


def test_8_size_comes_before_decoding(server: RunningServer, astronaut_jpeg: bytes) -> None:
    limit = 4 * 1024 * 1024
    padded = astronaut_jpeg + bytes(limit - len(astronaut_jpeg))
    assert_success(200, server.edit(padded, action_type="TO_OLD").json())
    refused(server.edit(padded + b"\0", action_type="TO_OLD"), "FILE_SIZE_EXCEEDS_LIMIT")
    refused(server.edit(b"\xff\xd8\xff" + bytes(limit), action_type="TO_OLD"), "FILE_SIZE_EXCEEDS_LIMIT")


def test_8_absurd_body_is_read_to_its_end(new_server: Callable[..., RunningServer]) -> None:
    server = new_server("--max-body-bytes", "100000")
    refused(server.edit(bytes(40_000_000), action_type="NOPE"), "ERROR_REQUEST_BODY_TOO_LARGE")
    refused(server.edit(bytes(40_000_000), key=None), "ERROR_APPLICATIONS_NOT_EXISTS")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP"])
@pytest.mark.parametrize("kept", [0.02, 0.5, 0.97])
def test_9_truncated_files(server: RunningServer, astronaut: np.ndarray, kind: str, kept: float) -> None:
    content = encode(astronaut, kind)
    refused(server.edit(content[: max(int(len(content) * kept), 20)], action_type="TO_OLD"), "FILE_DECODING_FAILURE")


def test_10_resolution_bounds_are_inclusive(server: RunningServer) -> None:
    for size, code in (
        ((255, 300), "ERROR_LOW_RESOLUTION"),
        ((300, 255), "ERROR_LOW_RESOLUTION"),
        ((256, 256), "ERROR_NO_FACE_IN_FILE"),
        ((4096, 256), "ERROR_NO_FACE_IN_FILE"),
        ((4097, 256), "FILE_RESOLUTION_EXCEEDS_LIMITS"),
        ((256, 4097), "FILE_RESOLUTION_EXCEEDS_LIMITS"),
    ):
        flat = encode(np.full((size[1], size[0], 3), 90, np.uint8), "PNG")
        refused(server.edit(flat, action_type="TO_OLD"), code)


def test_10_bomb_costs_nothing(server: RunningServer) -> None:
    header = bytearray(encode(np.zeros((256, 256, 3), np.uint8), "PNG"))
    header[16:24] = (60_000).to_bytes(4, "big") * 2
    header[29:33] = zlib.crc32(header[12:29]).to_bytes(4, "big")
    refused(server.edit(bytes(header), action_type="TO_OLD"), "FILE_RESOLUTION_EXCEEDS_LIMITS")


def test_11_no_face(server: RunningServer, astronaut_jpeg: bytes) -> None:
    response = server.edit(noise(400, 300), action_type="TO_OLD")
    refused(response, "ERROR_NO_FACE_IN_FILE")
    assert response.json()["error_msg"] == "File content does not meet requirements. - 222202 - pic not has face"
    elsewhere = '{"left":0,"top":400,"width":50,"height":50,"rotation":"any"}'
    refused(server.edit(astronaut_jpeg, action_type="TO_OLD", face_location=elsewhere), "ERROR_NO_FACE_IN_FILE")


def test_12_small_face(server: RunningServer, astronaut: np.ndarray) -> None:
    small = Image.fromarray(astronaut).resize((256, 256), Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", (640, 480), (90, 120, 150))
    canvas.paste(small, (200, 100))
    buffer = io.BytesIO()
    canvas.save(buffer, "PNG")
    refused(server.edit(buffer.getvalue(), action_type="TO_OLD", quality_control="HIGH"), "ERROR_SMALL_FACE_SIZE")


def test_13_quality_control(server: RunningServer, astronaut: np.ndarray) -> None:
    dark = encode((astronaut * 0.1).astype(np.uint8), "PNG")
    response = server.edit(dark, action_type="TO_OLD", quality_control="NORMAL")
    refused(response, "ERROR_POOR_FACE_LIGHTING")
    expected = "File content does not meet requirements. - 223115 - face light is not good"
    assert response.json()["error_msg"] == expected
    assert "lighting" in response.headers["x-mock-why"]
    assert_success(200, server.edit(dark, action_type="TO_OLD", quality_control="NONE").json())


@pytest.mark.parametrize(
    "fields",
    [
        {"action_type": "TO_KID"},
        {"action_type": "TO_OLD", "target": "garbage is ignored"},
        {"action_type": "TO_FEMALE", "quality_control": ""},
        {"action_type": "TO_MALE", "face_location": ""},
        {"action_type": "V2_AGE", "target": "70", "quality_control": "LOW", "unknown": "field"},
        {"action_type": "V2_GENDER", "target": "0"},
    ],
)
def test_success(server: RunningServer, astronaut: np.ndarray, astronaut_jpeg: bytes, fields: dict[str, str]) -> None:
    location = {"left": 170, "top": 60, "width": 110, "height": 120, "rotation": 3, "extra": []}
    fields = {"face_location": json.dumps(location), **fields}
    response = server.edit(astronaut_jpeg, **fields)
    body = response.json()
    assert_success(response.status_code, body)
    encoded = body["result"]["image"]
    picture = Image.open(io.BytesIO(base64.b64decode(encoded, validate=True)))
    assert picture.format == "JPEG"
    assert picture.size == (512, 512)
    change = np.abs(np.asarray(picture).astype(int) - astronaut).mean(axis=2)
    assert change[70:180, 180:270].mean() > 2 * change[400:, 300:].mean(), "the face was edited, the rest was not"
    assert server.edit(astronaut_jpeg, **fields).json()["result"] == body["result"], "the same input, the same bytes"


def test_malformed_http_gets_the_envelope(server: RunningServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"this is not HTTP\r\n\r\n")
        answer = connection.makefile("rb").read()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert_failure(400, json.loads(body), "ERROR_PARAMETERS")
