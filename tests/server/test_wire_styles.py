"""Hand-made requests in the styles of the vendor's other SDKs, curl and broken clients, over a real socket."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass, field

import pytest

from tests.conftest import EDIT_PATH, RunningServer
from tests.server.envelopes import assert_failure, assert_success

BOUNDARY = "Xx7MA4YWxkTrZu0gW"


def part(headers: str, content: bytes) -> bytes:
    return f"--{BOUNDARY}\r\n{headers}\r\n\r\n".encode() + content + b"\r\n"


def text(name: str, value: str, extra: str = "") -> bytes:
    return part(f'Content-Disposition: form-data; name="{name}"{extra}', value.encode())


END = f"--{BOUNDARY}--\r\n".encode()
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


@dataclass
class Style:
    """One way to send the same form: what stands where PICTURE is filled in."""

    name: str
    image_headers: str = 'Content-Disposition: form-data; name="image"; filename="image.jpg"'
    before: bytes = text("action_type", "TO_OLD")
    after: bytes = b""
    content_type: str = MULTIPART
    extra_headers: str = ""
    preamble: bytes = b""
    end: bytes = field(default=END)

    def body(self, picture: bytes) -> bytes:
        return self.preamble + self.before + part(self.image_headers, picture) + self.after + self.end


STYLES = [
    Style("plain"),
    Style("unquoted", "Content-Disposition: form-data; name=image; filename=photo.jpg\r\nContent-Type: image/jpeg"),
    Style("extended file name only", "Content-Disposition: form-data; name=\"image\"; filename*=UTF-8''f%C3%B6.jpg"),
    Style("both file names", 'Content-Disposition: form-data; name="image"; filename="f"; filename*=UTF-8\'\'f'),
    Style("quoted boundary", content_type=f'multipart/form-data; boundary="{BOUNDARY}"; charset=utf-8'),
    Style("text with charset", before=text("action_type", "TO_OLD", "\r\nContent-Type: text/plain; charset=UTF-8")),
    Style("unknown charset", before=text("action_type", "TO_OLD", "\r\nContent-Type: text/plain; charset=klingon")),
    Style(
        "length of each part",
        'Content-Disposition: form-data; name="image"; filename="image.bin"\r\n'
        "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\nContent-Length: {length}",
        before=text("action_type", "TO_OLD", "\r\nContent-Length: 6"),
    ),
    Style("file first", before=b"", after=text("action_type", "TO_OLD")),
    Style(
        "unknown field", after=text("user", "x") + part('Content-Disposition: form-data; name="more"', b"\xff\xfe")
    ),
    Style("path as name", 'Content-Disposition: form-data; name="image"; filename="C:\\photos\\me.heic"'),
    Style("case", 'content-disposition: form-data; name="image"; filename="x"', before=text("action_type", "TO_OLD")),
    Style(
        "Upgrade: h2c", extra_headers="Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n"
    ),
    Style("preamble", preamble=b"\r\n"),
    Style("epilogue", end=END + b"what follows is ignored"),
]


def exchange(port: int, content_type: str, body: bytes, extra_headers: str = "") -> tuple[int, dict[str, object]]:
    head = (
        f"POST {EDIT_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nailabapi-api-key: k\r\nContent-Type: {content_type}\r\n"
        f"{extra_headers}Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(head.encode() + body)
        return read_answer(connection)


def read_answer(connection: socket.socket) -> tuple[int, dict[str, object]]:
    stream = connection.makefile("rb")
    status = int(stream.readline().split()[1])
    length = 0
    while (line := stream.readline().strip().lower()) != b"":
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return status, json.loads(stream.read(length)) if length else {}


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_style_is_understood(server: RunningServer, astronaut_jpeg: bytes, style: Style) -> None:
    style.image_headers = style.image_headers.replace("{length}", str(len(astronaut_jpeg)))
    status, body = exchange(server.port, style.content_type, style.body(astronaut_jpeg), style.extra_headers)
    assert_success(status, body)


def test_expect_100_continue(server: RunningServer, astronaut_jpeg: bytes) -> None:
    body = Style("").body(astronaut_jpeg)
    head = (
        f"POST {EDIT_PATH} HTTP/1.1\r\nHost: x\r\nailabapi-api-key: k\r\nContent-Type: {MULTIPART}\r\n"
        f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(head.encode())
        assert connection.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert_success(*read_answer(connection))


def test_chunked_body(server: RunningServer, astronaut_jpeg: bytes) -> None:
    body = Style("").body(astronaut_jpeg)
    head = (
        f"POST {EDIT_PATH} HTTP/1.1\r\nHost: x\r\nailabapi-api-key: k\r\nContent-Type: {MULTIPART}\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    chunks = [body[i : i + 1000] for i in range(0, len(body), 1000)]
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(head.encode())
        for chunk in [*chunks, b""]:
            connection.sendall(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        assert_success(*read_answer(connection))


BROKEN = {
    "no boundary": ("multipart/form-data", lambda body: body),
    "empty boundary": ("multipart/form-data; boundary=", lambda body: body),
    "wrong boundary": ("multipart/form-data; boundary=other", lambda body: body),
    "JSON": ("application/json", lambda body: b'{"action_type":"TO_OLD"}'),
    "urlencoded": ("application/x-www-form-urlencoded", lambda body: b"action_type=TO_OLD"),
    "no closing boundary": (MULTIPART, lambda body: body[: -len(END)]),
    "cut in the picture": (MULTIPART, lambda body: body[: len(body) // 2]),
    "cut in a header": (MULTIPART, lambda body: body[:60]),
    "empty": (MULTIPART, lambda body: b""),
    "nameless part": (MULTIPART, lambda body: part("X-Nothing: here", b"x") + END),
    "too many parts": (MULTIPART, lambda body: text("a", "b") * 101 + body),
    "endless header": (MULTIPART, lambda body: part("X: " + "y" * 100_000, b"x") + END),
    "no content type": ("", lambda body: body),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_form_gets_the_envelope(server: RunningServer, astronaut_jpeg: bytes, name: str) -> None:
    content_type, breaking = BROKEN[name]
    status, body = exchange(server.port, content_type, breaking(Style("").body(astronaut_jpeg)))
    assert_failure(status, body, "UNSUPPORTED_PARAMETER_VALUES", detail="image: Cannot be empty.")


def test_client_that_closes_its_side_gets_an_answer(server: RunningServer, astronaut_jpeg: bytes) -> None:
    body = Style("").body(astronaut_jpeg)
    head = f"POST {EDIT_PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: {MULTIPART}\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(head.encode() + body[: len(body) // 2])
        connection.shutdown(socket.SHUT_WR)
        status, answer = read_answer(connection)
    assert_failure(status, answer, "ERROR_PARAMETERS")
    key = head.replace("Host: x\r\n", "Host: x\r\nailabapi-api-key: k\r\n")
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(key.encode() + body)
        connection.shutdown(socket.SHUT_WR)
        assert_success(*read_answer(connection))


def test_client_that_leaves_does_no_harm(server: RunningServer, astronaut_jpeg: bytes) -> None:
    for sent in (10, 200, 5000):
        head = f"POST {EDIT_PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: {MULTIPART}\r\nContent-Length: 90000\r\n\r\n"
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        connection.sendall((head.encode() + Style("").body(astronaut_jpeg))[:sent])
        connection.close()
    assert_success(*exchange(server.port, MULTIPART, Style("").body(astronaut_jpeg)))


def test_connection_is_kept_alive_after_a_refusal(server: RunningServer, astronaut_jpeg: bytes) -> None:
    body = Style("").body(astronaut_jpeg)
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        for key, expected in (("", 401), ("ailabapi-api-key: k\r\n", 200)):
            head = f"POST {EDIT_PATH} HTTP/1.1\r\nHost: x\r\n{key}Content-Type: {MULTIPART}\r\n"
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            assert read_answer(connection)[0] == expected
