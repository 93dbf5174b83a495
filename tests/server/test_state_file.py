"""`--state FILE`: nothing is written unless asked for; all of it outlives a kill; what is not ours is left alone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.journal.entries import Filter
from server.journal.feed import JournalFeed
from server.settings import Settings
from server.state.sqlite import SqliteStore
from server.state.sqlite_file import FORMAT
from server.state.store import StateError
from tests.conftest import CREDITS_PATH, RunningServer
from tests.server.kill_under_load import kill_under_load
from tests.server.test_admin import admin, entry
from tests.server.test_on_demand import change, upload

RULES: dict[str, Any] = {
    "credits": 30,
    "locked": False,
    "scenarios": ["ok", "AI_SERVICE_TIMEOUT", "EXCEEDING_LIMITS"],
    "limits": {"per_second": 50, "concurrent": 3},
    "latency": {"distribution": "uniform", "ms": 1, "to_ms": 2},
    "faults": [{"kind": "malformed_json", "probability": 0.0}],
    "seed": 7,
}


@contextmanager
def opened(path: Path, **flags: str) -> Iterator[SqliteStore]:
    store = SqliteStore(
        Settings.resolve({name: str(value) for name, value in flags.items()}, {}), path, JournalFeed()
    )
    try:
        yield store
    finally:
        asyncio.run(store.close())


def refused(path: Path) -> str:
    with pytest.raises(StateError, match=str(path)) as raised:
        SqliteStore(Settings.resolve({}, {}), path, JournalFeed())
    return str(raised.value)


def keep(store: SqliteStore, number: int, pictures: dict[str, bytes] | None = None, **fields: Any) -> None:
    asyncio.run(store.finish(entry(number, **fields), pictures or {}, has_begun=False))


def test_nothing_is_written_unless_asked_for(server: RunningServer, astronaut_jpeg: bytes) -> None:
    assert server.edit(astronaut_jpeg, action_type="TO_OLD").status_code == 200
    descriptors = list(Path(f"/proc/{server.process.pid}/fd").iterdir())
    assert descriptors
    assert [os.readlink(path) for path in descriptors if is_written_file(path)] == []


def is_written_file(descriptor: Path) -> bool:
    try:
        flags = int((descriptor.parents[1] / "fdinfo" / descriptor.name).read_text().split()[3], 8)
        target = os.readlink(descriptor)
    except FileNotFoundError:
        # A connection that closed since it was listed; what is written stays open.
        return False
    return bool(flags & (os.O_WRONLY | os.O_RDWR)) and target.startswith("/") and not target.startswith("/dev/")


def test_everything_outlives_a_kill_under_load(
    new_server: Callable[..., RunningServer], astronaut_jpeg: bytes, tmp_path: Path
) -> None:
    state = ("--state", str(tmp_path / "state.db"))
    first = new_server(*state)
    change(first, "kept", **RULES)
    change(first, "*", latency={"ms": 1})
    httpx.post(first.url + "/__mock/clock", json={"key": "kept", "advance_s": 5000}).raise_for_status()
    change(first, "shut", locked=True)
    assert first.edit(astronaut_jpeg, key="kept", action_type="TO_OLD", quality_control="LOW").status_code == 200
    assert upload(first, "kept", b"x").status_code == 504
    before = shown(first)
    clients = [credit_queries(first, f"client-{number}") for number in range(3)]
    answered = kill_under_load(first, clients, enough=100)
    second = new_server(*state)
    after = shown(second)
    for old, new in zip(before[:3], after[:3], strict=True):
        assert 0 <= new.pop("clock_s") - old.pop("clock_s") < 60
    assert after == before
    assert after[0]["credits"] == 22
    assert after[0]["scenarios"] == ["EXCEEDING_LIMITS"]
    edited = after[3]["requests"][1]
    for part in ("picture", "result"):
        assert httpx.get(f"{second.url}/__mock/requests/{edited['id']}/{part}").status_code == 200
    assert edited["explanation"]["checks"]
    assert upload(second, "kept", b"x").status_code == 429
    assert upload(second, "shut", b"x").status_code == 403
    kept = {call["id"] for call in admin(second, "requests", limit=10_000)["requests"]}
    assert set(answered) <= kept


def shown(server: RunningServer) -> list[Any]:
    tenants = [admin(server, f"tenants/{key}") for key in ("kept", "shut", "*")]
    return [*tenants, admin(server, "requests", key="kept")]


def credit_queries(server: RunningServer, key: str) -> Iterator[str]:
    """Ask until the server is gone; the ids of the calls that were answered."""
    with httpx.Client() as session, contextlib.suppress(httpx.HTTPError):
        while True:
            answer = session.get(server.url + CREDITS_PATH, headers={"ailabapi-api-key": key})
            yield answer.json()["request_id"]


def test_a_running_call_that_a_kill_ended_costs_nothing(tmp_path: Path) -> None:
    async def begin(store: SqliteStore) -> None:
        async with store.changing("k") as tenant:
            tenant.account.recharge(8)
            tenant.begin("never ended")

    with opened(tmp_path / "state.db") as store:
        asyncio.run(begin(store))
    with opened(tmp_path / "state.db") as store:
        tenant = asyncio.run(store.tenant("k"))
        tenant.begin("another")
        assert tenant.account.balance == 8


def test_smaller_caps_hold_after_a_restart_and_evicted_goes_on(tmp_path: Path) -> None:
    with opened(tmp_path / "state.db", journal_entries="4") as store:
        for number in range(5):
            keep(store, number, {f"digest {number}": b"x" * 16})
        assert asyncio.run(store.evicted("k")) == 1
    with opened(tmp_path / "state.db", journal_entries="2", journal_bytes="20") as store:
        assert [call.id for call in asyncio.run(store.entries(Filter()))] == ["3", "4"]
        assert [asyncio.run(store.evicted(key)) for key in ("k", None)] == [3, 3]
        assert asyncio.run(store.picture("digest 4")) == b"x" * 16
        assert asyncio.run(store.picture("digest 3")) is None
    with opened(tmp_path / "state.db") as store:
        assert len(asyncio.run(store.entries(Filter()))) == 2
        assert asyncio.run(store.picture("digest 3")) is None


@pytest.mark.parametrize("scope", ["k", None])
def test_what_was_reset_stays_forgotten(tmp_path: Path, scope: str | None) -> None:
    with opened(tmp_path / "state.db", journal_entries="1") as store:
        keep(store, 1)
        keep(store, 2, {"digest": b"x"})
    with opened(tmp_path / "state.db", journal_entries="1") as store:
        asyncio.run(store.reset(scope))
        assert [asyncio.run(store.evicted(key)) for key in ("k", None)] == [0, 0]
    with opened(tmp_path / "state.db") as store:
        assert asyncio.run(store.entries(Filter())) == []
        assert [asyncio.run(store.evicted(key)) for key in ("k", None)] == [0, 0]
        assert asyncio.run(store.picture("digest")) == (None if scope is None else b"x")


@pytest.mark.parametrize("key", ["plain", "k\u00e4se \u2603", 'quo"te\\', "nul \0 and \udcff"])
def test_any_key_and_entry_come_back_as_they_were(tmp_path: Path, key: str) -> None:
    kept = entry(1, key=key, fields={"note": "a\r\n\0\udcff"}, picture_size_wh=(3, 4), explanation={"checks": []})
    with opened(tmp_path / "state.db") as store:
        asyncio.run(store.finish(kept, {}, has_begun=False))
    with opened(tmp_path / "state.db") as store:
        assert asyncio.run(store.entries(Filter(key=key))) == [kept]


def test_a_call_that_cannot_be_written_is_neither_kept_nor_paid(tmp_path: Path) -> None:
    async def call(store: SqliteStore, number: int) -> None:
        async with store.changing("k") as tenant:
            tenant.begin(str(number))
        await store.finish(entry(number), {}, has_begun=True)

    with opened(tmp_path / "state.db", credits="16") as store:
        with full(store), pytest.raises(StateError, match="cannot be written: disk full"):
            asyncio.run(call(store, 1))
        asyncio.run(call(store, 2))
    with opened(tmp_path / "state.db") as store:
        assert [(kept.id, kept.credits) for kept in asyncio.run(store.entries(Filter()))] == [("2", 8)]
        assert asyncio.run(store.tenant("k")).account.balance == 8


@contextmanager
def full(store: SqliteStore) -> Iterator[None]:
    store._file.execute("CREATE TRIGGER full BEFORE INSERT ON calls BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    yield
    store._file.execute("DROP TRIGGER full")


def test_pictures_are_kept_again_once_the_file_can_be_written(tmp_path: Path) -> None:
    old, new = {"old": b"x" * 16}, {"new": b"y" * 16}
    with opened(tmp_path / "state.db", journal_bytes="20") as store:
        keep(store, 1, old)
        with full(store), pytest.raises(StateError):
            keep(store, 2, new)
        assert asyncio.run(store.picture("new")) is None
        keep(store, 3, old)
        with full(store), pytest.raises(StateError):
            keep(store, 4, new)
        keep(store, 5, new)
    with opened(tmp_path / "state.db", journal_bytes="40") as store:
        assert [call.id for call in asyncio.run(store.entries(Filter()))] == ["1", "3", "5"]
        assert asyncio.run(store.picture("new")) == new["new"]


def test_a_flood_of_keys_neither_fills_memory_nor_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.tenant.tenants.MAX_TENANTS", 5)
    monkeypatch.setattr("server.state.sqlite.MAX_TENANTS", 5)
    monkeypatch.setattr("server.state.sqlite._SOME", 2)

    async def flood(store: SqliteStore) -> None:
        for number in range(40):
            async with store.changing(f"key {number}") as tenant:
                tenant.account.recharge(number)

    with opened(tmp_path / "state.db") as store:
        asyncio.run(flood(store))
        assert len(store._written) <= 7
        assert store._file.execute("SELECT count(*) FROM tenants").fetchone()[0] <= 7
    with opened(tmp_path / "state.db") as store:
        assert asyncio.run(store.tenant("key 39")).account.balance == 39
        assert len(asyncio.run(store.tenants())) <= 5


def test_a_state_file_is_for_its_owner_and_one_process(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with opened(path) as store:
        keep(store, 1)
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
        assert modes == {"state.db": 0o600, "state.db-wal": 0o600}
        assert "in use by another ailab-mock" in refused(path)


def test_damaged_newer_and_foreign_files_are_refused_and_left_as_they_are(tmp_path: Path) -> None:
    path, log = tmp_path / "state.db", tmp_path / "state.db-wal"
    with opened(tmp_path / "origin.db") as store:
        for number in range(40):
            keep(store, number, {f"digest {number}": b"x" * 2000})
        # As a kill leaves it: the latest is in the log only.
        whole, whole_log = (tmp_path / "origin.db").read_bytes(), (tmp_path / "origin.db-wal").read_bytes()
    settled = (tmp_path / "origin.db").read_bytes()
    newer = whole[:60] + (FORMAT + 1).to_bytes(4, "big") + whole[64:]
    cases = [
        ("newer ailab-mock (format 2", newer, whole_log),
        ("no state file of ailab-mock", b"some notes of mine", b""),
        ("no state file of ailab-mock", whole[:68] + b"ABCD" + whole[72:], whole_log),
        ("is damaged", settled[:4096] + bytes(len(settled) - 4096), b""),
        ("is damaged", settled[:-4096], b""),
        ("is damaged", whole[:4096] + bytes(len(whole) - 4096), whole_log[:-5000]),
    ]
    for said, content, logged in cases:
        path.write_bytes(content)
        log.write_bytes(logged) if logged else log.unlink(missing_ok=True)
        assert said in refused(path)
        assert path.read_bytes() == content
        assert (log.read_bytes() if log.exists() else b"") == logged
    path.write_bytes(whole)
    log.write_bytes(whole_log)
    with opened(path) as store:
        assert len(asyncio.run(store.entries(Filter()))) == 40


def test_a_record_that_cannot_be_read_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with opened(path) as store:
        keep(store, 1)
    with sqlite3.connect(path) as file:
        file.execute("UPDATE calls SET record = '{}'")
    file.close()
    before = path.read_bytes()
    assert "is damaged (TypeError" in refused(path)
    assert path.read_bytes() == before


def test_places_that_cannot_be_are_said(tmp_path: Path) -> None:
    assert "is no file" in refused(tmp_path)
    absent = tmp_path / "absent" / "state.db"
    assert "cannot be opened: No such file or directory" in refused(absent)
    command = [sys.executable, "-m", "server.cli", "--port", "0", "--state", str(absent)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert str(absent) in done.stderr
