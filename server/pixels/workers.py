"""Threads for work on pixels: never the event loop's, each with its own `Analyzer`."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import cv2

from quality.detector import FaceDetector
from server.pixels.analyzer import Analyzer, SharedNets
from server.pixels.native_memory import FreePages
from server.pixels.rehearsal import draw_ahead, rehearse
from server.pixels.turns import Interest, InterestNow, Turns

Result = TypeVar("Result")

REST_SECONDS = 1.5
"""After the last edit; longer than `GIVE_BACK_SECONDS`. The first edit after a rest reads its nets again."""


class PixelWorkers:
    """A pool of threads that each keep their models.

    Parameters
    ----------
    threads : int
    most_waiting : int
        What `run` lets wait for a thread.
    """

    def __init__(self, threads: int, most_waiting: int = 0) -> None:
        # One request, one core: two requests then use two cores, and no result depends on the number of threads.
        cv2.setNumThreads(1)
        self.threads = threads
        self._turns = Turns(threads, most_waiting)
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="pixels")
        self._own = threading.local()
        self._analyzers: list[Analyzer] = []
        self._nets: SharedNets | None = None
        self._unpaired: FaceDetector | None = None
        self._loading = threading.Lock()
        self._warm = threading.Event()
        self._free_pages = FreePages()
        self._rest: asyncio.TimerHandle | None = None

    @property
    def is_warm(self) -> bool:
        """True once one thread has its models loaded and run."""
        return self._warm.is_set()

    @property
    def waiting(self) -> int:
        """Number of edits that wait for their turn."""
        return self._turns.waiting

    def start_warming(self) -> None:
        """Load every thread's models in the background."""
        ahead = self._executor.submit(draw_ahead)
        loop = asyncio.get_running_loop()
        barrier = threading.Barrier(self.threads)
        one_at_a_time = threading.Lock()

        def warm() -> None:
            # Tables are drawn once a process: side by side every thread would draw them all.
            with one_at_a_time:
                rehearse(self._analyzer())
            ahead.result()
            self._warm.set()
            # So that each thread takes one of these: none is idle before all have begun.
            if barrier.wait(timeout=60) == 0:
                self._free_pages.give_back()
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(self._rest_soon)

        for _ in range(self.threads):
            self._executor.submit(warm)

    def submit(self, work: Callable[[Analyzer], Result]) -> Future[Result]:
        """Run `work` with a thread's models."""
        future = self._executor.submit(lambda: work(self._analyzer()))
        # In the working thread, once the result is handed over.
        future.add_done_callback(lambda _: self._free_pages.give_back())
        return future

    async def run(
        self,
        work: Callable[[Analyzer], Result],
        timeout_s: float,
        key: str = "",
        interest: InterestNow = lambda: Interest.WAITS,
    ) -> Result:
        """Run `work` in a thread, when it is its turn, and wait for it.

        Parameters
        ----------
        work : callable
        timeout_s : float
            For waiting and working.
        key : str
            Whose work it is: keys have their turns one after the other.
        interest : callable
            Whether anybody waits for the result, asked before it is begun.

        Raises
        ------
        TimeoutError
            It took longer. What has not begun never will; what has is finished in the background.
        QueueFullError, UnwantedError
            See `Turns.take`.
        """
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(timeout_s):
            await self._turns.take(key, interest)
            self._stay_awake()
            future = self.submit(work)
            future.add_done_callback(lambda _: self._turn_ended(loop))
            return await asyncio.wrap_future(future)

    def _turn_ended(self, loop: asyncio.AbstractEventLoop) -> None:
        # In the working thread. A server that leaves closes its loop while edits are still under way.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(self._end_turn)

    def _end_turn(self) -> None:
        self._turns.give_back()
        self._rest_soon()

    def _rest_soon(self) -> None:
        """Rest once no edit follows for a while."""
        self._stay_awake()
        if self._turns.is_idle:
            rest = functools.partial(self._executor.submit, self._give_back_all)
            self._rest = asyncio.get_running_loop().call_later(REST_SECONDS, rest)

    def _stay_awake(self) -> None:
        if self._rest is not None:
            self._rest.cancel()

    def _give_back_all(self) -> None:
        for analyzer in self._analyzers:
            analyzer.rest()
        self._free_pages.give_back()

    def close(self) -> None:
        """Take no more work; what is queued is dropped."""
        self._stay_awake()
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _analyzer(self) -> Analyzer:
        analyzer: Analyzer | None = getattr(self._own, "analyzer", None)
        if analyzer is None:
            with self._loading:
                self._nets = self._nets or SharedNets()
                detector = self._unpaired or FaceDetector()
                # Two threads hardly ever wait for a detector they share; with more, each would wait for the others.
                self._unpaired = None if self._unpaired else detector
            analyzer = Analyzer(self._nets, detector)
            self._own.analyzer = analyzer
            self._analyzers.append(analyzer)
        return analyzer
