"""The examples run as they stand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from server.commands.photos import manifest_entry
from server.pack.faces import face_pictures
from server.pack.picture import PackPicture, always
from tests.conftest import ROOT, RunningServer


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "examples/edit_with_vendor_sdk.py"],
        ["sh", "examples/edit_with_curl.sh"],
        pytest.param(
            ["node", "examples/edit_with_node.mjs"],
            marks=pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed"),
        ),
    ],
    ids=["vendor's SDK", "curl", "Node.js"],
)
def test_example_writes_an_edited_picture(
    server: RunningServer, astronaut_jpeg: bytes, tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / "photo.jpg").write_bytes(astronaut_jpeg)
    target = tmp_path / "old.jpg"
    words = [*command, server.url, str(tmp_path / "photo.jpg"), str(target)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == f"wrote {target}\n"
    with Image.open(target) as picture:
        assert picture.size == (512, 512)


def test_photos_are_sent_and_compared(server: RunningServer, tmp_path: Path) -> None:
    face = next(face_pictures(0, lambda _: ()))
    text = PackPicture("text.jpg", b"no picture", "a text", always("UNSUPPORTED_FILE_TYPES"))
    wrong = PackPicture("wrong.jpg", b"no picture", "a text", always("FILE_DECODING_FAILURE"))
    for picture in (face, text, wrong):
        (tmp_path / picture.file).write_bytes(picture.content)
    entries = [manifest_entry(picture) for picture in (face, text, wrong)]
    (tmp_path / "manifest.json").write_text(json.dumps({"pictures": entries}))

    def send(*options: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "examples/send_photos.py", server.url, str(tmp_path), "--levels", "HIGH", *options]
        environ = {**os.environ, "AILAB_API_KEY": "photos"}
        return subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)

    assert send("--dry-run").stdout == "3 calls, 1 of them paid: 8 credits\n"
    fine = send("--only", face.file, text.file)
    assert fine.returncode == 0
    assert fine.stdout.endswith("2 of 2 as expected\n")
    different = send()
    assert different.returncode == 1
    assert "wrong.jpg at HIGH: 415 UNSUPPORTED_FILE_TYPES, not FILE_DECODING_FAILURE" in different.stdout
