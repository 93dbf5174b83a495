"""Nothing leaves the machine: no mode connects anywhere, and all of it works where there is nothing to connect to."""

from __future__ import annotations

import errno
import fcntl
import re
import shutil
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import CREDITS_PATH, EDIT_PATH, ROOT

WATCHED = """
import sys
def watch(event, arguments):
    named = event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request")
    if named or (event == "socket.connect" and not isinstance(arguments[1], (str, bytes))):
        print("OUTBOUND", event, arguments[1:], file=sys.__stderr__, flush=True)
sys.addaudithook(watch)
from server.cli import main
raise SystemExit(main(sys.argv[1:]))
"""
"""A Unix socket has a path for an address; every other connection, name look-up or datagram is told."""


def test_the_watch_sees_a_connection() -> None:
    """A check that cannot fail proves nothing."""
    code = WATCHED.replace("from server.cli", "import socket; socket.getaddrinfo('localhost', 1)\nfrom server.cli")
    done = subprocess.run(
        [sys.executable, "-c", code, "version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "OUTBOUND socket.getaddrinfo" in done.stderr


@pytest.mark.parametrize(
    "options",
    [("--tls", "--state", "state.db", "--admin-token", "t"), ("--workers", "2", "--log-format", "json")],
    ids=["one process", "workers"],
)
def test_no_mode_connects_anywhere(astronaut_jpeg: bytes, tmp_path: Path, options: tuple[str, ...]) -> None:
    """The server under an audit hook, through one call of each kind."""
    options = tuple(str(tmp_path / value) if value.endswith(".db") else value for value in options)
    with (tmp_path / "log").open("w") as log, watched_server(log, tmp_path, *options) as (url, verify):
        client = httpx.Client(base_url=url, verify=verify, timeout=60, headers={"Authorization": "Bearer t"})
        while client.get("/readyz").status_code != 200:
            time.sleep(0.05)
        key = {"ailabapi-api-key": "offline"}
        form = {"action_type": "TO_OLD", "quality_control": "LOW"}
        edited = client.post(EDIT_PATH, headers=key, data=form, files={"image": astronaut_jpeg})
        assert edited.status_code == 200
        assert client.get(CREDITS_PATH, headers=key).status_code == 200
        for page in ("/", "/__mock/requests", "/__mock/metrics", "/__mock/openapi.json", "/__mock/errors"):
            assert client.get(page).status_code == 200, page
        client.close()
    told = (tmp_path / "log").read_text()
    assert "OUTBOUND" not in told


@contextmanager
def watched_server(log: object, folder: Path, *options: str) -> Iterator[tuple[str, bool]]:
    command = [sys.executable, "-c", WATCHED, "--port", "0", "--tls-dir", str(folder / "tls"), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)  # type: ignore[call-overload]
    assert process.stdout is not None
    with process:
        _, line = process.stdout.readline(), process.stdout.readline()
        yield line.split()[-1], False
        process.terminate()


def _namespaces() -> list[str]:
    """Return the words that run a command without a network, or none where that is not permitted."""
    for words in (["unshare", "--net"], ["unshare", "--user", "--map-root-user", "--net"]):
        if (
            shutil.which("unshare")
            and subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0
        ):
            return words
    return []


def test_serves_in_a_network_namespace_without_routes() -> None:
    """Only this test's own loopback exists there: no route, no name service, no other machine."""
    words = _namespaces()
    if not words:
        pytest.skip("this system permits no network namespaces")
    command = [*words, sys.executable, "-m", "tests.server.test_no_network"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\b[1-9]\d* passed", done.stdout)


def _inside() -> int:
    """Run in the namespace: switch its loopback on, and run the tests with the vendor's SDK."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        set_interface_flags, up = 0x8914, 1
        fcntl.ioctl(control, set_interface_flags, struct.pack("16sh", b"lo", up))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        assert stranger.connect_ex(("192.0.2.1", 80)) == errno.ENETUNREACH
    return pytest.main(["-p", "no:cacheprovider", "tests/server/test_vendor_sdk.py"])


if __name__ == "__main__":
    raise SystemExit(_inside())
