"""The process: what it prints, when it is ready, how it leaves, what it does not do."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from server.version import VERSION
from tests.conftest import EDIT_PATH, ROOT, RunningServer


def test_listening_line_is_frozen(server: RunningServer) -> None:
    assert re.fullmatch(r"listening on http://127\.0\.0\.1:\d+\n", server.first_lines[1])
    assert "independent" in server.first_lines[0]


def test_port_file(new_server: Callable[..., RunningServer], tmp_path: Path) -> None:
    server = new_server("--port-file", str(tmp_path / "port"))
    assert (tmp_path / "port").read_text() == f"{server.port}\n"


def test_health_lies_outside_the_contract(server: RunningServer) -> None:
    assert httpx.get(server.url + "/livez").json() == {"status": "ok"}
    assert httpx.get(server.url + "/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_leaves_within_half_a_second(
    new_server: Callable[..., RunningServer], astronaut_jpeg: bytes, number: signal.Signals
) -> None:
    server = new_server()

    def edit() -> None:
        with contextlib.suppress(httpx.HTTPError):
            server.edit(astronaut_jpeg, action_type="TO_OLD")

    clients = [threading.Thread(target=edit) for _ in range(8)]
    for client in clients:
        client.start()
    idle = socket.create_connection(("127.0.0.1", server.port))
    time.sleep(0.2)
    start = time.monotonic()
    server.process.send_signal(number)
    with server.process:
        server.process.wait(10)
    seconds = time.monotonic() - start
    assert seconds < max(0.5, 15 * seconds_of_an_empty_process()), "more than half a second"
    idle.close()
    for client in clients:
        client.join()


def seconds_of_an_empty_process() -> float:
    start = time.monotonic()
    subprocess.run([sys.executable, "-S", "-c", ""], check=True)
    return time.monotonic() - start


def test_port_in_use_is_said(server: RunningServer) -> None:
    done = run("--port", str(server.port))
    assert done.returncode == 1
    assert "cannot listen" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_chatter_of_native_libraries(astronaut_jpeg: bytes, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jpg", tmp_path / "out.jpg"
    source.write_bytes(astronaut_jpeg)
    done = run("edit", str(source), str(target), "--action", "TO_OLD")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_no_outbound_connection(astronaut_jpeg: bytes, tmp_path: Path) -> None:
    """Every connect, name look-up and sendto of the process is an audit event: there is none."""
    (tmp_path / "in.jpg").write_bytes(astronaut_jpeg)
    watched = """
import sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        print(event, arguments, flush=True)
sys.addaudithook(watch)
from server.cli import main
raise SystemExit(main(sys.argv[1:]))
"""
    command = [sys.executable, "-c", watched, "edit", "in.jpg", "out.jpg", "--action", "TO_KID"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_two_edits_run_side_by_side_and_the_loop_stays_free(server: RunningServer, astronaut_jpeg: bytes) -> None:
    clients = [threading.Thread(target=lambda: server.edit(astronaut_jpeg, action_type="TO_OLD")) for _ in range(4)]
    for client in clients:
        client.start()
    slowest = 0.0
    while any(client.is_alive() for client in clients):
        start = time.monotonic()
        assert httpx.get(server.url + "/livez").status_code == 200
        slowest = max(slowest, time.monotonic() - start)
    assert slowest < 2.0, "the event loop was blocked"


def test_cors_on_every_answer(server: RunningServer) -> None:
    origin = {"Origin": "http://demo.example"}
    for response in (
        httpx.get(server.url + "/nowhere", headers=origin),
        httpx.post(server.url + EDIT_PATH, headers=origin, content=b"x"),
        httpx.options(server.url + EDIT_PATH, headers={**origin, "Access-Control-Request-Method": "POST"}),
    ):
        assert response.headers["access-control-allow-origin"] == "*"


def test_pages_of_public_addresses_may_call_this_machine(server: RunningServer) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Private-Network": "true"}
    origin = {"Origin": "https://demo.example"}
    answer = httpx.options(server.url + EDIT_PATH, headers={**origin, **asked})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-private-network"] == "true"
    refused = httpx.options(server.url + "/__mock/requests", headers={**origin, **asked})
    assert (refused.status_code, "access-control-allow-origin" in refused.headers) == (403, False)


def test_version_is_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION
    assert run("version").stdout == f"ailab-mock {VERSION}\n"


def test_healthcheck(server: RunningServer) -> None:
    assert run("healthcheck", "--port", str(server.port)).returncode == 0
    assert run("healthcheck", "--wait", "--timeout", "5", "--port", str(server.port)).returncode == 0
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        assert run("healthcheck", "--port", str(port)).returncode == 1
        assert run("healthcheck", "--wait", "--timeout", "0.3", "--port", str(port)).returncode == 1


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "server.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads in /proc")
def test_no_native_library_starts_threads_of_its_own(
    new_server: Callable[..., RunningServer], astronaut_jpeg: bytes
) -> None:
    server = new_server("--threads", "2")
    assert server.edit(astronaut_jpeg, action_type="TO_OLD").status_code == 200
    names = [path.read_text().strip() for path in Path(f"/proc/{server.process.pid}/task").glob("*/comm")]
    event_loop, for_pixels = 1, 2
    assert len(names) == event_loop + for_pixels, names
