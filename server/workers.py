"""Threads for work on pixels: never the event loop's, each with its own `Analyzer`."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import cv2

from server.analyzer import Analyzer
from server.rehearsal import draw_ahead, rehearse

Result = TypeVar("Result")


class PixelWorkers:
    """A pool of threads that each keep their models."""

    def __init__(self, threads: int) -> None:
        # One request, one core: two requests then use two cores, and no result depends on the number of threads.
        cv2.setNumThreads(1)
        self.threads = threads
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="pixels")
        self._own = threading.local()
        self._warm = threading.Event()

    @property
    def is_warm(self) -> bool:
        """True once one thread has its models loaded and run."""
        return self._warm.is_set()

    def start_warming(self, then: Callable[[], None]) -> None:
        """Load every thread's models in the background; call `then` when the last has them."""
        ahead = self._executor.submit(draw_ahead)
        barrier = threading.Barrier(self.threads)
        one_at_a_time = threading.Lock()

        def warm() -> None:
            # Tables are drawn once a process: side by side every thread would draw them all.
            with one_at_a_time:
                rehearse(self._analyzer())
            ahead.result()
            self._warm.set()
            if barrier.wait(timeout=60) == 0:
                then()

        for _ in range(self.threads):
            self._executor.submit(warm)

    def submit(self, work: Callable[[Analyzer], Result]) -> Future[Result]:
        """Run `work` with a thread's models."""
        return self._executor.submit(lambda: work(self._analyzer()))

    async def run(self, work: Callable[[Analyzer], Result], timeout_s: float) -> Result:
        """Run `work` in a thread and wait for it.

        Raises
        ------
        TimeoutError
            It took longer; the thread finishes in the background.
        """
        return await asyncio.wait_for(asyncio.wrap_future(self.submit(work)), timeout_s)

    def close(self) -> None:
        """Take no more work; what is queued is dropped."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _analyzer(self) -> Analyzer:
        analyzer: Analyzer | None = getattr(self._own, "analyzer", None)
        if analyzer is None:
            analyzer = Analyzer()
            self._own.analyzer = analyzer
        return analyzer
