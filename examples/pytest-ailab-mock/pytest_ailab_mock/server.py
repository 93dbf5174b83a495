"""One server for a session: given by its address, or started as a process that all workers share."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 10.0
_HINT = (
    "Install ailab-mock, or name its command with --ailab-mock-command, "
    "or give the address of a running one with --ailab-mock-url."
)
# The server outlives the worker that starts it, so it must not be that worker's child. A session of its own: Ctrl-C
# reaches pytest first, which then stops it.
_LAUNCHER = """
import os, subprocess, sys, time
port_file, words = sys.argv[1], sys.argv[2:]
try:
    server = subprocess.Popen(words, stdout=sys.stderr, start_new_session=True)
except OSError as error:
    sys.exit(f"{words[0]}: {error.strerror}")
while not (os.path.exists(port_file) and os.path.getsize(port_file)):
    if server.poll() is not None:
        sys.exit(1)
    time.sleep(0.02)
print(server.pid)
"""


@dataclass(frozen=True)
class Server:
    """A running emulator: `url` without a slash at its end, and the admin token if it asks for one."""

    url: str
    token: str | None = None

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the interface under `/__mock/`; returns what its JSON holds."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/__mock/{path}", data, headers, method=method)
        try:
            with _direct().open(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise ValueError(f"ailab-mock refused {method} {path}: {error.read().decode(errors='replace')}") from None

    def wait_until_ready(self, timeout_s: float = START_TIMEOUT_S) -> None:
        """Wait for `/readyz`."""
        deadline = time.monotonic() + timeout_s
        while not self._is_ready():
            if time.monotonic() > deadline:
                raise TimeoutError(f"no ailab-mock is ready at {self.url}")
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            with _direct().open(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def shared_server(folder: Path, command: str, token: str | None = None) -> Server:
    """Return the session's server; the first worker that asks starts it, the others find it through `folder`."""
    port_file, pid_file = folder / "port", folder / "pid"
    try:
        # Only one worker can make the file.
        os.close(os.open(folder / "starting", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not pid_file.exists():
            if time.monotonic() > deadline:
                raise TimeoutError("another worker did not start ailab-mock") from None
            time.sleep(0.05)
    else:
        started = folder / "started"
        started.write_text(_start(command, port_file, folder / "log"), encoding="ascii")
        started.replace(pid_file)
    if not pid_file.read_text(encoding="ascii"):
        log = (folder / "log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"ailab-mock did not start: {command}\n{log}{_HINT}")
    server = Server(f"http://127.0.0.1:{port_file.read_text(encoding='ascii').strip()}", token)
    server.wait_until_ready()
    return server


def stop_shared_server(folder: Path) -> None:
    """Stop the server that a worker started, if one did, and wait until it no longer listens."""
    pid_file = folder / "pid"
    text = pid_file.read_text(encoding="ascii") if pid_file.exists() else ""
    if text:
        try:
            os.kill(int(text), signal.SIGTERM)
        except ProcessLookupError:
            return
        port = int((folder / "port").read_text(encoding="ascii"))
        deadline = time.monotonic() + STOP_TIMEOUT_S
        while _listens(port) and time.monotonic() < deadline:
            time.sleep(0.02)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _start(command: str, port_file: Path, log: Path) -> str:
    """Start a server and wait until it listens; returns its process number, or nothing when it does not start."""
    words = [*shlex.split(command), "--port", "0", "--port-file", str(port_file)]
    with log.open("wb") as output:
        launcher = [sys.executable, "-c", _LAUNCHER, str(port_file), *words]
        return subprocess.run(launcher, stdout=subprocess.PIPE, stderr=output, text=True, check=False).stdout.strip()


def _direct() -> urllib.request.OpenerDirector:
    """Return an opener that goes past the environment's proxies."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))
