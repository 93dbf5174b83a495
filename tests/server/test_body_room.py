"""All bodies being received share one bound: past it a call is refused, and the count comes back to zero."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
import pytest

from bench.hostile.clients import POST_HEAD, holding
from server.wire.body_room import BodyRoom
from tests.conftest import RunningServer


def test_a_share_that_does_not_fit_holds_nothing() -> None:
    room = BodyRoom(100)
    with room.share() as one, room.share() as other:
        assert one.take(60)
        assert other.take(40)
        assert not other.take(1)
        assert (room.held_bytes, one.was_refused, other.was_refused) == (60, False, True)
        assert not other.take(1)
        assert one.take(40)
    assert room.held_bytes == 0


def test_a_broken_off_share_gives_back() -> None:
    room = BodyRoom(100)

    def leave() -> None:
        with room.share() as share:
            assert share.take(100)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        leave()
    assert room.held_bytes == 0


def test_calls_past_the_bound(new_server: Callable[..., RunningServer], astronaut_jpeg: bytes) -> None:
    server = new_server("--all-bodies-bytes", "1000000")

    def answer_with(status: int) -> httpx.Response:
        deadline_s = time.monotonic() + 20
        while (answer := server.edit(astronaut_jpeg, action_type="TO_NOTHING")).status_code != status:
            assert time.monotonic() < deadline_s, answer.text
        return answer

    unfinished = POST_HEAD + b"Content-Length: 500000\r\n\r\n" + bytes(240_000)
    with holding(server.port, 4, unfinished):
        refused = answer_with(503)
        assert (refused.status_code, refused.json()["error_detail"]["code"]) == (503, "AI_SERVICE_FLOW_RESTRICTION")
        assert "--all-bodies-bytes" in refused.headers["x-mock-why"]
    # What those that left held is given back.
    assert answer_with(400).json()["error_detail"]["code"] == "UNSUPPORTED_PARAMETER_VALUES"
