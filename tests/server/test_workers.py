"""`--workers N`: the same answers as from threads, one truth, and a process that dies takes nothing with it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from server.pixels.analyzer import Analyzer
from server.pixels.pixel_process import PixelProcess, WorkerLostError
from tests.conftest import RunningServer, start_server
from tests.server.test_admin import admin
from tests.server.test_on_demand import change
from tests.server.test_serving import seconds_of_an_empty_process


@pytest.fixture(scope="module")
def working() -> Iterator[RunningServer]:
    running = start_server("--workers", "2")
    yield running
    running.stop()


def workers_of(server: RunningServer) -> list[int]:
    pid = server.process.pid
    children = {
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    }
    return [child for child in children if b"pixel_process" in Path(f"/proc/{child}/cmdline").read_bytes()]


def is_running(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_answers_are_those_of_threads(server: RunningServer, working: RunningServer, astronaut_jpeg: bytes) -> None:
    digests = {
        one.edit(astronaut_jpeg, action_type="TO_OLD", quality_control="LOW").headers["x-mock-result-digest"]
        for one in (server, working)
    }
    assert len(digests) == 1
    (call,) = admin(working, "requests", key="test-key")["requests"]
    assert {"detect", "edit", "encode"} <= set(call["step_ms"])
    assert call["explanation"]["checks"]
    assert len(workers_of(working)) == 2


def test_refusals_come_back_whole(working: RunningServer, astronaut_jpeg: bytes) -> None:
    box = '{"left":0,"top":400,"width":20,"height":20}'
    answer = working.edit(astronaut_jpeg, key="refused", action_type="TO_OLD", face_location=box)
    assert answer.json()["error_detail"]["code"] == "ERROR_NO_FACE_IN_FILE"
    assert answer.headers["x-mock-why"]
    (call,) = admin(working, "requests", key="refused")["requests"]
    assert "detect" in call["step_ms"]


def test_a_killed_worker_loses_nothing(working: RunningServer, astronaut_jpeg: bytes) -> None:
    change(working, "killed", credits=100)
    victim = workers_of(working)[0]
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(working.edit, astronaut_jpeg, key="killed", action_type="TO_KID") for _ in range(6)]
        time.sleep(0.3)
        os.kill(victim, signal.SIGKILL)
        statuses = [answer.result().status_code for answer in answers]
    assert statuses == [200] * 6
    assert admin(working, "count", key="killed")["count"] == 6
    assert admin(working, "tenants/killed")["credits"] == 100 - 6 * 8
    assert victim not in workers_of(working)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_all_leave_together(
    new_server: Callable[..., RunningServer], astronaut_jpeg: bytes, number: signal.Signals
) -> None:
    server = new_server("--workers", "2")
    children = workers_of(server)
    with ThreadPoolExecutor(2) as pool:
        edits = [pool.submit(server.edit, astronaut_jpeg, action_type="TO_OLD") for _ in range(2)]
        time.sleep(0.2)
        start = time.monotonic()
        server.process.send_signal(number)
        with server.process:
            server.process.wait(10)
        while any(is_running(child) for child in children):
            assert time.monotonic() - start < max(0.5, 15 * seconds_of_an_empty_process()), "more than half a second"
            time.sleep(0.01)
        assert all(isinstance(edit.exception(), httpx.HTTPError) or edit.result() for edit in edits)


def fail(_: Analyzer) -> None:
    raise LookupError("not there")


def die(_: Analyzer) -> None:
    os._exit(9)


def not_to_be_sent(_: Analyzer) -> object:
    return lambda: None


def identify(_: Analyzer) -> int:
    return os.getpid()


def test_what_a_process_raises_is_raised_here() -> None:
    process = PixelProcess()
    try:
        with pytest.raises(LookupError, match="not there") as raised:
            process.run(fail)
        assert "in fail" in raised.value.__notes__[0]
        with pytest.raises(Exception, match="pickle"):
            process.run(not_to_be_sent)
        first = process.run(identify)
        assert first == process.pid
        with pytest.raises(WorkerLostError, match="2 processes died"):
            process.run(die)
        assert process.run(identify) == process.pid != first
    finally:
        process.close()
