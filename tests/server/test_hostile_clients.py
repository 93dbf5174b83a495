"""Clients that nobody should write: the server answers others meanwhile, and lets go of them."""

from __future__ import annotations

import contextlib
import json
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bench.hostile.clients import (
    GET_CREDITS,
    HEAD_SEEDS,
    ODD_HEADS,
    POST_HEAD,
    ask,
    connect,
    descriptors,
    holding,
    read_answer,
)
from bench.hostile.mutation import mutated
from tests.conftest import RunningServer, start_server
from tests.server.envelopes import assert_success

TIMEOUT_S = 1.0
MAX_CONNECTIONS = 40
FEW = 4
"""Descriptors that come and go by themselves, as modules are imported in the background."""
HAS_PROC = Path("/proc/self/fd").exists()
needs_proc = pytest.mark.skipif(not HAS_PROC, reason="no /proc to count descriptors in")


@pytest.fixture(scope="module")
def strict() -> Iterator[RunningServer]:
    """A server that soon loses its patience."""
    options = ("--client-timeout", str(TIMEOUT_S), "--max-connections", str(MAX_CONNECTIONS))
    running = start_server(*options)
    yield running
    running.stop()


def eventually(holds: Callable[[], bool]) -> bool:
    deadline_s = time.monotonic() + 20
    while not holds():
        if time.monotonic() > deadline_s:
            return False
        time.sleep(0.05)
    return True


def answers(server: RunningServer) -> bool:
    return ask(server.port, GET_CREDITS).status == 200


@pytest.mark.parametrize("name", ODD_HEADS)
def test_odd_heads_get_the_envelope(server: RunningServer, name: str) -> None:
    request, status = ODD_HEADS[name]
    answer = ask(server.port, request)
    assert answer.status == status
    assert answer.is_envelope, answer.body
    assert answer.headers["x-mock-request-id"] == json.loads(answer.body)["request_id"]
    assert ("x-mock-why" in answer.headers) == (status != 200)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("no HTTP", "illegal request line"),
        ("NUL in a header", "illegal header line"),
        ("no Host", "Missing mandatory Host: header"),
        ("10,000 headers", "the head is too long"),
        ("half a million tiny chunks", "the chunks are too small"),
    ],
)
def test_what_is_wrong_with_a_head_is_said_to_pages_too(server: RunningServer, name: str, why: str) -> None:
    answer = ask(server.port, ODD_HEADS[name][0])
    assert answer.headers["x-mock-why"] == f"not a valid HTTP/1.1 request: {why}"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "X-Mock-Why" in answer.headers["access-control-expose-headers"]


def test_mutated_heads_never_crash(server: RunningServer) -> None:
    """Half closed, so that what is incomplete is answered too."""
    requests = list(mutated(HEAD_SEEDS, 400, seed=4))
    outcomes = [(request, ask(server.port, request, half_close=True)) for request in requests]
    assert [request for request, answer in outcomes if answer.status >= 500] == []
    refusals = [answer for request, answer in outcomes if answer.status >= 400 and b"OPTIONS" not in request]
    assert len(refusals) > 100
    assert all(answer.is_envelope or b"detail" in answer.body for answer in refusals)
    assert answers(server)


@needs_proc
def test_a_thousand_idle_connections(server: RunningServer, astronaut_jpeg: bytes) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 1200:
        pytest.skip(f"the system grants {hard} file descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1200), hard))
    before = descriptors(server.process.pid)
    with holding(server.port, 1000):
        assert answers(server)
        answer = server.edit(astronaut_jpeg, action_type="TO_OLD")
        assert_success(answer.status_code, answer.json())
        assert descriptors(server.process.pid) <= before + 1001
    assert eventually(lambda: descriptors(server.process.pid) < before + FEW)


@needs_proc
@pytest.mark.parametrize(
    "beginning",
    [b"", b"GET / HTTP/1.1\r\nX: ", POST_HEAD + b"Content-Length: 999\r\n\r\nabc"],
    ids=["idle", "slow head", "slow body"],
)
def test_slow_clients_are_let_go(strict: RunningServer, beginning: bytes) -> None:
    """All slots are taken: one makes room for the client that asks, the others meet their deadline."""
    before = descriptors(strict.process.pid)
    with holding(strict.port, MAX_CONNECTIONS, beginning) as held:
        assert answers(strict)
        outcomes = [read_answer(connection) for connection in held]
        late = [answer for answer in outcomes if answer.status == 400]
        assert len(late) == (MAX_CONNECTIONS - 1 if beginning else 0)
        assert all(answer.is_envelope for answer in late)
        # Who made room was told so, unless it had seemed idle: its bytes may not have been read yet.
        assert {answer.status for answer in outcomes} - {400} <= {0, 503}
        assert eventually(lambda: descriptors(strict.process.pid) < before + FEW)


def test_a_late_body_stands_in_the_journal_under_the_id_of_its_answer(strict: RunningServer) -> None:
    with holding(strict.port, 1, POST_HEAD + b"Content-Length: 999\r\n\r\nabc") as held:
        answer = read_answer(held[0])
    assert answer.headers["x-mock-why"] == f"the request did not arrive within {TIMEOUT_S:g} s"
    request_id = answer.headers["x-mock-request-id"]
    assert request_id == json.loads(answer.body)["request_id"]
    assert eventually(lambda: httpx.get(f"{strict.url}/__mock/requests/{request_id}").status_code == 200)


def test_a_trickle_does_not_buy_time(strict: RunningServer) -> None:
    """A byte now and then is not progress: the whole head has one deadline."""
    with connect(strict.port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        deadline_s = time.monotonic() + 20
        connection.settimeout(0.2)
        while time.monotonic() < deadline_s:
            with contextlib.suppress(TimeoutError):
                assert connection.recv(12) == b"HTTP/1.1 400"
                return
            connection.sendall(b"a: b\r\n")
    pytest.fail("a slow head was never given up")


@needs_proc
def test_a_client_that_never_reads_is_let_go(strict: RunningServer) -> None:
    before = descriptors(strict.process.pid)
    request = b"GET /__mock/errors HTTP/1.1\r\nHost: x\r\n\r\n" * 1500
    with holding(strict.port, 2 * FEW) as held:
        for connection in held:
            connection.settimeout(0.1)
            with contextlib.suppress(OSError):
                connection.sendall(request)
        assert answers(strict)
        assert eventually(lambda: descriptors(strict.process.pid) < before + FEW)


def test_when_all_are_at_work_a_newcomer_is_told(strict: RunningServer) -> None:
    change = {"latency": {"ms": 2500}}
    httpx.patch(strict.url + "/__mock/tenants/hostile", json=change)
    with holding(strict.port, MAX_CONNECTIONS, GET_CREDITS) as held:
        time.sleep(0.5)
        assert ask(strict.port, b"").status == 503
        assert ask(strict.port, b"").is_envelope
        assert [read_answer(connection).status for connection in held] == [200] * MAX_CONNECTIONS
    httpx.patch(strict.url + "/__mock/tenants/hostile", json={"latency": None})


def test_event_streams_do_not_take_every_connection(strict: RunningServer) -> None:
    """A stream is no idle client: the oldest ends when half of all connections are streams, and the others go on."""
    listen = b"GET /__mock/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with contextlib.ExitStack() as streams:
        held = []
        for _ in range(2 * MAX_CONNECTIONS):
            held += streams.enter_context(holding(strict.port, 1, listen))
            assert held[-1].recv(9) == b"HTTP/1.1 "
        assert answers(strict)
        held[-1].settimeout(5)
        received = b""
        while b"query-credits" not in received:
            received += held[-1].recv(65536)


@needs_proc
def test_clients_that_leave_in_the_middle(server: RunningServer, astronaut_jpeg: bytes) -> None:
    """They leave while their edit runs: nothing is kept, and the next one is answered."""
    before = descriptors(server.process.pid)
    request = httpx.Request(
        "POST",
        server.url,
        headers={"ailabapi-api-key": "leaver"},
        data={"action_type": "TO_OLD"},
        files={"image": ("a.jpg", astronaut_jpeg)},
    )
    head = POST_HEAD.replace(b"hostile", b"leaver")
    for name in ("content-type", "content-length"):
        head += f"{name}: {request.headers[name]}\r\n".encode()
    for _ in range(4):
        with connect(server.port) as connection:
            connection.sendall(head + b"\r\n" + request.read())
    answer = server.edit(astronaut_jpeg, action_type="TO_OLD")
    assert_success(answer.status_code, answer.json())
    assert eventually(lambda: descriptors(server.process.pid) < before + FEW)

    def leavers() -> list[bool]:
        calls = httpx.get(server.url + "/__mock/requests", params={"key": "leaver"}).json()["requests"]
        return [call["client_left"] for call in calls]

    # They may still read, so their edits are made, but after everybody else's.
    assert eventually(lambda: leavers() == [True] * 4)
