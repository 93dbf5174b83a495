"""Shared fixtures: a real photo, a real server over a real socket."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from skimage import data

ROOT = Path(__file__).parents[1]
EDIT_PATH = "/api/portrait/effects/face-attribute-editing"
CREDITS_PATH = "/api/common/query-credits"


@pytest.fixture(scope="session")
def astronaut() -> NDArray[np.uint8]:
    """Eileen Collins, NASA, public domain: (512, 512, 3) uint8 RGB, one frontal face."""
    return np.ascontiguousarray(data.astronaut())


def encode(image: NDArray[np.uint8], kind: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def astronaut_jpeg(astronaut: NDArray[np.uint8]) -> bytes:
    return encode(astronaut, quality=90)


@dataclass
class RunningServer:
    """A server process of the installed code, with what it printed."""

    process: subprocess.Popen[str]
    port: int
    first_lines: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def edit(self, image: bytes | None, *, key: str | None = "test-key", **fields: str) -> httpx.Response:
        headers = {} if key is None else {"ailabapi-api-key": key}
        files = {"image": ("image.jpg", image)} if image is not None else {"unused": ("x", b"x")}
        return httpx.post(self.url + EDIT_PATH, headers=headers, data=fields, files=files, timeout=60)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        with self.process:
            return self.process.wait(10)


def start_server(
    *arguments: str, environ: dict[str, str] | None = None, stderr: int | IO[str] = subprocess.DEVNULL
) -> RunningServer:
    """Start a server that edits each request anew, unless the arguments say otherwise."""
    process = subprocess.Popen(
        [sys.executable, "-m", "server.cli", "--port", "0", "--result-cache-bytes", "0", *arguments],
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )
    assert process.stdout is not None
    lines = [process.stdout.readline(), process.stdout.readline()]
    port = int(lines[1].rpartition(":")[2])
    server = RunningServer(process, port, lines)
    deadline = time.monotonic() + 60
    while httpx.get(server.url + "/readyz").status_code != 200:
        assert time.monotonic() < deadline, "the server did not become ready"
        time.sleep(0.05)
    return server


@pytest.fixture(scope="session")
def server() -> Iterator[RunningServer]:
    running = start_server()
    yield running
    running.stop()


@pytest.fixture
def new_server() -> Iterator[Callable[..., RunningServer]]:
    started: list[RunningServer] = []

    def start(*arguments: str, environ: dict[str, str] | None = None) -> RunningServer:
        started.append(start_server(*arguments, environ=environ))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.stop()
