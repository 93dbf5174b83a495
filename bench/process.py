"""Starting servers for a bench, sending them prepared requests, and reading their memory."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.operation.endpoints import EDIT_PATH

BOUNDARY = "bench-boundary"


@dataclass
class Process:
    """A server under measurement."""

    popen: subprocess.Popen[str]
    port: int
    ready_seconds: float

    def resident_mib(self) -> float:
        """Resident memory now, MiB."""
        return self._status_mib("VmRSS")

    def peak_mib(self) -> float:
        """Most memory that was ever resident, MiB."""
        return self._status_mib("VmHWM")

    def cpu_seconds(self) -> float:
        """CPU time so far, of all threads: less noisy than the clock where others use the cores too."""
        fields = Path(f"/proc/{self.popen.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def descriptors(self) -> int:
        """Open file descriptors."""
        return len(list(Path(f"/proc/{self.popen.pid}/fd").iterdir()))

    def threads(self) -> int:
        """Threads."""
        return len(list(Path(f"/proc/{self.popen.pid}/task").iterdir()))

    def _status_mib(self, name: str) -> float:
        status = Path(f"/proc/{self.popen.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) / 1024


@contextmanager
def running(*command: str) -> Iterator[Process]:
    """Run a server whose last start-up line ends in ":PORT"; wait until `/readyz` answers 200."""
    start = time.perf_counter()
    popen = subprocess.Popen(
        [sys.executable, "-m", *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert popen.stdout is not None
    line = ""
    while not line.startswith("listening on"):
        line = popen.stdout.readline()
        if not line:
            raise RuntimeError(f"{command} did not start")
    port = int(line.rpartition(":")[2])
    ready = b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"
    while status_of(port, ready) != 200:
        time.sleep(0.005)
    try:
        yield Process(popen, port, time.perf_counter() - start)
    finally:
        popen.terminate()
        with popen:
            popen.wait(10)


def form(picture: bytes, key: str | None = "bench", **fields: str) -> bytes:
    """Return a whole HTTP request with a multipart body."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="image.jpg"\r\n'
    head += "Content-Type: image/jpeg\r\n\r\n"
    body = b"".join([*parts, head.encode(), picture, f"\r\n--{BOUNDARY}--\r\n".encode()])
    key_line = "" if key is None else f"ailabapi-api-key: {key}\r\n"
    return (
        f"POST {EDIT_PATH} HTTP/1.1\r\nHost: bench\r\n{key_line}"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._stream = self._socket.makefile("rb")
        self.body = b""
        """Of the last answer."""

    def send(self, request: bytes) -> int:
        """Send a request, read the whole answer, return its status."""
        self._socket.sendall(request)
        status = int(self._stream.readline().split()[1])
        length = 0
        while (line := self._stream.readline().strip().lower()) != b"":
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        self.body = self._stream.read(length)
        return status

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()
        self._socket.close()


def status_of(port: int, request: bytes) -> int:
    """Send one request on a connection of its own."""
    connection = Connection(port)
    try:
        return connection.send(request)
    finally:
        connection.close()
