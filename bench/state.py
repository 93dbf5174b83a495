"""`python -m bench.state`: what journal and tenants cost a refusal and an edit, against the same server without.

    python -m bench.state [--postgres URL]

The servers answer in turn, in one run.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.photo import megapixel_jpeg
from bench.process import Connection, form, running

ROUNDS = 30


def median_ms(connection: Connection, request: bytes, calls: int) -> float:
    """Median milliseconds of one call."""
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        connection.send(request)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.state")
    parser.add_argument("--postgres", metavar="URL", help="measure a database as well")
    arguments = parser.parse_args()
    photo = megapixel_jpeg()
    body = photo + bytes(max(300_000 - len(photo), 0))
    requests = {
        "refusal of 300 KB": (form(b"GIF89a" + body, action_type="TO_OLD"), 20),
        "edit at 1 MP": (form(photo, action_type="TO_MALE"), 1),
    }
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        states: dict[str, tuple[str, ...]] = {
            "nowhere": ("bench.without_journal",),
            "memory": ("server.cli",),
            "a file": ("server.cli", "--state", str(Path(folder) / "state.db")),
        }
        if arguments.postgres:
            states["PostgreSQL"] = ("server.cli", "--state", arguments.postgres)
        options = ("--port", "0", "--credits", "1000000000", "--result-cache-bytes", "0")
        servers = {name: stack.enter_context(running(*command, *options)) for name, command in states.items()}
        connections = {name: Connection(server.port) for name, server in servers.items()}
        for what, (request, calls) in requests.items():
            times: dict[str, list[float]] = {name: [] for name in states}
            for _ in range(ROUNDS):
                for name, connection in connections.items():
                    times[name].append(median_ms(connection, request, calls))
            floor = statistics.median(times["nowhere"])
            for name, measured in times.items():
                ms = statistics.median(measured)
                print(
                    f"{what}, state in {name}: {ms:.2f} ms, {ms - floor:+.2f} ms, {ms / floor:.2f} times", flush=True
                )


if __name__ == "__main__":
    main()
