"""`--state postgresql://...`: several hosts are one emulator, and one that dies takes nothing with it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import numpy as np
import psycopg
import pytest
from numpy.typing import NDArray

from server.settings import Settings
from server.state.emulator_state import EmulatorState
from server.state.postgres_schema import FORMAT
from server.state.store import StateError
from tests.conftest import CREDITS_PATH, RunningServer, encode, start_server
from tests.server.envelopes import assert_failure
from tests.server.kill_under_load import kill_under_load
from tests.server.postgres import Cluster
from tests.server.test_admin import admin
from tests.server.test_on_demand import change, raw, upload

NewServer = Callable[..., RunningServer]


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> str:
    return cluster.new_database()


@pytest.fixture(scope="module")
def hosts(database: str) -> Iterator[tuple[RunningServer, RunningServer]]:
    first = start_server("--state", database)
    second = start_server("--state", database)
    yield first, second
    first.stop()
    second.stop()


Hosts = tuple[RunningServer, RunningServer]


def test_credits_journal_and_pictures_are_one(hosts: Hosts, astronaut_jpeg: bytes) -> None:
    first, second = hosts
    change(first, "one", credits=16)
    answer = first.edit(astronaut_jpeg, key="one", action_type="TO_OLD", quality_control="LOW")
    assert answer.status_code == 200
    assert admin(second, "tenants/one")["credits"] == 8
    (call,) = admin(second, "requests", key="one")["requests"]
    assert call["explanation"]["checks"]
    assert httpx.get(f"{second.url}/__mock/requests/{call['id']}/picture").content == astronaut_jpeg
    assert second.edit(astronaut_jpeg, key="one", action_type="TO_OLD").status_code == 200
    assert first.edit(astronaut_jpeg, key="one", action_type="TO_OLD").status_code == 429
    httpx.post(second.url + "/__mock/reset", json={"key": "one"}).raise_for_status()
    assert admin(first, "count", key="one") == {"count": 0, "evicted": 0}
    assert admin(first, "tenants/one")["credits"] == 1_000_000


def test_queue_lock_and_clock_are_one(hosts: Hosts) -> None:
    first, second = hosts
    change(first, "queued", scenarios=["UNKNOWN_ERROR", "ERROR_GATEWAY", "AI_SERVICE_ERROR"])
    codes = [upload(host, "queued", b"x").json()["error_detail"]["code"] for host in (second, first, second, first)]
    assert codes == ["UNKNOWN_ERROR", "ERROR_GATEWAY", "AI_SERVICE_ERROR", "UNSUPPORTED_FILE_TYPES"]
    httpx.post(first.url + "/__mock/clock", json={"key": "queued", "advance_s": 5000}).raise_for_status()
    assert admin(second, "tenants/queued")["clock_s"] > time.time() + 4900
    change(second, "queued", locked=True)
    assert upload(first, "queued", b"x").status_code == 403


def test_limits_are_one(hosts: Hosts) -> None:
    first, second = hosts
    change(first, "limited", limits={"per_second": 2})
    codes = [upload(host, "limited", b"x").status_code for host in (first, second, first, second)]
    assert codes[:2] == [415, 415]
    assert 429 in codes[2:]
    change(first, "limited", limits={"concurrent": 1}, latency={"ms": 1500})
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda host: upload(host, "limited", b"x").status_code, hosts)
        assert sorted(answers) == [415, 429]


def test_dice_are_one(hosts: Hosts) -> None:
    def thrown(players: Hosts) -> list[bytes]:
        change(players[0], "dice", faults=[{"kind": "bad_gateway", "probability": 0.5}], seed=7)
        return [raw(players[number % 2], "dice")[9:12] for number in range(16)]

    first, second = hosts
    alternating = thrown((first, second))
    assert set(alternating) == {b"200", b"502"}
    assert thrown((second, second)) == alternating


def test_who_watches_one_host_sees_the_calls_of_all(hosts: Hosts) -> None:
    first, second = hosts
    with httpx.stream("GET", first.url + "/__mock/events", timeout=10) as events:
        lines = events.iter_lines()
        next(line for line in lines if line == "event: hello")
        answer = upload(second, "watched", b"x", **{"X-Mock-Scenario": "ERROR_GATEWAY"})
        event = json.loads(next(line for line in lines if answer.json()["request_id"] in line).partition(" ")[2])
        assert event["code"] == "ERROR_GATEWAY"
        httpx.post(second.url + "/__mock/reset", json={"key": "watched"}).raise_for_status()
        assert next(line for line in lines if line.startswith("event:")) == "event: reload"


def test_a_host_killed_under_load_loses_nothing(
    hosts: Hosts, database: str, new_server: NewServer, astronaut: NDArray[np.uint8]
) -> None:
    """Credits for 20 edits, three hosts, one of them killed: never overdrawn, every answer in the journal."""
    first, second = hosts
    victim = new_server("--state", database)
    change(first, "load", credits=20 * 8 + 7)
    photo = encode(np.ascontiguousarray(astronaut[:400:1, 50:450]), quality=80)

    def edits(host: RunningServer) -> Iterator[str]:
        with contextlib.suppress(httpx.HTTPError) if host is victim else contextlib.nullcontext():
            while True:
                answer = host.edit(photo, key="load", action_type="TO_MALE")
                yield answer.json()["request_id"]
                if answer.status_code == 429 and victim.process.poll() is not None:
                    return

    clients = [edits(host) for host in (first, second, victim) for _ in range(2)]
    answered = kill_under_load(victim, clients, enough=8)
    kept = {call["id"]: call for call in admin(first, "requests", key="load", limit=10_000)["requests"]}
    assert set(answered) <= set(kept)
    paid = sum(call["credits"] for call in kept.values())
    assert paid == 8 * sum(1 for call in kept.values() if not call["code"])
    assert admin(second, "tenants/load")["credits"] == 20 * 8 + 7 - paid

    def everything_is_spent() -> bool:
        while (status := second.edit(photo, key="load", action_type="TO_MALE").status_code) == 200:
            pass
        assert status == 429
        return bool(admin(first, "tenants/load")["credits"] == 7)

    # What the victim held is given back as soon as the database sees it gone: what is left can be spent to the end.
    wait_until(everything_is_spent)
    assert Counter(call["code"] for call in admin(first, "requests", key="load", code="ok")["requests"]) == {"": 20}


def test_a_database_that_fails_is_said_and_costs_nothing(
    hosts: Hosts, cluster: Cluster, database: str, astronaut_jpeg: bytes
) -> None:
    first, second = hosts
    change(first, "outage", credits=80, latency={"ms": 1500})
    with ThreadPoolExecutor(1) as pool:
        edit = pool.submit(first.edit, astronaut_jpeg, key="outage", action_type="TO_OLD")
        wait_until(lambda: running_calls(database) == 1)
        cluster.stop()
        lost = edit.result()
    try:
        answer = httpx.get(first.url + CREDITS_PATH, headers={"ailabapi-api-key": "outage"}, timeout=20)
        for failed in (lost, answer):
            assert_failure(failed.status_code, failed.json(), "SERVICE_INTERNAL_ERROR")
            assert "state database" in failed.headers["x-mock-why"]
        wait_until(lambda: httpx.get(second.url + "/readyz").status_code == 503)
        assert httpx.get(second.url + "/__mock/tenants").status_code == 503
        assert httpx.get(second.url + "/livez").status_code == 200
    finally:
        cluster.start()
    for host in hosts:
        wait_until(lambda host=host: httpx.get(host.url + "/readyz").status_code == 200)
    wait_until(lambda: running_calls(database) == 0)
    change(first, "outage", credits=8, latency=None)
    assert second.edit(astronaut_jpeg, key="outage", action_type="TO_OLD").status_code == 200
    assert admin(first, "tenants/outage")["credits"] == 0


def running_calls(database: str) -> int:
    """Calls of the key that hold credits."""
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT record FROM ailab_mock.tenants WHERE key = 'outage'").fetchone()
    return len(json.loads(row[0])["running"]) if row else 0


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def refused(url: str) -> str:
    with pytest.raises(StateError) as raised:
        EmulatorState.of(Settings.resolve({"state": url}, {}))
    return str(raised.value)


def test_newer_and_foreign_tables_are_refused(cluster: Cluster) -> None:
    url = cluster.new_database()
    EmulatorState.of(Settings.resolve({"state": url}, {}))
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE ailab_mock.format SET version = version + 1")
    assert re.search(rf"written by a newer ailab-mock \(format {FORMAT + 1}, this one knows {FORMAT}\)", refused(url))
    other = cluster.new_database()
    with psycopg.connect(other) as connection:
        connection.execute("CREATE SCHEMA ailab_mock")
    assert "is not ailab-mock's" in refused(other)


def test_a_database_that_cannot_be_reached_stops_the_start_without_telling_the_password() -> None:
    url = "postgresql://ailab:s3cret@127.0.0.1:1/state"
    command = [sys.executable, "-m", "server.cli", "--port", "0"]
    environ = {**os.environ, "AILAB_MOCK_STATE": url}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "127.0.0.1:1/state" in done.stderr
    assert "s3cret" not in done.stdout + done.stderr
    assert "s3cret" not in refused("postgresql://ailab:s3cret@[")


def test_what_is_missing_for_a_database_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("server.state.postgres")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "pip install 'ailab-mock[postgres]'" in refused("postgresql:///state")


def test_side_by_side_hosts_make_the_tables_once(cluster: Cluster) -> None:
    url = cluster.new_database()
    failures: list[Any] = []

    def prepare() -> None:
        try:
            EmulatorState.of(Settings.resolve({"state": url}, {}))
        except StateError as error:
            failures.append(error)

    threads = [threading.Thread(target=prepare) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
