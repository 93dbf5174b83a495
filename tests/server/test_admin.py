"""The admin interface: journal, verification, reproduction, verdict, isolation, and who may ask."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.admin.client_verdict import client_verdict
from server.admin.verification import Bounds, verify_count, verify_order
from server.journal.entries import Entry, Filter, Journal
from tests.conftest import CREDITS_PATH, EDIT_PATH, RunningServer
from tests.server.test_on_demand import change, upload


def admin(server: RunningServer, path: str, **query: Any) -> Any:
    answer = httpx.get(f"{server.url}/__mock/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def entry(number: int, **fields: Any) -> Entry:
    values: dict[str, Any] = {"key": "k", "time_s": float(number), "method": "POST", "path": EDIT_PATH}
    values |= {"status": 200, "duration_ms": 10.0, **fields}
    return Entry(id=str(number), **values)


def test_one_call_whole(server: RunningServer, astronaut_jpeg: bytes) -> None:
    answer = server.edit(
        astronaut_jpeg, key="journal-key", action_type="TO_OLD", quality_control="LOW", note="a\r\nb"
    )
    (listed,) = admin(server, "requests", key="journal-key")["requests"]
    assert answer.headers["x-mock-explain"] == f"/__mock/requests/{listed['id']}"
    assert answer.headers["x-mock-result-digest"] == f"sha256={listed['result_digest']}"
    call = httpx.get(server.url + answer.headers["x-mock-explain"]).json()
    assert call["key"] == "journa..."
    assert call["status"] == 200
    assert call["credits"] == 8
    assert call["fields"] == {"action_type": "TO_OLD", "quality_control": "LOW", "note": "a\r\nb"}
    assert call["picture_size_wh"] == [512, 512]
    assert set(call["step_ms"]) == {"decode", "detect", "occlusion", "assess", "plan", "edit", "encode"}
    assert sum(call["step_ms"].values()) <= call["duration_ms"]
    assert [check["measure"] for check in call["explanation"]["checks"]][-1] == "pitch"
    picture = httpx.get(f"{server.url}/__mock/requests/{listed['id']}/picture")
    assert picture.content == astronaut_jpeg
    small = httpx.get(f"{server.url}/__mock/requests/{listed['id']}/result", params={"thumbnail_px": 64})
    assert small.headers["content-type"] == "image/jpeg"
    assert len(small.content) < 6000
    shared = httpx.get(f"{server.url}/__mock/pictures/{listed['result_digest']}", params={"thumbnail_px": 64})
    assert shared.content == small.content
    assert httpx.get(f"{server.url}/__mock/pictures/{'0' * 64}").status_code == 410
    assert httpx.get(f"{server.url}/__mock/pictures/%00").status_code == 422


def test_filters_and_counts(server: RunningServer) -> None:
    for scenario in ("UNKNOWN_ERROR", "UNKNOWN_ERROR", "ERROR_GATEWAY"):
        upload(server, "filtered", b"x", **{"X-Mock-Scenario": scenario})
    assert admin(server, "count", key="filtered") == {"count": 3, "evicted": 0}
    assert admin(server, "count", key="filtered", code="UNKNOWN_ERROR")["count"] == 2
    assert admin(server, "count", key="filtered", action="TO_KID")["count"] == 0
    newest = admin(server, "requests", key="filtered", limit=1)
    assert newest["count"] == 3
    assert [call["code"] for call in newest["requests"]] == ["ERROR_GATEWAY"]


def test_verify(server: RunningServer) -> None:
    for scenario in ("UNKNOWN_ERROR", "ERROR_GATEWAY"):
        upload(server, "verified", b"x", **{"X-Mock-Scenario": scenario})

    def verify(**wanted: Any) -> dict[str, Any]:
        return httpx.post(server.url + "/__mock/verify", json=wanted).json()

    mine = {"key": "verified"}
    assert verify(filter=mine, exactly=2)["passed"]
    assert verify(filter=mine, at_least=1, at_most=2)["passed"]
    failed = verify(filter={**mine, "code": "AI_SERVICE_ERROR"})
    assert not failed["passed"]
    assert failed["near_misses"][0]["differs_in"] == ["code"]
    steps = [{**mine, "code": "UNKNOWN_ERROR"}, {**mine, "code": "ERROR_GATEWAY"}]
    assert verify(in_order=steps)["passed"]
    assert verify(in_order=steps[::-1])["missing_step"] == 1


@pytest.mark.parametrize(
    ("file_name", "headers", "fields", "code"),
    [
        ("photo.jpg", {}, {"action_type": "TO_KID"}, ""),
        (
            'it\'s "quoted"; a, b\\c.jpg',
            {},
            {"action_type": "V2_AGE", "target": "it's 70"},
            "UNSUPPORTED_PARAMETER_VALUES",
        ),
        ("mock-error-ERROR_TASK_REVOKED.jpg", {}, {}, "ERROR_TASK_REVOKED"),
        ("photo.jpg", {"X-Mock-Scenario": "ERROR_GATEWAY"}, {}, "ERROR_GATEWAY"),
    ],
)
def test_copied_calls_run(
    server: RunningServer,
    astronaut_jpeg: bytes,
    tmp_path: Path,
    file_name: str,
    headers: dict[str, str],
    fields: dict[str, str],
    code: str,
) -> None:
    sent = {"ailabapi-api-key": "copied-secret-key", **headers}
    files = {"image": (file_name, astronaut_jpeg)}
    first = httpx.post(server.url + EDIT_PATH, headers=sent, data=fields, files=files, timeout=60).json()
    assert first["error_detail"]["code"] == code
    address = f"{server.url}/__mock/requests/{first['request_id']}"
    script, test = httpx.get(address + "/curl").text, httpx.get(address + "/pytest").text
    assert "copied-secret-key" not in script + test
    done = subprocess.run(["sh", "-ec", script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    again = json.loads(done.stdout)
    assert again["error_detail"] == first["error_detail"]
    names = [admin(server, f"requests/{one['request_id']}")["file_name"] for one in (first, again)]
    assert names[0] == names[1]
    defined: dict[str, Any] = {}
    exec(test, defined)
    defined[f"test_{(code or 'success').lower()}"]()


def test_har(server: RunningServer) -> None:
    upload(server, "archived-key", b"x", **{"X-Mock-Scenario": "UNKNOWN_ERROR"})
    log = admin(server, "requests.har", key="archived-key")["log"]
    assert log["version"] == "1.2"
    assert log["entries"][0]["response"]["status"] == 500
    assert "archived-key" not in str(log)


def test_reset_of_one_key_leaves_the_others(server: RunningServer) -> None:
    for key in ("reset-one", "reset-two"):
        change(server, key, credits=8, scenarios=["UNKNOWN_ERROR"])
        upload(server, key, b"x")
    httpx.post(server.url + "/__mock/reset", json={"key": "reset-one"}).raise_for_status()
    assert admin(server, "count", key="reset-one")["count"] == 0
    assert admin(server, "tenants/reset-one")["credits"] == 1_000_000
    assert admin(server, "count", key="reset-two")["count"] == 1
    assert admin(server, "tenants/reset-two")["credits"] == 8


def test_parallel_workers_never_meet(server: RunningServer) -> None:
    codes = ["UNKNOWN_ERROR", "ERROR_GATEWAY", "AI_SERVICE_ERROR", "EXCEEDING_LIMITS"] * 2

    def worker(number: int) -> None:
        key = f"parallel-{number}"
        change(server, key, scenarios=[codes[number]] * 5, credits=100 + number)
        for _ in range(5):
            assert upload(server, key, b"x").json()["error_detail"]["code"] == codes[number]
        assert admin(server, "count", key=key, code=codes[number])["count"] == 5
        assert admin(server, f"tenants/{key}")["credits"] == 100 + number
        httpx.post(server.url + "/__mock/reset", json={"key": key}).raise_for_status()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(worker, range(8)))


def test_admin_lies_outside_the_contract(server: RunningServer) -> None:
    before = admin(server, "count")["count"]
    admin(server, "tenants")
    assert admin(server, "count")["count"] == before
    assert len(admin(server, "errors")) == 126
    assert "/requests" in admin(server, "openapi.json")["paths"]


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_other_sites_are_refused(server: RunningServer, headers: dict[str, str]) -> None:
    answer = httpx.post(server.url + "/__mock/reset", json={}, headers=headers)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
    own = {"Origin": server.url, "Sec-Fetch-Site": "same-origin"}
    assert httpx.get(server.url + "/__mock/count", headers=own).status_code == 200


@pytest.mark.parametrize(
    "body",
    [{"scenarios": ["NOPE"]}, {"credits": -1}, {"faults": [{"kind": "x"}]}, {"unknown": 1}, {"latency": {"ms": 1e9}}],
)
def test_bad_changes_are_refused(server: RunningServer, body: dict[str, Any]) -> None:
    assert httpx.patch(server.url + "/__mock/tenants/k", json=body).status_code == 422


@pytest.mark.parametrize("body", [{"credits": 0}, {"locked": True}, {"latency": {"ms": 1}, "limits": None}])
def test_what_is_each_keys_own_cannot_be_set_for_all(server: RunningServer, body: dict[str, Any]) -> None:
    answer = httpx.patch(server.url + "/__mock/tenants/*", json=body)
    assert answer.status_code == 422
    assert "has only faults, latency, seed" in answer.json()["detail"]
    assert admin(server, "tenants/*")["latency"] is None


def test_evicted_is_counted_and_pictures_leave_first(new_server: Callable[..., RunningServer]) -> None:
    server = new_server("--journal-entries", "3", "--journal-bytes", "25")
    for number in range(5):
        upload(server, "small", f"upload {number}".encode() * 2)
    assert admin(server, "count", key="small") == {"count": 3, "evicted": 2}
    newest, *_, oldest = admin(server, "requests", key="small")["requests"]
    assert httpx.get(f"{server.url}/__mock/requests/{newest['id']}/picture").content == b"upload 4" * 2
    assert httpx.get(f"{server.url}/__mock/requests/{oldest['id']}/picture").status_code == 410
    upload(server, "small", b"one more")
    assert admin(server, "requests", key="small", before=oldest["id"])["requests"] == [], "evicted: nothing is older"


def test_a_journal_without_room_remembers_nothing(
    new_server: Callable[..., RunningServer], astronaut_jpeg: bytes
) -> None:
    server = new_server("--journal-entries", "0")
    answer = server.edit(astronaut_jpeg, key="unseen", action_type="TO_OLD")
    upload(server, "unseen", b"no picture")
    assert admin(server, "count", key="unseen") == {"count": 0, "evicted": 2}
    digest = answer.headers["X-Mock-Result-Digest"].removeprefix("sha256=")
    assert digest == hashlib.sha256(base64.b64decode(answer.json()["result"]["image"])).hexdigest()


def test_client_that_leaves_is_noted(server: RunningServer, astronaut_jpeg: bytes) -> None:
    change(server, "impatient", latency={"ms": 1500})
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(server.url + CREDITS_PATH, headers={"ailabapi-api-key": "impatient"}, timeout=0.3)
    change(server, "impatient", latency=None)
    time.sleep(1.6)
    (finding,) = admin(server, "verdict", key="impatient")["findings"]
    assert finding["rule"] == "abandoned"


def test_verdict_rules() -> None:
    same = {"fields": {"action_type": "TO_OLD"}, "picture_digest": "d"}
    calls = [
        entry(1, code="ERROR_BLURRY_FACE", status=422, **same),
        entry(2, code="AI_SERVICE_TIMEOUT", status=504, **same),
        entry(2.1, **same, result_digest="r"),
        entry(9, **same, result_digest="r"),
        entry(20, code="FILE_SIZE_EXCEEDS_LIMIT", status=413, picture_digest="e"),
        entry(21, code="ERROR_NOT_ENOUGH_CREDITS", status=429, picture_digest="f"),
        entry(30, code="ERROR_NOT_ENOUGH_CREDITS", status=429, picture_digest="f"),
    ]
    found = {(finding.rule, finding.calls) for finding in client_verdict(calls)}
    assert found == {
        ("pointless_retry", ("1", "2")),
        ("pointless_retry", ("21", "30")),
        ("no_back_off", ("2", "2.1")),
        ("paid_twice", ("2.1", "9")),
        ("checkable_before_upload", ("20",)),
    }
    broken = [entry(1, **same, result_digest="r", fault="connection_reset"), entry(2, **same, result_digest="r")]
    assert client_verdict(broken) == [], "its edit was paid and never arrived"
    slow = [entry(1, **same, result_digest="r", fault="slow_trickle"), entry(2, **same, result_digest="r")]
    assert [finding.rule for finding in client_verdict(slow)] == ["paid_twice"]
    assert client_verdict([entry(1), entry(2, code="AI_SERVICE_TIMEOUT"), entry(4, code="AI_SERVICE_TIMEOUT")]) == []


def test_journal_counts_what_it_evicts() -> None:
    journal = Journal(2)
    for number in range(5):
        journal.add(entry(number, key="a" if number < 4 else "b"))
    assert [kept.id for kept in journal.select(Filter())] == ["3", "4"]
    assert (journal.evicted("a"), journal.evicted("b"), journal.evicted()) == (3, 0, 3)
    assert verify_count(list(journal.select(Filter())), Filter(key="a"), Bounds(exactly=1))["passed"]
    assert verify_order(list(journal.select(Filter())), [Filter(key="b"), Filter(key="a")])["missing_step"] == 1
