"""What the window is built on: inspection, the feed, replay, the catalogue, and its own files."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from server.admin.replay import multipart_body
from server.admin.thumbnail import Thumbnails
from server.admin.window_page import FILES, MEDIA_TYPES, window_file
from server.contract.error_table import ERROR_TABLE
from server.journal.feed import KEPT_EVENTS, JournalFeed
from server.wire.multipart_form import parse_multipart
from tests.conftest import EDIT_PATH, ROOT, RunningServer, encode, start_server
from tests.server.test_admin import admin, entry
from tests.server.test_on_demand import change, upload


def inspect(server: RunningServer, picture: bytes, location: dict[str, float] | None = None) -> dict[str, Any]:
    query = {"face_location": json.dumps(location)} if location else {}
    answer = httpx.post(server.url + "/__mock/inspect", params=query, content=picture, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_inspection_tells_what_an_edit_would_measure(
    server: RunningServer, astronaut: np.ndarray, astronaut_jpeg: bytes
) -> None:
    before = admin(server, "count")["count"]
    seen = inspect(server, astronaut_jpeg)
    assert admin(server, "count")["count"] == before
    assert seen["size_wh"] == [512, 512]
    assert seen["refusal"] is None
    assert len(seen["faces"]) == 1
    assert len(seen["faces"][0]["outline"]) == 36
    measured = seen["measured"]
    answer = server.edit(astronaut_jpeg, key="inspected", action_type="TO_OLD", quality_control="HIGH")
    call = httpx.get(server.url + answer.headers["x-mock-explain"]).json()
    values = {check["measure"]: check["value"] for check in call["explanation"]["checks"]}
    assert {check["measure"]: check["value"] for check in measured["checks"]} == values
    assert measured["passes_at"] == ["LOW", "NORMAL", "HIGH"]
    assert measured["regions"][0]["name"] == "left_eye"
    right_x, right_y = measured["axes"]["right"]
    assert right_x > 0.95
    assert abs(right_y) < 0.2
    assert server.url not in json.dumps(seen)


def test_inspection_of_the_second_face(server: RunningServer, astronaut: np.ndarray) -> None:
    picture = encode(np.ascontiguousarray(np.hstack([astronaut, astronaut[:, ::-1]])))
    first = inspect(server, picture)
    other = next(index for index in range(2) if index != first["chosen"])
    second = inspect(server, picture, first["faces"][other]["box"])
    box = second["faces"][second["chosen"]]["box"]
    assert abs(box["left"] - first["faces"][other]["box"]["left"]) < 1


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (b"", "UNSUPPORTED_FILE_TYPES"),
        (b"\xff\xd8\xff cut", "FILE_DECODING_FAILURE"),
        (encode(np.full((300, 300, 3), 128, np.uint8)), "ERROR_NO_FACE_IN_FILE"),
        (encode(np.full((100, 300, 3), 128, np.uint8)), "ERROR_LOW_RESOLUTION"),
    ],
)
def test_inspection_names_the_refusal(server: RunningServer, picture: bytes, code: str) -> None:
    seen = inspect(server, picture)
    assert seen["refusal"]["code"] == code
    assert seen["measured"] is None


def test_inspection_refuses_a_wrong_location(server: RunningServer, astronaut_jpeg: bytes) -> None:
    url = server.url + "/__mock/inspect"
    answer = httpx.post(url, params={"face_location": "{}"}, content=astronaut_jpeg)
    assert answer.status_code == 422
    assert "left must be a number" in answer.json()["detail"]


def test_cover_is_where_it_was_put(server: RunningServer, astronaut: np.ndarray) -> None:
    covered = astronaut.copy()
    covered[138:182, 190:262] = (90, 120, 200)
    measured = inspect(server, encode(covered, quality=92))["measured"]
    heavy = np.array([part["corners"] for part in measured["cover"] if part["ratio"] > 0.8]).reshape(-1, 2)
    assert len(heavy) > 60
    assert (heavy[:, 1] > 130).mean() > 0.95
    assert measured["decided_by"]["HIGH"] == "mouth"
    assert measured["codes"]["HIGH"] == "ERROR_MOUTH_OCCLUSION_TOO_HIGH"


@contextmanager
def listening(server: RunningServer, **query: Any) -> Iterator[Iterator[str]]:
    with httpx.stream("GET", server.url + "/__mock/events", params=query, timeout=20) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert next(line for line in lines if line.startswith("event")) == "event: hello"
        yield lines


def test_events_follow_the_journal(server: RunningServer) -> None:
    with listening(server) as lines:
        upload(server, "feed-key-secret", b"x", **{"X-Mock-Scenario": "ERROR_GATEWAY"})
        data = next(line for line in lines if line.startswith("data: {") and "ERROR_GATEWAY" in line)
        call = json.loads(data.removeprefix("data: "))
        assert call["code"] == "ERROR_GATEWAY"
        assert call["key"] == "feed-k..."
        change(server, "feed-key-secret", credits=1)
        httpx.post(server.url + "/__mock/reset", json={"key": "feed-key-secret"})
        assert "event: reload" in lines
    with listening(server, since=0) as lines:
        assert "event: reload" in lines


def test_a_listener_who_missed_too_much_loads_anew() -> None:
    async def run() -> tuple[str, str]:
        feed = JournalFeed()
        slow = feed.listen(None)
        await anext(slow)
        for number in range(3):
            feed.publish(entry(number))
        some = await anext(slow)
        for number in range(KEPT_EVENTS + 1):
            feed.publish(entry(number))
        much = await anext(slow)
        await slow.aclose()
        return some, much

    some, much = asyncio.run(run())
    assert some.count("event: call") == 3
    assert "event: reload" in much
    assert "event: call" not in much


def test_a_server_with_open_feeds_leaves_at_once(server: RunningServer) -> None:
    own = start_server()
    with httpx.stream("GET", own.url + "/__mock/events", timeout=20) as answer:
        assert next(answer.iter_lines()) == "retry: 2000"
        assert own.stop() in (0, -15, 143)


def test_replay_is_a_call_like_any(server: RunningServer, astronaut_jpeg: bytes) -> None:
    change(server, "replayed", credits=16)
    first = server.edit(astronaut_jpeg, key="replayed", action_type="V2_AGE", target="60", note='a"b\r\nc')
    request_id = first.json()["request_id"]
    again = httpx.post(f"{server.url}/__mock/requests/{request_id}/replay", json={}, timeout=60).json()
    assert again["status"] == 200
    one, two = (admin(server, f"requests/{name}") for name in (request_id, again["request_id"]))
    for same in ("fields", "file_name", "picture_digest", "result_digest", "method", "path"):
        assert one[same] == two[same]
    assert admin(server, "tenants/replayed")["credits"] == 0
    broke = httpx.post(f"{server.url}/__mock/requests/{request_id}/replay", json={}).json()
    assert broke["status"] == 429


def test_replay_plays_the_header_again_and_faults_too(server: RunningServer) -> None:
    upload(server, "replayed-header", b"x", **{"X-Mock-Scenario": "ERROR_TASK_REVOKED"})
    (call,) = admin(server, "requests", key="replayed-header")["requests"]
    assert call["picture_bytes"] == 1
    url = f"{server.url}/__mock/requests/{call['id']}/replay"
    assert httpx.post(url, json={}).json()["status"] == 410
    change(server, "replayed-header", faults=[{"kind": "connection_reset"}])
    assert httpx.post(url, json={}).json() == {"status": 0, "request_id": ""}
    assert httpx.post(server.url + "/__mock/requests/nope/replay", json={}).status_code == 404


@pytest.mark.parametrize("name", ["plain", 'a "b"', "c\\d", 'both \\"', "ünï ☃", "a; b=c, %22", ""])
def test_a_replayed_form_says_the_same(name: str) -> None:
    call = entry(1, fields={name: "a\r\nb"}, file_name=name)
    text, file = parse_multipart(*multipart_body(call, b"--picture\r\n"))
    assert (text.name, text.text, text.is_file) == (name, "a\r\nb", False)
    assert (file.name, file.file_name, file.content) == ("image", name, b"--picture\r\n")


def test_envelope_is_kept_without_its_picture(server: RunningServer, astronaut_jpeg: bytes) -> None:
    answer = server.edit(astronaut_jpeg, key="envelopes", action_type="TO_KID").json()
    kept = admin(server, f"requests/{answer['request_id']}")["envelope"]
    assert kept["result"]["image"] == f"... {len(answer['result']['image'])} characters of base64 ..."
    refusal = server.edit(astronaut_jpeg, key="envelopes", action_type="NOPE").json()
    assert admin(server, f"requests/{refusal['request_id']}")["envelope"] == refusal


def test_pages_of_the_list(server: RunningServer) -> None:
    for number in range(5):
        upload(server, "paged", b"x", **{"X-Mock-Scenario": list(ERROR_TABLE)[number]})
    newest = admin(server, "requests", key="paged", limit=2, summary=True)
    older = admin(server, "requests", key="paged", limit=9, summary=True, before=newest["requests"][-1]["id"])
    codes = [call["code"] for call in newest["requests"] + older["requests"]]
    assert codes == list(ERROR_TABLE)[4::-1]
    assert "explanation" not in newest["requests"][0]
    assert admin(server, "count", key="paged", code="refused")["count"] == 5
    assert admin(server, "count", key="paged", text="missing_TASKS")["count"] == 0
    assert admin(server, "count", key="paged", text="missing_PARAM")["count"] == 1


def test_catalogue_names_causes(server: RunningServer) -> None:
    catalogue = {error["code"]: error for error in admin(server, "errors")}
    assert list(catalogue) == list(ERROR_TABLE)
    assert catalogue["ERROR_BLURRY_FACE"]["causes"] == ["blur: over the limit"]
    assert catalogue["ERROR_TASK_REVOKED"]["causes"] == []
    ways = catalogue["ERROR_TASK_REVOKED"]["on_demand"]
    name, _, value = ways["header"].partition(": ")
    for key, file_name, headers in (
        ("k", "a.jpg", {name: value}),
        (ways["key"], "a.jpg", {}),
        ("k", ways["file_name"], {}),
    ):
        answer = httpx.post(
            server.url + EDIT_PATH, headers={"ailabapi-api-key": key, **headers}, files={"image": (file_name, b"x")}
        )
        assert answer.status_code == 410
        assert answer.json()["error_detail"]["message"] == catalogue["ERROR_TASK_REVOKED"]["message"]


def test_contract_document_names_this_server(server: RunningServer) -> None:
    document = admin(server, "vendor-openapi.json")
    assert document["servers"][0]["url"] == server.url
    assert EDIT_PATH in document["paths"]


def test_every_sample_passes_at_high(server: RunningServer) -> None:
    samples = admin(server, "samples")
    assert len(samples) == 8
    for sample in samples:
        picture = httpx.get(f"{server.url}/__mock/samples/{sample['name']}")
        assert picture.headers["content-type"] == "image/jpeg"
        seen = inspect(server, picture.content)
        assert (sample["name"], seen["measured"]["passes_at"]) == (sample["name"], ["LOW", "NORMAL", "HIGH"])
    small = httpx.get(f"{server.url}/__mock/samples/{samples[0]['name']}", params={"thumbnail_px": 64})
    assert len(small.content) < 6000
    assert httpx.get(f"{server.url}/__mock/samples/..%2Findex.html").status_code == 404


def test_thumbnails_are_made_once(astronaut_jpeg: bytes) -> None:
    async def run() -> list[bytes | None]:
        thumbnails = Thumbnails()
        return await asyncio.gather(*(thumbnails.of("digest", astronaut_jpeg, 64) for _ in range(20)))

    made = asyncio.run(run())
    assert made[0] is not None
    assert all(one is made[0] for one in made)


def test_page_and_its_headers(server: RunningServer) -> None:
    answer = httpx.get(server.url + "/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert httpx.head(server.url + "/").status_code == 200
    assert httpx.post(server.url + "/").status_code == 401
    for name in ("js/main.js", "css/base.css", "icon.svg", "pictures/TO_OLD.jpg"):
        found = httpx.get(f"{server.url}/__mock/window/{name}")
        assert found.headers["content-type"] == MEDIA_TYPES[Path(name).suffix]
        assert found.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["../admin.py", "nope.js", "js", "", "js/../../admin.js", "/etc/passwd", "%2e%2e/admin.py"]
)
def test_only_files_of_the_window_are_served(server: RunningServer, name: str) -> None:
    assert httpx.get(f"{server.url}/__mock/window/{name}").status_code == 404
    assert window_file(name).status_code == 404


def window_texts() -> dict[str, str]:
    return {
        str(path.relative_to(FILES)): path.read_text("utf-8") for path in FILES.rglob("*.*") if path.suffix != ".jpg"
    }


def test_the_window_is_small_and_needs_nobody() -> None:
    texts = window_texts()
    assert sum(len(text.encode()) for text in texts.values()) < 200_000
    for name, text in texts.items():
        addresses = set(re.findall(r"https?://[\w.]+", text)) - {"http://www.w3.org"}
        assert not addresses, (name, addresses)
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            name
        )
        if name.endswith(".html"):
            assert not re.search(r"<style|\son\w+=|\sstyle=|<script(?![^>]*\ssrc=)", text), name


def test_every_module_is_used_and_every_import_leads_somewhere() -> None:
    modules = {path.resolve() for path in (FILES / "js").rglob("*.js")}
    imported = {(FILES / "js" / "main.js").resolve()}
    for path in modules:
        for target in re.findall(r"""(?:from|import\()\s*["'](\.[^"']+)["']""", path.read_text("utf-8")):
            assert (path.parent / target).resolve() in modules, f"{path.name} imports {target}"
            imported.add((path.parent / target).resolve())
    assert modules == imported


def test_the_wheel_carries_the_window(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=100)
    (wheel,) = tmp_path.glob("*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())
    assert {f"server/window/{path.relative_to(FILES)}" for path in FILES.rglob("*.*")} <= carried


def test_summary_holds_no_key() -> None:
    shown = entry(1, key="a-long-secret-key").as_summary()
    assert "secret" not in json.dumps(shown)
