"""`python -m bench.kill`: SIGKILL under load, and what is lost by it.

Clients edit without pause; at a random moment a process is killed. Afterwards every answer must have its record, and
every key's balance must be what it started with less what its records say was taken. At the end each key spends what
it has left: holds that a killed process did not give back would keep it from that.

`--postgres URL` names an empty database; without it one is started in a temporary folder, where it is installed.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bench.photo import megapixel_jpeg
from bench.process import BOUNDARY, form, status_of
from server.operation.endpoints import EDIT_PATH

KEYS = ("kill-a", "kill-b", "kill-c")
EDITS_EACH = 100
CREDITS = EDITS_EACH * 8 + 7
OPTIONS = ("--port", "0", "--journal-entries", "1000000", "--log-level", "error")


@dataclass
class Server:
    """A process under test."""

    options: tuple[str, ...]
    popen: subprocess.Popen[str] = field(init=False)
    port: int = field(init=False)

    def start(self) -> None:
        """Start and wait until it is ready."""
        command = [sys.executable, "-m", "server.cli", *OPTIONS, *self.options]
        self.popen = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.popen.stdout is not None
        lines = [self.popen.stdout.readline(), self.popen.stdout.readline()]
        self.port = int(lines[1].rpartition(":")[2])
        while status_of(self.port, b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n") != 200:
            time.sleep(0.02)

    def end(self, number: signal.Signals) -> None:
        """Send a signal and wait."""
        self.popen.send_signal(number)
        with self.popen:
            self.popen.wait(10)

    def kill_worker(self) -> None:
        """Kill one of its workers."""
        tasks = Path(f"/proc/{self.popen.pid}/task").iterdir()
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
        os.kill(random.choice(children), signal.SIGKILL)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Call the admin interface."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        content = json.dumps(body) if body is not None else None
        connection.request(method, f"/__mock/{path}", content, {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer


@dataclass
class Load:
    """Clients that never pause; what they were answered."""

    photo: bytes
    answered: dict[str, int] = field(default_factory=dict)
    failed: int = 0

    def call(self, port: int, key: str) -> int:
        """Edit once; return the status, or 0 when the connection broke."""
        whole = form(self.photo, action_type="TO_MALE")
        headers = {"ailabapi-api-key": key, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("POST", EDIT_PATH, whole.partition(b"\r\n\r\n")[2], headers)
            answer = connection.getresponse()
            self.answered[json.loads(answer.read())["request_id"]] = answer.status
        except (OSError, http.client.HTTPException):
            self.failed += 1
            return 0
        finally:
            connection.close()
        return answer.status

    def run(self, servers: list[Server], seconds: float, then: Callable[[], None]) -> None:
        """Load all servers for a time, do something, and stop."""
        is_over = threading.Event()

        def client(port: int, key: str) -> None:
            # Who has no credits left asks on, but leaves the cores to those who have.
            while not is_over.is_set() and (status := self.call(port, key)):
                time.sleep(0.05 if status == 429 else 0)

        threads = [threading.Thread(target=client, args=(server.port, key)) for server in servers for key in KEYS]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        then()
        is_over.set()
        for thread in threads:
            thread.join()


@dataclass
class Findings:
    """What was lost, added up."""

    kills: int = 0
    answers: int = 0
    unanswered: int = 0
    rows_lost: int = 0
    credits_overdrawn: int = 0
    credits_unaccounted: int = 0
    credits_still_held: int = 0

    def account(self, server: Server, load: Load) -> None:
        """Compare answers, records and balances."""
        kept: set[str] = set()
        for key in KEYS:
            listed = server.ask("GET", f"requests?limit=10000&key={key}")
            rows = listed["requests"]
            assert listed["count"] == len(rows), "more calls than one listing shows: fewer rounds"
            kept |= {row["id"] for row in rows}
            taken = sum(row["credits"] for row in rows)
            balance = server.ask("GET", f"tenants/{key}")["credits"]
            self.credits_overdrawn += max(-balance, 0)
            self.credits_unaccounted += abs(CREDITS - balance - taken)
            self.credits_unaccounted += abs(taken - 8 * sum(1 for row in rows if row["status"] == 200))
        self.rows_lost += len(set(load.answered) - kept)

    def spend(self, servers: list[Server], load: Load) -> None:
        """Spend what is left of every key."""
        for key in KEYS:
            while load.call(servers[-1].port, key) == 200:
                pass
            self.credits_still_held += servers[0].ask("GET", f"tenants/{key}")["credits"] - CREDITS % 8

    def __str__(self) -> str:
        return ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in self.__dict__.items())


def play(name: str, options: tuple[str, ...], hosts: int, rounds: int, photo: bytes, of_worker: bool = False) -> bool:
    """Kill again and again; print what was lost."""
    servers = [Server(options) for _ in range(hosts)]
    findings, load = Findings(), Load(photo)
    try:
        for server in servers:
            server.start()
        for key in KEYS:
            servers[0].ask("PATCH", f"tenants/{key}", {"credits": CREDITS})
        for _ in range(rounds):
            victim = random.choice(servers)
            seconds = random.uniform(0.3, 2.0)
            load.run(servers, seconds, victim.kill_worker if of_worker else partial(victim.end, signal.SIGKILL))
            if not of_worker:
                victim.start()
            findings.kills += 1
            findings.account(servers[0], load)
        findings.spend(servers, load)
        findings.account(servers[0], load)
    finally:
        for server in servers:
            server.end(signal.SIGTERM)
    findings.answers, findings.unanswered = len(load.answered), load.failed
    print(f"{name}: {findings}", flush=True)
    bad = findings.rows_lost + findings.credits_overdrawn + findings.credits_unaccounted + findings.credits_still_held
    return bad == 0 and not (of_worker and findings.unanswered)


@contextmanager
def database(url: str | None) -> Iterator[str | None]:
    """Yield the URL of an empty database; None where there is none."""
    from tests.server.postgres import binaries, running_cluster

    if url is not None or binaries() is None:
        yield url
        return
    with running_cluster() as cluster:
        yield cluster.new_database()


def main() -> int:
    """Play all of it; exit status 1 when anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m bench.kill")
    parser.add_argument("--rounds", type=int, default=5, help="kills of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", metavar="URL", help="an empty database")
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    photo, rounds = megapixel_jpeg(400), arguments.rounds
    with ExitStack() as stack:
        state = ("--state", str(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "state.db"))
        passed = [
            play("a server with a file", state, 1, rounds, photo),
            play("a worker of three", ("--workers", "3"), 1, rounds, photo, of_worker=True),
        ]
        url = stack.enter_context(database(arguments.postgres))
        if url is None:
            print("one of two hosts with PostgreSQL: not played, no PostgreSQL here")
        else:
            passed.append(play("one of two hosts with PostgreSQL", ("--state", url), 2, rounds, photo))
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
