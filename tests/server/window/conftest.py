"""A real browser: Debian's Chromium, driven by Playwright. Where none is installed, its tests are skipped."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import encode

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # One a module: while Playwright runs, no other test of this process could run an event loop.
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt-get install chromium")
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield launched
        launched.close()


@dataclass
class Watched:
    """A page, and what went wrong or out on it."""

    page: Page
    addresses: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def note_console(self, message: Any) -> None:
        # The browser itself reports every refusal (HTTP 4xx) that a page asked for.
        if message.type in ("error", "warning") and "the server responded with a status" not in message.text:
            self.faults.append(message.text)


@pytest.fixture
def watch(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Open a page in a fresh profile; it must end without an error in its console."""
    opened: list[Watched] = []

    def open_page(url: str, **context: Any) -> Watched:
        profile = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})
        profile.set_default_timeout(20_000)
        watched = Watched(profile.new_page())
        watched.page.on("request", lambda request: watched.addresses.append(request.url))
        watched.page.on("console", watched.note_console)
        watched.page.on("pageerror", lambda error: watched.faults.append(str(error)))
        watched.page.goto(url)
        opened.append(watched)
        return watched

    yield open_page
    for watched in opened:
        watched.page.context.close()
    assert [fault for watched in opened for fault in watched.faults] == []


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory, astronaut: NDArray[np.uint8]) -> dict[str, Path]:
    """Files: one face, two faces, and one whose mouth and chin are covered."""
    folder = tmp_path_factory.mktemp("photos")
    covered = astronaut.copy()
    covered[138:182, 190:262] = (90, 120, 200)
    pictures = {"one": astronaut, "two": np.hstack([astronaut, astronaut[:, ::-1]]), "covered": covered}
    for name, picture in pictures.items():
        (folder / f"{name}.jpg").write_bytes(encode(np.ascontiguousarray(picture), quality=90))
    return {name: folder / f"{name}.jpg" for name in pictures}
