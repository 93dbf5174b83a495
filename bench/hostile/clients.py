"""Clients that send what is no HTTP, stop halfway, never read, or only hold on."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.hostile.forms import MULTIPART
from server.operation.endpoints import CREDITS_PATH, EDIT_PATH

POST_HEAD = f"POST {EDIT_PATH} HTTP/1.1\r\nHost: x\r\nailabapi-api-key: hostile\r\n".encode()
GET_CREDITS = f"GET {CREDITS_PATH} HTTP/1.1\r\nHost: x\r\nailabapi-api-key: hostile\r\n\r\n".encode()

ODD_HEADS: dict[str, tuple[bytes, int]] = {
    "no HTTP": (b"hello\r\n\r\n", 400),
    "TLS on a plain port": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), 400),
    "zero bytes": (bytes(100) + b"\r\n\r\n", 400),
    "HTTP/2 without asking": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 401),
    "HTTP/0.9": (b"GET /\r\n\r\n", 400),
    "no Host": (f"GET {CREDITS_PATH} HTTP/1.1\r\n\r\n".encode(), 400),
    "a path of 200 kB": (b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "10,000 headers": (GET_CREDITS[:-2] + b"".join(b"h%d: v\r\n" % n for n in range(10_000)) + b"\r\n", 400),
    "a header of 100 kB": (GET_CREDITS[:-2] + b"h: " + b"v" * 100_000 + b"\r\n\r\n", 400),
    "a folded header": (GET_CREDITS[:-2] + b"h: a\r\n b\r\n\r\n", 200),
    "NUL in a header": (GET_CREDITS[:-2] + b"h: a\0b\r\n\r\n", 400),
    "no name": (GET_CREDITS[:-2] + b": v\r\n\r\n", 400),
    "length twice": (POST_HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    "length and chunks": (POST_HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "a negative length": (POST_HEAD + b"Content-Length: -1\r\n\r\n", 400),
    "a length of 30 digits": (POST_HEAD + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n", 400),
    "an unknown coding": (POST_HEAD + b"Transfer-Encoding: gzip\r\n\r\n", 400),
    "a chunk that is no number": (POST_HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
    "a chunk of 2**84 bytes": (POST_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 21 + b"\r\n", 400),
    "half a million tiny chunks": (POST_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 500_000, 400),
    "a chunk extension of 3 MB": (POST_HEAD + b"Transfer-Encoding: chunked\r\n\r\n5;a=" + b"b" * 3_000_000, 400),
    "trailers of 3 MB": (POST_HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + b"a" * 3_000_000, 400),
    "200,000 trailers": (POST_HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: a\r\n" * 200_000, 400),
    "an unknown method": (b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 401),
    "a whole address": (GET_CREDITS.replace(b"/api", b"http://www.ailabapi.com/api", 1), 200),
    "a whole address of another scheme": (b"GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 401),
    "an asterisk": (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 401),
    "a tunnel": (b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 401),
    "a path of dots, NUL and no UTF-8": (b"GET /../%00%ff/%2e%2e HTTP/1.1\r\nHost: x\r\n\r\n", 401),
    "a line end in the path": (b"GET /a%0d%0ab HTTP/1.1\r\nHost: x\r\nailabapi-api-key: k\r\n\r\n", 404),
    "a web socket": (GET_CREDITS[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 200),
    "an unknown scenario": (GET_CREDITS[:-2] + b"X-Mock-Scenario: \xff\xfe\r\n\r\n", 400),
    "two keys": (GET_CREDITS[:-2] + b"ailabapi-api-key: other\r\n\r\n", 200),
}
"""Name -> bytes, and the status they get, always with an envelope."""

HEAD_SEEDS: Sequence[bytes] = (
    GET_CREDITS,
    POST_HEAD + b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9\r\n\r\n--b--\r\n\r\n",
    POST_HEAD + b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"PATCH /__mock/tenants/other HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b'Content-Length: 15\r\n\r\n{"locked":true}',
    b"OPTIONS / HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nAccess-Control-Request-Method: POST\r\n\r\n",
)


@dataclass
class Answer:
    """What came back: status 0 when nothing did."""

    status: int = 0
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_envelope(self) -> bool:
        """Whether the body is the vendor's envelope with the answer's own status."""
        try:
            content: Any = json.loads(self.body)
        except ValueError:
            return False
        wanted = 0 if self.status == 200 else self.status
        return isinstance(content, dict) and content.get("error_code") == wanted and "error_detail" in content

    @property
    def is_fair(self) -> bool:
        """Whether this is a success or a refusal of what was sent."""
        return self.is_envelope and self.status < 500


def multipart_request(body: bytes) -> bytes:
    """Return a whole request around a form of `bench.hostile.forms`."""
    return POST_HEAD + f"Content-Type: {MULTIPART}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def connect(port: int, timeout_s: float = 20.0) -> socket.socket:
    """Open a connection to a server of this machine."""
    return socket.create_connection(("127.0.0.1", port), timeout=timeout_s)


def read_answer(connection: socket.socket) -> Answer:
    """Read one answer; what is not an answer is status 0."""
    with connection.makefile("rb") as stream, contextlib.suppress(OSError, ValueError, IndexError):
        status = 100
        while status == 100:
            status = int(stream.readline().split()[1])
            headers = {}
            while (line := stream.readline().strip()) != b"":
                name, _, value = line.decode("latin-1").partition(":")
                headers[name.strip().lower()] = value.strip()
        return Answer(status, stream.read(int(headers.get("content-length", 0))), headers)
    return Answer()


def ask(port: int, request: bytes, half_close: bool = False) -> Answer:
    """Send raw bytes on a connection of their own and read one answer."""
    with connect(port) as connection:
        # The server may answer and close before it has read all of it.
        with contextlib.suppress(OSError):
            connection.sendall(request)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
        return read_answer(connection)


@contextmanager
def holding(port: int, count: int, beginning: bytes = b"") -> Iterator[list[socket.socket]]:
    """Hold many connections, each with the same first bytes sent."""
    held: list[socket.socket] = []
    try:
        for _ in range(count):
            held.append(connect(port))
            with contextlib.suppress(OSError):
                held[-1].sendall(beginning)
        yield held
    finally:
        for connection in held:
            connection.close()


def descriptors(pid: int) -> int:
    """Return how many file descriptors a process of this machine has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))
