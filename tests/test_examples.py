"""The examples run as they stand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import ROOT, RunningServer


@pytest.mark.parametrize(
    "command",
    [[sys.executable, "examples/edit_with_vendor_sdk.py"], ["sh", "examples/edit_with_curl.sh"]],
    ids=["vendor's SDK", "curl"],
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
