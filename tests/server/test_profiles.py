"""The three generations of the envelope."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from bench.hostile.clients import ask
from server.contract.envelope import Profile, shaped, success_body
from tests.conftest import CREDITS_PATH, RunningServer

COMMON = {"request_id", "log_id", "error_detail"}
EXPECTED = {
    "page": (COMMON | {"error_code", "error_msg"}, {"status_code", "code", "code_message", "message"}),
    "openapi": (
        COMMON | {"error_code", "error_code_str", "error_msg"},
        {"status_code", "code", "code_message", "message"},
    ),
    "newest": (COMMON, {"code", "code_message", "message"}),
}


@pytest.mark.parametrize("profile", EXPECTED)
def test_members_of_each_generation(profile: str) -> None:
    public, detail = EXPECTED[profile]
    body = shaped(success_body("id", {"result": {"image": ""}}), Profile(profile))
    assert set(body) == public | {"result"}
    assert set(body["error_detail"]) == detail


def test_server_speaks_the_profile_asked_for(new_server: Callable[..., RunningServer]) -> None:
    server = new_server("--profile", "newest")
    assert set(httpx.get(server.url + CREDITS_PATH, headers={"ailabapi-api-key": "k"}).json()) == COMMON | {"data"}
    refusal = httpx.get(server.url + CREDITS_PATH)
    assert refusal.status_code == 401
    assert set(refusal.json()) == COMMON
    unread = ask(server.port, b"no HTTP\r\n\r\n")
    assert unread.status == 400
    assert set(json.loads(unread.body)) == COMMON
