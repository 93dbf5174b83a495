"""An edit that hangs costs its worker: the process or thread is replaced and the next edit is answered."""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from server.app import create_app
from server.pixels import pixel_process
from server.pixels import workers as workers_module
from server.pixels.analyzer import Analyzer
from server.pixels.pixel_process import PixelProcess, WorkerHungError
from server.pixels.process_workers import ProcessWorkers
from server.pixels.workers import PixelWorkers
from server.settings import Settings

Work = Callable[[Analyzer], int]


@pytest.fixture(autouse=True)
def _without_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PixelWorkers, "_analyzer", lambda _: None)


def hang(_: Analyzer) -> int:
    time.sleep(600)
    return 0


def identify(_: Analyzer) -> int:
    return os.getpid()


def thread_id(_: Analyzer) -> int:
    return threading.get_ident()


async def times_out(workers: PixelWorkers, work: Work, timeout_s: float = 0.05) -> None:
    with pytest.raises(TimeoutError):
        await workers.run(work, timeout_s)


def test_a_process_that_hangs_is_replaced_and_its_work_not_tried_again() -> None:
    process = PixelProcess()
    try:
        first = process.run(identify)
        with pytest.raises(WorkerHungError):
            process.run(hang, 0.2)
        assert process.run(identify, 60) == process.pid != first
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)
    finally:
        process.close()


def identify_with(_: bytes, analyzer: Analyzer) -> int:
    return identify(analyzer)


def test_a_process_that_does_not_take_its_work_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pixel_process, "TAKE_SECONDS", 0.3)
    process = PixelProcess()
    monkeypatch.undo()
    try:
        first = process.run(identify)
        os.kill(first, signal.SIGSTOP)
        assert process.run(functools.partial(identify_with, bytes(4_000_000)), 60) == process.pid != first
    finally:
        process.close()


def test_the_next_edit_finds_a_process() -> None:
    async def scenario() -> None:
        workers = ProcessWorkers(1, most_waiting=5)
        try:
            first = await workers.run(identify, 60)
            # Not from the beginning: a process takes seconds to start where the machine is busy.
            workers._process_hang_s = 0.2
            await times_out(workers, hang, 60)
            workers._process_hang_s = None
            assert await workers.run(identify, 60) != first
        finally:
            workers.close()

    asyncio.run(scenario())


def test_threads_that_hang_are_replaced_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def hang_until_released(_: Analyzer) -> int:
        released.wait(60)
        return 0

    async def until(holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not holds():
                await asyncio.sleep(0.01)

    async def scenario() -> None:
        monkeypatch.setattr(workers_module, "MOST_HUNG", 2)
        workers = PixelWorkers(1, most_waiting=5, hang_s=0.1)
        seen = {await workers.run(thread_id, 60)}
        for count in (1, 2):
            await times_out(workers, hang_until_released)
            seen.add(await workers.run(thread_id, 60))
            assert (workers.hung, workers.is_stuck, len(seen)) == (count, False, count + 1)
        await times_out(workers, hang_until_released)
        await until(lambda: workers.is_stuck)
        await times_out(workers, thread_id)
        released.set()
        await until(lambda: workers.hung == 0)
        assert await workers.run(thread_id, 60) > 0
        assert not workers.is_stuck
        workers.close()

    try:
        asyncio.run(scenario())
    finally:
        released.set()


def test_an_edit_within_its_bound_keeps_its_thread() -> None:
    async def scenario() -> None:
        workers = PixelWorkers(1, most_waiting=5, hang_s=30)
        first = await workers.run(thread_id, 60)
        await times_out(workers, lambda _: time.sleep(0.2) or 0)
        assert await workers.run(thread_id, 60) == first
        assert workers.hung == 0
        workers.close()

    asyncio.run(scenario())


def test_probes_tell_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.testclient import TestClient

    client = TestClient(create_app(Settings.resolve({}, {})))
    assert client.get("/livez").status_code == 200
    monkeypatch.setattr(PixelWorkers, "is_stuck", True)
    assert {client.get(path).status_code for path in ("/livez", "/readyz")} == {503}
