"""The playground as a person uses it: pick a face, edit, slide, be refused, read why, copy the request, run it."""

from __future__ import annotations

import base64
import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.conftest import RunningServer
from tests.server.window.conftest import Watched


def upload(page: Page, photo: Path) -> None:
    page.set_input_files("input[type=file]", photo)
    expect(page.locator(".face-button").first).to_be_visible()


def use_key(page: Page, key: str) -> None:
    page.get_by_label("API key").fill(key)


def calls(server: RunningServer, key: str) -> list[dict]:
    return httpx.get(f"{server.url}/__mock/requests", params={"key": key}).json()["requests"]


def test_pick_a_face_edit_and_slide(
    server: RunningServer, watch: Callable[..., Watched], photos: dict[str, Path]
) -> None:
    page = watch(server.url).page
    use_key(page, "window-edit")
    upload(page, photos["two"])
    faces = page.locator(".face-button")
    expect(faces).to_have_count(2)
    pressed = [face.get_attribute("aria-pressed") for face in faces.all()]
    other = faces.nth(pressed.index("false"))
    other.click()
    expect(other).to_have_attribute("aria-pressed", "true")
    expect(other).to_be_focused()
    page.get_by_text("Child").click()
    page.get_by_role("button", name="Edit the photo").click()
    expect(page.locator(".compare")).to_be_visible()
    (call,) = calls(server, "window-edit")
    assert call["status"] == 200
    assert call["fields"]["action_type"] == "TO_KID"
    location = json.loads(call["fields"]["face_location"])
    assert 60 < location["width"] < 130
    slider = page.get_by_label("Slide between before and after")
    slider.focus()
    slider.press("End")
    assert page.locator(".compare").evaluate("box => box.style.getPropertyValue('--split')") == "100%"
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "two-to_kid.jpg"
    result = httpx.get(f"{server.url}/__mock/requests/{call['id']}/result").content
    assert Path(download.value.path()).read_bytes() == result


def test_the_dial_is_followed_and_the_last_age_wins(
    server: RunningServer, watch: Callable[..., Watched], photos: dict[str, Path]
) -> None:
    page = watch(server.url).page
    use_key(page, "window-dial")
    upload(page, photos["one"])
    page.get_by_text("Any age").click()
    page.get_by_role("button", name="Edit the photo").click()
    expect(page.locator(".compare")).to_be_visible()
    dial = page.get_by_label("Age to take, in years")
    for age in range(20, 81, 2):
        dial.fill(str(age))
        page.wait_for_timeout(15)
    expect(page.locator(".years")).to_have_text("80")
    for _ in range(100):
        ages = [call["fields"]["target"] for call in calls(server, "window-dial")]
        if ages[0] == "80":
            break
        page.wait_for_timeout(100)
    assert ages[0] == "80"
    assert ages[-1] == "70"
    assert len(ages) <= 12, "a call for every step of the dial"


def test_a_refusal_is_explained(
    server: RunningServer, watch: Callable[..., Watched], photos: dict[str, Path]
) -> None:
    page = watch(server.url).page
    use_key(page, "window-refused")
    upload(page, photos["covered"])
    page.locator("label").filter(has_text=re.compile("^HIGH$")).click()
    page.get_by_role("button", name="Edit the photo").click()
    notice = page.get_by_label("Refusal")
    expect(notice).to_contain_text("ERROR_MOUTH_OCCLUSION_TOO_HIGH")
    expect(notice).to_contain_text(re.compile(r"The mouth is \d+ % covered\. HIGH allows at most 20 %\."))
    expect(notice).to_contain_text(re.compile("It would pass at"))
    expect(page.locator(".overlay .fault")).to_have_count(1)
    notice.get_by_role("button", name=re.compile("^Try at")).click()
    expect(page.locator(".compare")).to_be_visible()
    assert [call["status"] for call in calls(server, "window-refused")] == [200, 422]


def test_refusals_without_a_face(server: RunningServer, watch: Callable[..., Watched], tmp_path: Path) -> None:
    page = watch(server.url).page
    (tmp_path / "notes.jpg").write_text("no picture at all")
    page.set_input_files("input[type=file]", tmp_path / "notes.jpg")
    expect(page.get_by_label("Refusal")).to_contain_text("The file is not JPEG, PNG or BMP.")


def test_credits_run_out(server: RunningServer, watch: Callable[..., Watched], photos: dict[str, Path]) -> None:
    page = watch(server.url).page
    use_key(page, "mock-credits-0-window")
    upload(page, photos["one"])
    page.get_by_role("button", name="Edit the photo").click()
    expect(page.get_by_label("Refusal")).to_contain_text("fewer than the 8 credits")


def test_all_six(server: RunningServer, watch: Callable[..., Watched], photos: dict[str, Path]) -> None:
    page = watch(server.url).page
    use_key(page, "window-six")
    upload(page, photos["one"])
    page.get_by_role("button", name="All six at once").click()
    expect(page.locator(".tile img")).to_have_count(6)
    actions = [call["fields"]["action_type"] for call in calls(server, "window-six")]
    assert actions == ["V2_GENDER", "V2_AGE", "TO_MALE", "TO_FEMALE", "TO_OLD", "TO_KID"]


def test_camera(server: RunningServer, watch: Callable[..., Watched]) -> None:
    page = watch(server.url).page
    page.get_by_role("button", name="Camera").click()
    expect(page.locator("video")).not_to_have_js_property("videoWidth", 0)
    page.get_by_role("button", name="Take the photo").click()
    expect(page.get_by_alt_text("Your photo, camera.jpg")).to_be_visible()


def copied(page: Page, tab: str) -> str:
    page.get_by_role("tab", name=tab).click()
    panel = page.get_by_label("Request", exact=True)
    panel.get_by_role("button", name="Copy").click()
    expect(panel.get_by_role("button", name="Copied")).to_be_visible()
    return page.evaluate("navigator.clipboard.readText()")


def send_http_text(text: str, folder: Path) -> bytes:
    """Send the text as editors with a client for .http files do: `< ./file` stands for the file's bytes."""
    head, _, body = text.partition("\n\n")
    request_line, *headers = head.split("\n")
    method, url = request_line.split(" ")
    host, _, path = url.removeprefix("http://").partition("/")
    lines = [
        (folder / line.removeprefix("< ./")).read_bytes() if line.startswith("< ./") else line.encode()
        for line in body.split("\n")
    ]
    content = b"\r\n".join(lines)
    top = [f"{method} /{path} HTTP/1.1", f"Host: {host}", "Connection: close", f"Content-Length: {len(content)}"]
    with socket.create_connection((host.partition(":")[0], int(host.partition(":")[2])), timeout=60) as connection:
        connection.sendall("\r\n".join([*top, *headers]).encode() + b"\r\n\r\n" + content)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_copied_requests_run(
    server: RunningServer, watch: Callable[..., Watched], photos: dict[str, Path], tmp_path: Path
) -> None:
    awkward = tmp_path / "it's a; photo, 100%.jpg"
    awkward.write_bytes(photos["two"].read_bytes())
    page = watch(server.url, permissions=["clipboard-read", "clipboard-write"]).page
    use_key(page, "window-copied")
    upload(page, awkward)
    page.locator(".face-button[aria-pressed=false]").click()
    page.get_by_text("Gender 0/1").click()
    page.locator("label").filter(has_text=re.compile("^LOW$")).click()

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    answer = json.loads(run("sh", "-ec", copied(page, "curl")))
    picture = base64.b64decode(answer["result"]["image"])
    edited = tmp_path / "edited.jpg"
    (tmp_path / "edit.py").write_text(copied(page, "Python"), encoding="utf-8")
    run(sys.executable, "edit.py")
    assert edited.read_bytes() == picture
    if shutil.which("node"):
        edited.unlink()
        (tmp_path / "edit.mjs").write_text(copied(page, "Node"), encoding="utf-8")
        run("node", "edit.mjs")
        assert edited.read_bytes() == picture
    raw = send_http_text(copied(page, "HTTP text"), tmp_path)
    assert json.loads(raw.partition(b"\r\n\r\n")[2])["result"]["image"] == answer["result"]["image"]
    fields = [call["fields"] for call in calls(server, "window-copied")]
    assert len(fields) >= 3
    assert all(one == fields[0] for one in fields)
    assert set(fields[0]) == {"action_type", "target", "quality_control", "face_location"}


def test_a_newcomer_has_a_sample_and_its_request_runs(
    server: RunningServer, watch: Callable[..., Watched], tmp_path: Path
) -> None:
    page = watch(server.url, permissions=["clipboard-read", "clipboard-write"]).page
    expect(page.locator(".face-button")).to_have_count(1)
    expect(page.get_by_role("button", name=re.compile("^Sample: "))).to_have_count(8)
    page.get_by_role("button", name="Sample: An old man").click()
    expect(page.get_by_alt_text("Your photo, man-70.jpg")).to_be_visible()
    done = subprocess.run(
        ["sh", "-ec", copied(page, "curl")], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(done.stdout)["error_code"] == 0
    assert (tmp_path / "man-70.jpg").read_bytes() == httpx.get(f"{server.url}/__mock/samples/man-70.jpg").content


@pytest.mark.parametrize("key", ["schlüssel", "ключ"])
def test_a_key_that_no_header_can_carry(
    server: RunningServer, watch: Callable[..., Watched], photos: dict[str, Path], key: str
) -> None:
    page = watch(server.url).page
    use_key(page, key)
    upload(page, photos["one"])
    page.get_by_role("button", name="Edit the photo").click()
    expect(page.locator(".compare, .notice.bad").first).to_be_visible()
