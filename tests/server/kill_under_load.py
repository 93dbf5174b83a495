"""Killing a server in the middle of calls: what it had answered by then must be found again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import TypeVar

from tests.conftest import RunningServer

Answer = TypeVar("Answer")


def kill_under_load(victim: RunningServer, clients: Iterable[Iterator[Answer]], enough: int) -> list[Answer]:
    """Run clients side by side and kill a server of theirs after so many answers.

    Parameters
    ----------
    victim : RunningServer
    clients : iterable of iterator
        Each calls and gives what was answered, until it is to end.
    enough : int

    Returns
    -------
    list
        All answers, those after the kill too; what a client raises is raised.
    """
    answered: list[Answer] = []

    def run(client: Iterator[Answer]) -> None:
        for answer in client:
            answered.append(answer)  # noqa: PERF402  # others append to it meanwhile

    clients = list(clients)
    with ThreadPoolExecutor(len(clients)) as pool:
        running = [pool.submit(run, client) for client in clients]
        try:
            while len(answered) < enough and not wait(running, 0.01, FIRST_EXCEPTION).done:
                pass
        finally:
            kill(victim)
    for client in running:
        client.result()
    return answered


def kill(server: RunningServer) -> None:
    """End a server as the system's out-of-memory killer does, and wait for it."""
    server.process.kill()
    with server.process:
        server.process.wait(10)
