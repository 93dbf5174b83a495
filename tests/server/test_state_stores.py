"""One contract for every store: memory, a file, a database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.contract.errors import ApiError
from server.journal.entries import Filter
from server.settings import Settings
from server.state.emulator_state import EmulatorState
from server.state.store import StateStore
from server.tenant.faults import Fault, FaultKind, FaultRules, Misbehavior
from tests.server.test_admin import entry


@pytest.fixture(params=["memory", "file", "database"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> str | None:
    if request.param == "database":
        return request.getfixturevalue("cluster").new_database()
    return str(tmp_path / "state.db") if request.param == "file" else None


@asynccontextmanager
async def opened(state: str | None, **flags: int) -> AsyncIterator[StateStore]:
    given = {name: str(value) for name, value in flags.items()} | ({"state": state} if state else {})
    store = EmulatorState.of(Settings.resolve(given, {})).store
    await store.open()
    try:
        yield store
    finally:
        await store.close()


async def begin(store: StateStore, key: str, call_id: str) -> None:
    async with store.changing(key) as tenant:
        tenant.begin(call_id)


def test_credits_are_held_taken_and_given_back(state: str | None) -> None:
    async def play() -> None:
        async with opened(state, credits=20) as store:
            await begin(store, "k", "1")
            await begin(store, "k", "2")
            with pytest.raises(ApiError, match="ERROR_NOT_ENOUGH_CREDITS"):
                await begin(store, "k", "3")
            await store.finish(entry(1), {}, has_begun=True)
            await store.finish(entry(2, code="ERROR_BLURRY_FACE", status=422), {}, has_begun=True)
            tenant = await store.tenant("k")
            assert (tenant.account.balance, tenant.running) == (12, {})
            assert [kept.credits for kept in await store.entries(Filter())] == [8, 0]
            assert (await store.tenant("other")).account.balance == 20

    asyncio.run(play())


def test_side_by_side_calls_never_overdraw(state: str | None) -> None:
    async def call(store: StateStore, number: int) -> bool:
        try:
            await begin(store, "k", str(number))
        except ApiError:
            return False
        await asyncio.sleep(0.01)
        await store.finish(entry(number), {}, has_begun=True)
        return True

    async def play() -> None:
        async with opened(state, credits=5 * 8 + 7) as store:
            served = await asyncio.gather(*(call(store, number) for number in range(30)))
            assert sum(served) == 5
            assert (await store.tenant("k")).account.balance == 7
            assert len(await store.entries(Filter(key="k"))) == 5

    asyncio.run(play())


def test_what_a_refused_block_changed_is_kept(state: str | None) -> None:
    async def take(store: StateStore) -> None:
        async with store.changing("k") as tenant:
            scenario = tenant.next_scenario()
            assert scenario is not None
            raise scenario.refusal() or AssertionError

    async def play() -> None:
        async with opened(state) as store:
            async with store.changing("k") as tenant:
                tenant.scenarios.extend(["AI_SERVICE_TIMEOUT", "ok"])
            with pytest.raises(ApiError, match="AI_SERVICE_TIMEOUT"):
                await take(store)
            assert list((await store.tenant("k")).scenarios) == ["ok"]

    asyncio.run(play())


def test_filters(state: str | None) -> None:
    calls = [
        entry(1, key="a", code="ERROR_BLURRY_FACE", status=422, fields={"action_type": "TO_OLD"}),
        entry(2, key="a", path="/elsewhere"),
        entry(3, key="b", fields={"action_type": "TO_OLD", "note": "\0\udcff"}, picture_size_wh=(3, 4)),
    ]
    wanted = {
        Filter(): "123",
        Filter(key="a"): "12",
        Filter(code="ok"): "23",
        Filter(code="ERROR_BLURRY_FACE"): "1",
        Filter(code="refused"): "1",
        Filter(text="blurry"): "1",
        Filter(text="TO_OLD", key="a"): "1",
        Filter(action="TO_OLD"): "13",
        Filter(path="/elsewhere"): "2",
        Filter(since_s=2, until_s=2): "2",
        Filter(key="a", action="TO_OLD", code="ok"): "",
    }

    async def play() -> None:
        async with opened(state) as store:
            for call in calls:
                await store.finish(call, {}, has_begun=False)
            for meant, ids in wanted.items():
                assert "".join(kept.id for kept in await store.entries(meant)) == ids
            assert await store.entry("3") == calls[2]
            assert await store.entry("4") is None

    asyncio.run(play())


def test_caps_and_evicted(state: str | None) -> None:
    async def play() -> None:
        async with opened(state, journal_entries=3, journal_bytes=25) as store:
            for number in range(5):
                await store.finish(entry(number, key="ab"[number % 2]), {f"d{number}": b"x" * 10}, has_begun=False)
            await store.finish(entry(5), {"d4": b"x" * 10, "too large": b"x" * 26}, has_begun=False)
            assert [kept.id for kept in await store.entries(Filter())] == ["3", "4", "5"]
            evicted = [await store.evicted(key) for key in (None, "a", "b", "k")]
            assert evicted == [3, 2, 1, 0]
            kept = [await store.picture(digest) for digest in ("d2", "d3", "d4", "too large")]
            assert kept == [None, b"x" * 10, b"x" * 10, None]

    asyncio.run(play())


@pytest.mark.parametrize("key", ["a", None])
def test_reset(state: str | None, key: str | None) -> None:
    async def play() -> None:
        async with opened(state, credits=8, journal_entries=2) as store:
            for number, name in enumerate("aaab"):
                await store.finish(entry(number, key=name), {name: b"x"}, has_begun=False)
            for name in "ab":
                async with store.changing(name) as tenant:
                    tenant.account.recharge(1)
            await begin_and_reset(store, key)
            assert (await store.tenant("a")).account.balance == 8
            assert (await store.tenant("b")).account.balance == (8 if key is None else 1)
            assert await store.evicted("a") == 0
            assert [kept.id for kept in await store.entries(Filter())] == ([] if key is None else ["3"])
            assert await store.picture("a") == (None if key is None else b"x")

    async def begin_and_reset(store: StateStore, key: str | None) -> None:
        async with store.changing("a") as tenant:
            tenant.account.recharge(9)
            tenant.begin("running")
        await store.reset(key)
        late = entry(9, key="a")
        await store.finish(late, {}, has_begun=True)
        assert (await store.entry("9")) == late
        await store.reset("a")

    asyncio.run(play())


def test_dice_of_a_key_and_of_everyone(state: str | None) -> None:
    rules = (Fault(FaultKind.BAD_GATEWAY, 0.5),)

    async def play() -> None:
        async with opened(state) as store:
            assert await store.misbehavior("k") is None
            async with store.changing("*") as everyone:
                everyone.faults = FaultRules(rules, seed=7)
            alone = FaultRules(rules, seed=7)
            assert [await store.misbehavior("k") for _ in range(8)] == [alone.throw() for _ in range(8)]
            async with store.changing("k") as tenant:
                tenant.faults = FaultRules((Fault(FaultKind.EMPTY_ANSWER),))
            assert await store.misbehavior("k") == Misbehavior(0.0, FaultKind.EMPTY_ANSWER)
            assert (await store.tenant("*")).faults.throws == 8

    asyncio.run(play())


@pytest.mark.parametrize("key", ["plain", "k\u00e4se \u2603", 'quo"te\\', "nul \0 and \udcff"])
def test_any_key(state: str | None, key: str) -> None:
    async def play() -> None:
        async with opened(state) as store:
            async with store.changing(key) as tenant:
                tenant.account.recharge(3)
            await store.finish(entry(1, key=key), {}, has_begun=False)
            assert (await store.tenant(key)).account.balance == 3
            assert [tenant.key for tenant in await store.tenants()] == [key]
            assert [kept.key for kept in await store.entries(Filter(key=key))] == [key]

    asyncio.run(play())
