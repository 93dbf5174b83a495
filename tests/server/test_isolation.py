"""The process as a container runs it: without any way out of the machine, and as process 1."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.server.test_serving import seconds_of_an_empty_process

IN_A_NAMESPACE_WITHOUT_ROUTES = """
import errno, fcntl, socket, struct
import httpx
from tests.conftest import encode, start_server
from skimage import data

with socket.socket() as probe:
    SIOCSIFFLAGS, IFF_UP = 0x8914, 1
    fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    try:
        probe.connect(("192.0.2.1", 80))
        raise SystemExit("there is a route")
    except OSError as error:
        assert error.errno == errno.ENETUNREACH, error
server = start_server("--workers", "2")
try:
    photo = encode(data.astronaut(), quality=90)
    assert server.edit(photo, action_type="TO_OLD", quality_control="LOW").status_code == 200
    assert httpx.get(server.url + "/__mock/count").json()["count"] == 1
    assert httpx.get(server.url + "/").status_code == 200
finally:
    server.stop()
print("all of it works")
"""


def unshared(*flags: str) -> list[str]:
    """Return the command that runs another in namespaces of its own; skip where none may be made."""
    program = shutil.which("unshare")
    if program is None:
        pytest.skip("no unshare here: apt-get install util-linux")
    command = [program, *([] if os.geteuid() == 0 else ["--map-root-user"]), *flags]
    if subprocess.run([*command, "true"], stderr=subprocess.DEVNULL, check=False).returncode:
        pytest.skip("namespaces are not allowed here")
    return command


def test_all_works_in_a_network_without_routes() -> None:
    command = [*unshared("--net"), sys.executable, "-c", IN_A_NAMESPACE_WITHOUT_ROUTES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert (done.stdout, done.returncode) == ("all of it works\n", 0), done.stderr


def test_leaves_within_half_a_second_as_process_1() -> None:
    command = [*unshared("--pid", "--fork", "--kill-child"), sys.executable, "-m", "server.cli", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as outside:
        assert outside.stdout is not None
        lines = [outside.stdout.readline(), outside.stdout.readline()]
        url = lines[1].split()[-1]
        while httpx.get(url + "/readyz").status_code != 200:
            time.sleep(0.05)
        (inside,) = Path(f"/proc/{outside.pid}/task/{outside.pid}/children").read_text().split()
        assert Path(f"/proc/{inside}/status").read_text().partition("NSpid:")[2].split()[1] == "1"
        start = time.monotonic()
        os.kill(int(inside), signal.SIGTERM)
        outside.wait(10)
        assert time.monotonic() - start < max(0.5, 15 * seconds_of_an_empty_process()), "more than half a second"
