"""Any answer on demand: four carriers, one precedence, switched off together; faults and latency; limits."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from server.contract.error_table import ERROR_TABLE
from server.tenant.scenario import scenario_of_text, starting_credits, starts_locked
from tests.conftest import CREDITS_PATH, EDIT_PATH, RunningServer
from tests.server.envelopes import UPSTREAM_CODES, assert_failure, assert_success


def upload(
    server: RunningServer, key: str, picture: bytes, name: str = "image.jpg", **headers: str
) -> httpx.Response:
    return httpx.post(
        server.url + EDIT_PATH,
        headers={"ailabapi-api-key": key, **headers},
        data={"action_type": "TO_OLD"},
        files={"image": (name, picture)},
        timeout=60,
    )


def change(server: RunningServer, key: str, **settings: Any) -> dict[str, Any]:
    answer = httpx.patch(f"{server.url}/__mock/tenants/{key}", json=settings, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def is_code(response: httpx.Response, code: str) -> None:
    detail = "image: Cannot be empty." if code == "UNSUPPORTED_PARAMETER_VALUES" else ""
    assert_failure(response.status_code, response.json(), code, detail=detail)


@pytest.mark.parametrize("code", sorted(ERROR_TABLE))
def test_every_code_by_header_and_by_key(server: RunningServer, code: str) -> None:
    is_code(upload(server, "by-header", b"x", **{"X-Mock-Scenario": code}), code)
    answer = httpx.get(server.url + CREDITS_PATH, headers={"ailabapi-api-key": f"mock-error-{code}"})
    is_code(answer, code)


@pytest.mark.parametrize("code", ["ERROR_BLURRY_FACE", "AI_SERVICE_TIMEOUT"])
def test_file_name(server: RunningServer, code: str) -> None:
    is_code(upload(server, "by-name", b"x", name=f"mock-error-{code}.jpg"), code)


def test_queue_is_taken_one_a_call(server: RunningServer, astronaut_jpeg: bytes) -> None:
    change(server, "queued", scenarios=["ok", "AI_SERVICE_TIMEOUT", "EXCEEDING_LIMITS", "ok"])
    assert_success(200, upload(server, "queued", astronaut_jpeg).json())
    is_code(upload(server, "queued", astronaut_jpeg), "AI_SERVICE_TIMEOUT")
    assert upload(server, "another", b"x").status_code == 415
    is_code(upload(server, "queued", astronaut_jpeg), "EXCEEDING_LIMITS")
    for _ in range(2):
        assert_success(200, upload(server, "queued", astronaut_jpeg).json())


def test_precedence(server: RunningServer) -> None:
    key, name, header = "mock-error-ERROR_GATEWAY-1", "mock-error-FILE_SERVICE_ERROR.png", {"X-Mock-Scenario": "ok"}
    change(server, key, scenarios=["AI_SERVICE_ERROR"])
    is_code(upload(server, key, b"x", name, **{"X-Mock-Scenario": "UNKNOWN_ERROR"}), "UNKNOWN_ERROR")
    is_code(upload(server, key, b"x", name), "ERROR_GATEWAY")
    is_code(upload(server, key, b"x", name, **header), "UNSUPPORTED_FILE_TYPES")
    change(server, "plain", scenarios=["AI_SERVICE_ERROR"])
    is_code(upload(server, "plain", b"x", name), "FILE_SERVICE_ERROR")
    is_code(upload(server, "plain", b"x"), "AI_SERVICE_ERROR")


def test_journal_says_which_carrier_decided(server: RunningServer) -> None:
    key = "mock-error-ERROR_GATEWAY-journal"
    upload(server, key, b"x")
    upload(server, key, b"x", **{"X-Mock-Scenario": "UNKNOWN_ERROR"})
    listed = httpx.get(server.url + "/__mock/requests", params={"key": key}).json()["requests"]
    assert [entry["carrier"] for entry in listed] == ["header", "key"]


def test_header_that_names_no_code_is_said(server: RunningServer) -> None:
    answer = upload(server, "typo", b"x", **{"X-Mock-Scenario": "ERROR_BLURY_FACE"})
    is_code(answer, "ERROR_INVALID_PARAMETER")
    assert "ERROR_BLURY_FACE" in answer.headers["x-mock-why"]


def test_magic_keys(server: RunningServer) -> None:
    is_code(upload(server, "mock-credits-0", b"x"), "ERROR_NOT_ENOUGH_CREDITS")
    is_code(upload(server, "mock-credits-8-worker2", b"x"), "UNSUPPORTED_FILE_TYPES")
    is_code(upload(server, "mock-locked", b"x"), "ERROR_USER_LOCKED")
    assert starting_credits("mock-credits-12") == 12
    assert starting_credits("mock-credits-") is None
    assert starts_locked("mock-locked.x")
    assert not starts_locked("mock-lockedx")
    assert scenario_of_text("mock-error-NOT_A_CODE", "key") is None


def test_no_magic_switches_all_off(new_server: Callable[..., RunningServer]) -> None:
    server = new_server("--no-magic")
    change(server, "queued", scenarios=["AI_SERVICE_TIMEOUT"])
    for key in ("mock-error-ERROR_GATEWAY", "mock-credits-0", "mock-locked", "queued"):
        answer = upload(server, key, b"x", "mock-error-ERROR_GATEWAY.jpg", **{"X-Mock-Scenario": "UNKNOWN_ERROR"})
        is_code(answer, "UNSUPPORTED_FILE_TYPES")


def test_limits_on_a_virtual_clock(server: RunningServer) -> None:
    change(server, "limited", limits={"per_second": 2})
    codes = [upload(server, "limited", b"x").json()["error_detail"]["code"] for _ in range(20)]
    assert codes[:2] == ["UNSUPPORTED_FILE_TYPES"] * 2
    assert "EXCEEDING_LIMITS" in codes
    httpx.post(server.url + "/__mock/clock", json={"key": "limited", "advance_s": 5}).raise_for_status()
    is_code(upload(server, "limited", b"x"), "UNSUPPORTED_FILE_TYPES")
    change(server, "limited", limits={"concurrent": 0})
    is_code(upload(server, "limited", b"x"), "EXCEEDING_LIMITS")
    change(server, "limited", limits=None)
    is_code(upload(server, "limited", b"x"), "UNSUPPORTED_FILE_TYPES")


def test_a_call_runs_until_its_answer_leaves(server: RunningServer) -> None:
    change(server, "crowded", limits={"concurrent": 1}, latency={"ms": 500})
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: upload(server, "crowded", b"x").status_code, range(2)))
    assert sorted(answers) == [415, 429]


def test_locking_and_recharging(server: RunningServer) -> None:
    assert change(server, "account", credits=0, locked=True)["locked"] is True
    is_code(upload(server, "account", b"x"), "ERROR_USER_LOCKED")
    change(server, "account", locked=False)
    is_code(upload(server, "account", b"x"), "ERROR_NOT_ENOUGH_CREDITS")
    change(server, "account", credits=8)
    is_code(upload(server, "account", b"x"), "UNSUPPORTED_FILE_TYPES")


def raw(server: RunningServer, key: str) -> bytes:
    request = f"GET {CREDITS_PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nailabapi-api-key: {key}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(request.encode())
        return connection.makefile("rb").read()


def test_faults(server: RunningServer) -> None:
    whole = raw(server, "sound").partition(b"\r\n\r\n")[2]
    change(server, "reset", faults=[{"kind": "connection_reset"}])
    with pytest.raises(ConnectionResetError):
        raw(server, "reset")
    change(server, "empty", faults=[{"kind": "empty_answer"}])
    assert raw(server, "empty") == b""
    change(server, "truncated", faults=[{"kind": "truncated_body"}])
    head, _, body = raw(server, "truncated").partition(b"\r\n\r\n")
    assert f"content-length: {len(whole)}".encode() in head.lower()
    assert 0 < len(body) < len(whole)
    change(server, "malformed", faults=[{"kind": "malformed_json"}])
    body = raw(server, "malformed").partition(b"\r\n\r\n")[2]
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)
    change(server, "trickle", faults=[{"kind": "slow_trickle"}])
    start = time.monotonic()
    assert len(raw(server, "trickle").partition(b"\r\n\r\n")[2]) == len(whole)
    assert time.monotonic() - start > 1
    change(server, "gateway", faults=[{"kind": "bad_gateway"}])
    answer = raw(server, "gateway")
    assert answer.startswith(b"HTTP/1.1 502")
    assert b"<html>" in answer
    assert raw(server, "sound").startswith(b"HTTP/1.1 200")


def test_seeded_faults_repeat(server: RunningServer) -> None:
    def statuses() -> list[bytes]:
        change(server, "dice", faults=[{"kind": "bad_gateway", "probability": 0.5}], seed=7)
        return [raw(server, "dice")[9:12] for _ in range(16)]

    first = statuses()
    assert set(first) == {b"200", b"502"}
    assert statuses() == first


@pytest.mark.parametrize("distribution", ["fixed", "uniform", "lognormal"])
def test_latency(server: RunningServer, distribution: str) -> None:
    change(server, "slow", latency={"distribution": distribution, "ms": 300, "to_ms": 400, "sigma": 0.0})
    start = time.monotonic()
    assert raw(server, "slow").startswith(b"HTTP/1.1 200")
    assert time.monotonic() - start > 0.29


def test_upstream_codes_are_worded_as_upstream(server: RunningServer) -> None:
    for code in UPSTREAM_CODES:
        body = upload(server, f"mock-error-{code}", b"x").json()
        assert body["error_code_str"] == "FILE_CONTENT_NON_COMPLIANCE"
