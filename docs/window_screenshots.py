"""Pictures of every view of the window, to be looked at: `python -m docs.window_screenshots FOLDER`.

Needs Chromium. Takes each view on a desktop and on a phone, light and dark; with `--readme` the README's too.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from skimage import data

ROOT = Path(__file__).parents[1]
README_PICTURE = ROOT / "docs" / "images" / "window.jpg"
EDIT_PATH = "/api/portrait/effects/face-attribute-editing"
VIEWPORTS = {"desktop": {"width": 1280, "height": 860}, "phone": {"width": 390, "height": 844}}
SCHEMES = ("light", "dark")
SETTLE_MS = 700


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--readme", action="store_true", help="also draw docs/images/window.jpg")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with _serving() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        covered = arguments.folder / "covered.jpg"
        _draw_covered(url, covered)
        refused = _fill_journal(url, covered)
        for device, viewport in VIEWPORTS.items():
            for scheme in SCHEMES:
                page = browser.new_context(viewport=viewport, color_scheme=scheme).new_page()
                _take_all(page, url, covered, refused, arguments.folder, f"{device}-{scheme}")
        if arguments.readme:
            _draw_readme(browser, url, arguments.folder / "astronaut.jpg")
        browser.close()
        covered.unlink()


@contextmanager
def _serving() -> Iterator[str]:
    command = [sys.executable, "-m", "server.cli", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        url = process.stdout.readline().split()[-1]
        try:
            yield url
        finally:
            process.terminate()


def _draw_covered(url: str, target: Path) -> None:
    """Write a sample whose mouth a mask covers, and whose light is poor."""
    target.write_bytes(httpx.get(f"{url}/__mock/samples/man-30.jpg", timeout=60).content)
    image = np.asarray(Image.open(target)).copy()
    image[300:392, 160:318] = (120, 150, 190)
    Image.fromarray((image * 0.5).astype(np.uint8)).save(target, quality=90)


def _fill_journal(url: str, covered: Path) -> str:
    """Make calls of several kinds; return the id of a refusal."""

    def call(photo: bytes, key: str = "shop-frontend", name: str = "upload.jpg", **fields: str) -> str:
        headers, files = {"ailabapi-api-key": key}, {"image": (name, photo)}
        return str(
            httpx.post(url + EDIT_PATH, headers=headers, data=fields, files=files, timeout=60).json()["request_id"]
        )

    for name, action in (
        ("woman-52", "TO_KID"),
        ("man-70", "TO_FEMALE"),
        ("woman-dark", "TO_OLD"),
        ("man-52", "V2_AGE"),
    ):
        photo = httpx.get(f"{url}/__mock/samples/{name}.jpg").content
        call(photo, name=f"{name}.jpg", action_type=action, target="25")
    call(b"GIF89a", name="animation.gif", action_type="TO_OLD")
    call(b"GIF89a", name="animation.gif", action_type="TO_OLD")
    call(b"x", key="nightly-job", name="mock-error-AI_SERVICE_TIMEOUT.jpg", action_type="TO_OLD")
    return call(covered.read_bytes(), name="me with a mask.jpg", action_type="TO_OLD", quality_control="NORMAL")


def _take_all(page: Page, url: str, covered: Path, refused: str, folder: Path, suffix: str) -> None:
    def take(name: str, is_full: bool = True) -> None:
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=folder / f"{name}-{suffix}.png", full_page=is_full)

    def go(view: str, ready: str) -> None:
        page.goto(f"{url}/#/{view}")
        page.locator(ready).first.wait_for()

    go("playground", ".face-button")
    take("playground-arrival")
    page.get_by_text("Any age").click()
    page.get_by_role("button", name="Edit the photo").click()
    page.locator(".compare").wait_for()
    take("playground-edited")
    page.get_by_role("button", name="All six").click()
    page.locator(".tile img").nth(5).wait_for()
    take("playground-six")
    page.set_input_files("input[type=file]", covered)
    page.get_by_alt_text("Your photo, covered.jpg").wait_for()
    page.locator(".segments label").filter(has_text="HIGH").click()
    page.get_by_role("button", name="Edit the photo").click()
    page.locator(".notice.bad").wait_for()
    take("playground-refused")
    page.evaluate("location.hash = '#/quality'")
    page.locator(".check").first.wait_for()
    take("quality")
    go("journal", ".calls a")
    take("journal")
    go(f"journal/{refused}", ".checks")
    take("journal-entry")
    go("verdict/shop-frontend", ".card")
    take("verdict")
    go("control/shop-frontend", ".figure")
    take("control")
    go("catalogue", ".errors li")
    page.locator(".errors summary").nth(1).click()
    take("catalogue", is_full=False)
    go("reference", ".operation")
    take("reference")


def _draw_readme(browser: Browser, url: str, photo: Path) -> None:
    """Draw the playground with scikit-image's astronaut (Eileen Collins, NASA, public domain)."""
    Image.fromarray(data.astronaut()).save(photo, quality=92)
    page = browser.new_context(viewport={"width": 1240, "height": 800}, color_scheme="light").new_page()
    page.goto(url)
    page.set_input_files("input[type=file]", photo)
    page.get_by_alt_text(f"Your photo, {photo.name}").wait_for()
    page.get_by_text("Any age").click()
    page.get_by_role("button", name="Edit the photo").click()
    page.get_by_label("Slide between before and after").fill("45")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=README_PICTURE, type="jpeg", quality=75)


if __name__ == "__main__":
    main()
