"""Every view: accessible in light and dark, without a request to anywhere else, and on a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.conftest import RunningServer
from tests.server.window.conftest import Watched

PHONE = {"viewport": {"width": 390, "height": 844}}
READY = {
    "playground": ".face-button",
    "quality": ".check >> nth=12",
    "journal": ".calls a",
    "verdict": ".card >> nth=4",
    "control": ".card >> nth=6",
    "catalogue": ".errors li >> nth=125",
    "reference": ".operation",
}


@pytest.fixture(scope="module")
def filled(server: RunningServer, astronaut_jpeg: bytes) -> str:
    """The server with a success and a refusal in its journal; the refusal's id."""
    server.edit(astronaut_jpeg, key="window-views", action_type="TO_OLD")
    request = {"action_type": "TO_OLD", "quality_control": "HIGH"}
    return server.edit(b"\xff\xd8\xff nothing", key="window-views", **request).json()["request_id"]


def visit_all(page: Page, url: str, photo: Path, entry: str, look: Callable[[str], None]) -> None:
    page.set_input_files("input[type=file]", photo)
    for view, ready in READY.items():
        page.evaluate("view => { location.hash = `#/${view}` }", view)
        expect(page.locator(ready).first).to_be_visible()
        if view in ("catalogue", "reference"):
            page.locator("main details summary").last.click()
        look(view)
    page.evaluate("id => { location.hash = `#/journal/${id}` }", entry)
    expect(page.get_by_label("Reproduce")).to_be_visible()
    look("entry")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    server: RunningServer, watch: Callable[..., Watched], photos: dict[str, Path], filled: str, scheme: str
) -> None:
    page = watch(server.url, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True).page
    axe = Axe()
    found: dict[str, list[str]] = {}

    def look(view: str) -> None:
        violations = axe.run(page).response["violations"]
        serious = [one for one in violations if one["impact"] in ("serious", "critical")]
        found[view] = [f"{one['id']}: {node['html'][:160]}" for one in serious for node in one["nodes"][:3]]

    visit_all(page, server.url, photos["two"], filled, look)
    assert len(found) == 8
    assert {view: faults for view, faults in found.items() if faults} == {}


def test_nothing_is_asked_of_anybody_else(
    server: RunningServer, watch: Callable[..., Watched], photos: dict[str, Path], filled: str
) -> None:
    watched = watch(server.url)
    visit_all(watched.page, server.url, photos["one"], filled, lambda view: None)
    assert len(watched.addresses) > 20
    own = (server.url + "/", f"blob:{server.url}/")
    assert [address for address in watched.addresses if not address.startswith(own)] == []


def test_nothing_is_wider_than_a_phone(
    server: RunningServer, watch: Callable[..., Watched], photos: dict[str, Path], filled: str
) -> None:
    page = watch(server.url, **PHONE).page
    widths: dict[str, int] = {}

    def look(view: str) -> None:
        widths[view] = page.evaluate("document.documentElement.scrollWidth")

    visit_all(page, server.url, photos["one"], filled, look)
    assert {view: width for view, width in widths.items() if width > 390} == {}


def test_keyboard_alone(server: RunningServer, watch: Callable[..., Watched], photos: dict[str, Path]) -> None:
    page = watch(server.url).page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.set_input_files("input[type=file]", photos["two"])
    expect(page.locator(".face-button")).to_have_count(2)
    page.locator(".face-button[aria-pressed=false]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".face-button[aria-pressed=true]")).to_be_focused()
    page.locator("input[name=action]:checked").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[name=action]:checked")).to_have_value("TO_FEMALE")
    page.get_by_role("tab", name="curl").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Python")).to_be_focused()
    expect(page.get_by_role("tabpanel")).to_contain_text("AILabClient")


def test_quality_view(server: RunningServer, watch: Callable[..., Watched], photos: dict[str, Path]) -> None:
    page = watch(f"{server.url}/#/quality").page
    page.set_input_files("input[type=file]", photos["covered"])
    expect(page.locator(".check")).to_have_count(13)
    expect(page.locator(".levels")).to_contain_text("HIGH: refused")
    expect(page.locator(".levels")).to_contain_text("ERROR_MOUTH_OCCLUSION_TOO_HIGH")
    assert page.locator(".overlay .heat").count() > 20
    page.get_by_label("What covers the face").uncheck()
    expect(page.locator(".overlay .heat")).to_have_count(0)
    assert page.locator(".overlay line").count() == 6
    count = httpx.get(server.url + "/__mock/requests", params={"text": "covered.jpg"}).json()["requests"]
    assert [call for call in count if not call["fields"]] == []


def test_control_changes_a_key(server: RunningServer, watch: Callable[..., Watched]) -> None:
    def tenant() -> dict:
        return httpx.get(server.url + "/__mock/tenants/window-control").json()

    page = watch(f"{server.url}/#/control/window-control").page
    page.get_by_label("New balance").fill("24")
    page.get_by_label("Credits", exact=True).get_by_role("button", name="Set").click()
    expect(page.locator(".figure")).to_have_text("24")
    command = page.get_by_label("The same by the admin interface").inner_text()
    assert json.loads(re.search(r"-d '(.*)'", command)[1]) == {"credits": 24}
    queue = page.get_by_label("Next answers", exact=True)
    queue.get_by_role("textbox").fill("ok AI_SERVICE_TIMEOUT")
    queue.get_by_role("button", name="Set").click()
    expect(queue.get_by_role("textbox")).to_have_value("ok\nAI_SERVICE_TIMEOUT")
    queue.get_by_role("textbox").fill("NOPE")
    queue.get_by_role("button", name="Set").click()
    expect(page.get_by_role("alert").filter(has_text="Not changed")).to_contain_text("NOPE")
    page.get_by_label("bad_gateway").fill("100")
    page.get_by_label("Faults", exact=True).get_by_role("button", name="Set").click()
    expect(page.get_by_label("bad_gateway")).to_have_value("100")
    page.get_by_label("Added waiting").select_option("uniform")
    page.get_by_label("Latency", exact=True).get_by_role("button", name="Set").click()
    expect(page.get_by_label("Added waiting")).to_have_value("uniform")
    page.get_by_label("Calls a second").fill("5")
    page.get_by_label("Limits", exact=True).get_by_role("button", name="Set").click()
    expect(page.get_by_label("Calls a second")).to_have_value("5")
    before_s = tenant()["clock_s"]
    page.get_by_role("button", name="+1 day").click()
    expect(page.get_by_label("The same by the admin interface")).to_contain_text("86400")
    page.get_by_role("button", name="Lock the key").click()
    expect(page.get_by_role("button", name="Unlock the key")).to_be_visible()
    changed = tenant()
    assert changed["credits"] == 24
    assert changed["scenarios"] == ["ok", "AI_SERVICE_TIMEOUT"]
    assert changed["faults"] == [{"kind": "bad_gateway", "probability": 1.0}]
    assert changed["latency"] == {"distribution": "uniform", "ms": 300.0, "to_ms": 900.0, "sigma": 0.5}
    assert changed["limits"] == {"per_second": 5, "concurrent": None}
    assert changed["locked"]
    assert changed["clock_s"] - before_s >= 86400
    page.get_by_role("button", name="This key").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    expect(page.locator(".figure")).to_have_text("1,000,000")
    assert not tenant()["locked"]


def test_catalogue_and_reference(server: RunningServer, watch: Callable[..., Watched]) -> None:
    page = watch(f"{server.url}/#/catalogue").page
    expect(page.locator(".errors li")).to_have_count(126)
    page.get_by_label("HTTP status").select_option("504")
    expect(page.locator(".errors li")).to_have_count(2)
    page.get_by_text("AI_SERVICE_TIMEOUT", exact=True).click()
    ways = page.locator("details[open] .ways")
    expect(ways).to_contain_text("the edit timed out")
    expect(ways).to_contain_text("mock-error-AI_SERVICE_TIMEOUT.jpg")
    page.goto(f"{server.url}/#/reference")
    expect(page.locator(".operation")).to_have_count(2)
    page.get_by_text("Admin interface", exact=True).click()
    expect(page.get_by_text("/__mock/inspect", exact=True)).to_be_visible()


def test_theme_is_remembered(server: RunningServer, watch: Callable[..., Watched]) -> None:
    page = watch(server.url, color_scheme="light").page
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Theme: light").click()
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    assert page.evaluate(paper) != light
    page.reload()
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    assert page.evaluate(paper) != light


def test_token(new_server: Callable[..., RunningServer], watch: Callable[..., Watched]) -> None:
    server = new_server("--admin-token", "s3cret; token")
    page = watch(server.url).page
    page.get_by_label("Token").fill("wrong")
    page.get_by_role("button", name="Open").click()
    page.get_by_label("Token").fill("s3cret; token")
    page.get_by_role("button", name="Open").click()
    expect(page.locator("#feed")).to_have_text("live")
    page.evaluate("location.hash = '#/control'")
    expect(page.locator(".figure")).to_be_visible()
    assert "s3cret" not in page.url
