"""The commands with files and arguments that nobody should give: a clear line, an exit status, no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bench.hostile.mutation import mutated
from bench.hostile.pictures import SOUND, odd_files, seeds
from server.commands.edit import edit_file
from tests.conftest import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


@pytest.fixture
def odd_folder(tmp_path: Path, astronaut: NDArray[np.uint8]) -> tuple[Path, list[str]]:
    """Files that cannot be decoded, some mutated ones, and the codes of the former in the order of their names."""
    small = cv2.resize(astronaut, (300, 280), interpolation=cv2.INTER_AREA)
    codes = []
    refused = [(content, code) for content, code in odd_files(small).values() if content and code != SOUND]
    for number, (content, code) in enumerate(refused):
        (tmp_path / f"a{number:03}.jpg").write_bytes(content)
        codes.append(code)
    for number, content in enumerate(mutated(seeds(small), 20, seed=5)):
        (tmp_path / f"b{number:03}.png").write_bytes(content)
    (tmp_path / "c-loop").symlink_to(tmp_path)
    (tmp_path / "d.jpg").symlink_to(tmp_path / "nowhere")
    (tmp_path / "e\udcff\n<b>.bmp").write_bytes(b"BM")
    return tmp_path, codes


def command(*arguments: str, folder: Path = ROOT, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "server.cli", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_quality_of_odd_files(odd_folder: tuple[Path, list[str]]) -> None:
    folder, codes = odd_folder
    done = command("quality", str(folder), "--format", "json", PYTHONIOENCODING="utf-8")
    assert (done.returncode, done.stderr) == (1, "")
    statuses = [finding["status"] for finding in json.loads(done.stdout)]
    assert statuses[: len(codes)] == codes
    assert len(statuses) == len(codes) + 20 + 2


def test_edit_of_odd_files(odd_folder: tuple[Path, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    folder, codes = odd_folder
    target = folder / "out.png"
    for path, code in zip(sorted(folder.glob("a*.jpg")), codes, strict=True):
        assert edit_file(str(path), str(target), {"action_type": "TO_OLD"}) == 1
        said = capsys.readouterr().err
        assert said.startswith(f"ailab-mock: {code}: ")
        assert said.count("\n") == 1
    assert not target.exists()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("edit", "/dev/zero", "out.jpg", "--action", "TO_OLD"), 1, "UNSUPPORTED_FILE_TYPES"),
        (("edit", ".", "out.jpg", "--action", "TO_OLD"), 2, "directory"),
        (("quality", "good.jpg", "--explain", "nowhere/why.png"), 2, "nowhere/why.png: No such file"),
        (("quality", "e\udcff\u20ac.jpg"), 1, ""),
        (("--port", "0", "--port-file", "nowhere/port"), 1, "nowhere/port: No such file"),
        (("--port", "\u0664\u0662"), 2, "an integer from 0 to 65535"),
        (("--port", "9" * 5000), 2, "an integer from 0 to 65535"),
        (("healthcheck", "--wait", "--timeout", "nan", "--port", "1"), 2, "not a number of seconds"),
        (("healthcheck", "--host", "a..b"), 2, "a host name or an address"),
        (("verdict", "--key", "\udcff", "--port", "1"), 2, "no answer"),
    ],
    ids=lambda value: str(value)[:40].encode("ascii", "replace").decode(),
)
def test_a_clear_line_and_no_traceback(
    tmp_path: Path, astronaut_jpeg: bytes, arguments: tuple[str, ...], status: int, said: str
) -> None:
    (tmp_path / "good.jpg").write_bytes(astronaut_jpeg)
    done = command(*arguments, folder=tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="1")
    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def stranger() -> Iterator[int]:
    """A server that answers everything with an empty list."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_verdict_of_a_stranger(stranger: int) -> None:
    done = command("verdict", "--key", "k", "--port", str(stranger))
    assert done.returncode == 2
    assert "no ailab-mock" in done.stderr
