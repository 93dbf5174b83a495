"""The journal as it happens, and one call opened."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.conftest import EDIT_PATH, RunningServer
from tests.server.postgres import Cluster
from tests.server.window.conftest import Watched

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>.jpg'


def refuse(server: RunningServer, key: str, file_name: str = "a.jpg", content: bytes = b"no picture") -> str:
    """Send a call with a hostile field; return its id."""
    headers, files = {"ailabapi-api-key": key}, {"image": (file_name, content)}
    answer = httpx.post(server.url + EDIT_PATH, headers=headers, data={"action_type": HOSTILE}, files=files)
    assert answer.json()["error_detail"]["code"] == "UNSUPPORTED_PARAMETER_VALUES"
    return str(answer.json()["request_id"])


def test_a_call_appears_at_once_and_opens(
    server: RunningServer, watch: Callable[..., Watched], astronaut_jpeg: bytes, tmp_path: Path
) -> None:
    page = watch(f"{server.url}/#/journal").page
    expect(page.locator("#feed")).to_have_text("live")
    expect(page.get_by_role("status").filter(has_text=re.compile("calls?"))).to_be_visible()
    answer = server.edit(astronaut_jpeg, key="window-live", action_type="TO_OLD", quality_control="HIGH").json()
    row = page.locator(f"li[data-id='{answer['request_id']}'] a")
    expect(row).to_contain_text("TO_OLD")
    expect(row.locator(".thumbs img")).to_have_count(2)
    row.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("TO_OLD")
    expect(page.locator(".check")).to_have_count(13)
    for step in ("decode", "detect", "edit", "encode"):
        expect(page.locator(".steps")).to_contain_text(step)
    expect(page.get_by_label("Envelope")).to_contain_text(answer["request_id"])
    expect(page.locator(".compare img").first).to_be_visible()
    curl = page.get_by_label("curl", exact=True).inner_text()
    done = subprocess.run(["sh", "-ec", curl], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert '"image"' in done.stdout
    page.get_by_role("button", name="Replay").click()
    expect(page).not_to_have_url(re.compile(answer["request_id"]))
    expect(page.locator(".compare")).to_be_visible()
    count = httpx.get(server.url + "/__mock/count", params={"key": "window-live"}).json()["count"]
    assert count == 2


def test_search_and_filters(server: RunningServer, watch: Callable[..., Watched]) -> None:
    wanted = refuse(server, "window-search", "needle in the hay.jpg")
    refuse(server, "window-search")
    page = watch(f"{server.url}/#/journal").page
    rows = page.locator(".calls li")
    page.get_by_role("searchbox").fill("NEEDLE in")
    expect(rows).to_have_count(1)
    expect(rows.first).to_have_attribute("data-id", wanted)
    page.get_by_role("combobox", name="Outcome").select_option("ok")
    expect(rows).to_have_count(0)
    page.get_by_role("combobox", name="Outcome").select_option("refused")
    expect(rows).to_have_count(1)
    page.get_by_role("searchbox").fill("")
    page.get_by_role("combobox", name="API key").select_option("window-search")
    expect(rows).to_have_count(2)
    refuse(server, "window-search")
    expect(rows).to_have_count(3)


def test_a_filtered_list_follows_while_calls_keep_coming(
    server: RunningServer, watch: Callable[..., Watched]
) -> None:
    page = watch(f"{server.url}/#/journal").page
    page.get_by_role("searchbox").fill("steady stream")
    expect(page.get_by_role("status").filter(has_text="0 calls match.")).to_be_visible()
    for _ in range(150):
        refuse(server, "window-steady", "steady stream.jpg")
        page.wait_for_timeout(100)
        if page.locator(".calls li").count():
            return
    pytest.fail("the list waits for a pause that never comes")


def test_many_pages_of_a_browser_share_one_connection(server: RunningServer, watch: Callable[..., Watched]) -> None:
    first = watch(f"{server.url}/#/journal").page
    others = [first.context.new_page() for _ in range(8)]
    for page in others:
        page.goto(f"{server.url}/#/journal")
        expect(page.locator("#feed")).to_have_text("live")
    request_id = refuse(server, "window-many")
    for page in (first, *others):
        expect(page.locator(f"li[data-id='{request_id}']")).to_be_visible()
    first.close()
    request_id = refuse(server, "window-many")
    for page in others:
        expect(page.locator(f"li[data-id='{request_id}']")).to_be_visible()


def test_an_unmeasured_photo_can_be_measured_later(
    server: RunningServer, watch: Callable[..., Watched], astronaut_jpeg: bytes
) -> None:
    answer = server.edit(astronaut_jpeg, key="window-later", action_type="TO_KID").json()
    page = watch(f"{server.url}/#/journal/{answer['request_id']}").page
    page.get_by_role("button", name="Measure the photo").click()
    expect(page.locator(".check")).to_have_count(13)


def test_what_clients_send_stays_text(server: RunningServer, watch: Callable[..., Watched]) -> None:
    request_id = refuse(server, "<b>window</b>", file_name=HOSTILE)
    page = watch(f"{server.url}/#/journal/{request_id}").page
    expect(page.get_by_label("Call", exact=True)).to_contain_text("onerror=alert(1)")
    expect(page.get_by_label("Form", exact=True)).to_contain_text("<script>alert(2)</script>")
    assert page.locator("main script, main img[src='x'], main b").count() == 0
    page.goto(f"{server.url}/#/journal")
    expect(page.locator(".calls a").first).to_contain_text("<script>")
    page.goto(f"{server.url}/#/journal/%3Cimg%20src%3Dx%3E")
    expect(page.get_by_role("heading", level=1)).to_have_text("This call is not there")


def test_a_thousand_calls_are_paged_and_evicted_ones_told(
    new_server: Callable[..., RunningServer], watch: Callable[..., Watched]
) -> None:
    server = new_server("--journal-entries", "1000", "--journal-bytes", "13")
    with httpx.Client(base_url=server.url) as client:
        for number in range(1010):
            client.get("/api/nowhere", headers={"ailabapi-api-key": f"key-{number % 3}"})
    upload = refuse(server, "evicted")
    refuse(server, "evicted", content=b"thirteen more")
    page = watch(f"{server.url}/#/journal").page
    expect(page.get_by_text("1,000 calls; 12 older ones were evicted for want of room.")).to_be_visible()
    assert page.locator(".calls li").count() == 50
    page.get_by_role("button", name="Show older calls").click()
    expect(page.locator(".calls li")).to_have_count(100)
    ids = page.locator(".calls li").evaluate_all("rows => rows.map(row => row.dataset.id)")
    assert len(set(ids)) == 100
    page.goto(f"{server.url}/#/journal/{upload}")
    expect(page.get_by_text("it was evicted")).to_be_visible()


def test_calls_of_another_host_appear_too(
    cluster: Cluster, new_server: Callable[..., RunningServer], watch: Callable[..., Watched]
) -> None:
    state = ("--state", cluster.new_database())
    here, there = new_server(*state), new_server(*state)
    page = watch(f"{here.url}/#/journal").page
    expect(page.get_by_text("No calls yet")).to_be_visible()
    request_id = refuse(there, "another-host")
    expect(page.locator(f"li[data-id='{request_id}']")).to_be_visible()


def test_verdict_names_its_calls(server: RunningServer, watch: Callable[..., Watched], astronaut_jpeg: bytes) -> None:
    for _ in range(2):
        server.edit(astronaut_jpeg, key="window-verdict", action_type="NOPE")
    page = watch(f"{server.url}/#/verdict/window-verdict").page
    finding = page.get_by_label("Pointless retry")
    expect(finding).to_contain_text("UNSUPPORTED_PARAMETER_VALUES")
    finding.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("NOPE")
