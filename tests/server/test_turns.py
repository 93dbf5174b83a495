"""The queue in front of the pixel threads: bounded, fair among keys, and nothing for clients that left."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from server.pixels.turns import Interest, QueueFullError, Turns, UnwantedError
from server.pixels.workers import PixelWorkers
from tests.conftest import CREDITS_PATH, RunningServer


def waits() -> Interest:
    return Interest.WAITS


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def run(
    play: Callable[[Turns, Callable[..., asyncio.Task[None]], list[str]], Awaitable[None]], most_waiting: int
) -> None:
    """Play with a queue of one turn, which is taken already; `order` lists who got one, or why not."""

    async def main() -> None:
        turns = Turns(1, most_waiting)
        order: list[str] = []
        await turns.take("first", waits)

        async def enter(name: str, key: str, interest: Callable[[], Interest]) -> None:
            try:
                await turns.take(key, interest)
                order.append(name)
            except (QueueFullError, UnwantedError) as error:
                order.append(f"{name}: {type(error).__name__}")

        def entering(name: str, key: str, interest: Callable[[], Interest] = waits) -> asyncio.Task[None]:
            return asyncio.get_running_loop().create_task(enter(name, key, interest))

        await play(turns, entering, order)

    asyncio.run(main())


def test_keys_have_their_turns_one_after_the_other() -> None:
    async def play(turns, entering, order):
        for name in ("a1", "a2", "a3", "b1", "c1", "c2"):
            entering(name, name[0])
        await settle()
        for _ in range(6):
            turns.give_back()
            await settle()
        assert order == ["a1", "b1", "c1", "a2", "c2", "a3"]
        assert turns.waiting == 0

    run(play, 10)


def test_a_full_queue_refuses_at_once() -> None:
    async def play(turns, entering, order):
        for name in ("a1", "a2", "a3"):
            entering(name, "a")
        await settle()
        assert order == ["a3: QueueFullError"]
        assert turns.waiting == 2

    run(play, 2)


def test_a_flood_gives_up_its_newest_place_to_another_key() -> None:
    async def play(turns, entering, order):
        for name in ("a1", "a2", "a3", "b1", "b2"):
            entering(name, name[0])
        await settle()
        # Two places for a and one for b: one more for b would only turn that round.
        assert sorted(order) == ["a3: QueueFullError", "b2: QueueFullError"]
        for _ in range(3):
            turns.give_back()
            await settle()
        assert order[2:] == ["a1", "b1", "a2"]

    run(play, 3)


def test_no_turn_for_a_client_that_is_gone_and_a_doubtful_one_comes_last() -> None:
    left: set[str] = set()

    async def play(turns, entering, order):
        entering("gone", "a", lambda: Interest.GONE if "gone" in left else Interest.WAITS)
        entering("half closed", "b", lambda: Interest.DOUBTFUL)
        entering("patient", "c")
        await settle()
        left.add("gone")
        for _ in range(2):
            turns.give_back()
            await settle()
        assert sorted(order) == ["gone: UnwantedError", "half closed", "patient"]
        assert order.index("patient") < order.index("half closed")

    run(play, 10)


def test_who_gives_up_loses_no_turn() -> None:
    async def play(turns, entering, order):
        impatient, _ = entering("impatient", "a"), entering("patient", "a")
        await settle()
        impatient.cancel()
        await settle()
        assert turns.waiting == 1
        turns.give_back()
        await settle()
        assert order == ["patient"]
        # The turn comes in the same moment in which it is given up: it goes on to the next.
        late, _ = entering("late", "a"), entering("last", "a")
        await settle()
        turns.give_back()
        late.cancel()
        await settle()
        assert order == ["patient", "last"]
        turns.give_back()
        await turns.take("free again", waits)

    run(play, 10)


def test_past_the_queue_edits_are_refused_at_once_and_cost_nothing(
    new_server: Callable[..., RunningServer], astronaut_jpeg: bytes
) -> None:
    server = new_server("--threads", "1", "--queue", "2", "--credits", "1000")
    with ThreadPoolExecutor(10) as clients:
        answers = list(
            clients.map(lambda _: server.edit(astronaut_jpeg, key="flood", action_type="TO_MALE"), range(10))
        )
    edited = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert len(edited) >= 3
    assert refused
    for answer in refused:
        assert answer.status_code == 503
        assert answer.json()["error_detail"]["code"] == "AI_SERVICE_FLOW_RESTRICTION"
        assert "--queue" in answer.headers["X-Mock-Why"]
    left = httpx.get(server.url + CREDITS_PATH, headers={"ailabapi-api-key": "flood"}).json()
    assert str(1000 - 8 * len(edited)) in str(left["data"])
    assert server.edit(astronaut_jpeg, key="flood", action_type="TO_MALE").status_code == 200


def test_what_timed_out_while_it_waited_is_never_begun() -> None:
    begun: list[str] = []
    finish = threading.Event()

    def work(name: str) -> Callable[[object], str]:
        def begin(_: object) -> str:
            begun.append(name)
            finish.wait(30)
            return name

        return begin

    async def main() -> None:
        workers = PixelWorkers(1, most_waiting=5)
        slow = asyncio.get_running_loop().create_task(workers.run(work("slow"), 30))
        while not begun:
            await asyncio.sleep(0.01)
        with pytest.raises(TimeoutError):
            await workers.run(work("late"), 0.05)
        finish.set()
        assert await slow == "slow"
        assert await workers.run(work("next"), 30) == "next"
        assert begun == ["slow", "next"]
        workers.close()

    asyncio.run(main())
