"""`python -m bench.processes`: edits a second of one process against two, in turn and in one run; and their memory.

`--most N` goes on to N processes. The best of several rounds counts: what else the machine does only slows a round.
"""

from __future__ import annotations

import argparse
import os
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from bench.photo import megapixel_jpeg
from bench.process import Connection, Process, form, running

ROUNDS = 6
SECONDS = 4.0
CLIENTS_PER_WORKER = 2


def rate(port: int, request: bytes, clients: int, seconds: float) -> float:
    """Calls a second of some clients that never pause."""
    done = [0] * clients
    deadline = time.perf_counter() + seconds

    def client(index: int) -> None:
        connection = Connection(port)
        while time.perf_counter() < deadline:
            if connection.send(request) == 200:
                done[index] += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(index,)) for index in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - start)


def resident_mib(server: Process) -> float:
    """Resident memory of a server and its workers."""
    pids = [server.popen.pid]
    for task in Path(f"/proc/{server.popen.pid}/task").iterdir():
        pids += [int(child) for child in (task / "children").read_text().split()]
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.processes")
    parser.add_argument("--most", type=int, default=2, metavar="N", help="most worker processes")
    most = parser.parse_args().most
    options = ("--port", "0", "--credits", "1000000000")
    kinds = {"one process, one thread": ("--threads", "1"), f"one process, {most} threads": ("--threads", str(most))}
    kinds |= {f"--workers {number}": ("--workers", str(number)) for number in range(2, most + 1)}
    request = form(megapixel_jpeg(), action_type="TO_OLD")
    with ExitStack() as stack:
        servers = {name: stack.enter_context(running("server.cli", *options, *kind)) for name, kind in kinds.items()}
        rates: dict[str, list[float]] = {name: [] for name in kinds}
        for server in servers.values():
            rate(server.port, request, CLIENTS_PER_WORKER * most, 2.0)
        for _ in range(ROUNDS):
            for name, server in servers.items():
                rates[name].append(rate(server.port, request, CLIENTS_PER_WORKER * most, SECONDS))
        one = max(rates["one process, one thread"])
        print(f"{os.cpu_count()} cores, TO_OLD at 1 MP, {CLIENTS_PER_WORKER * most} clients")
        for name, measured in rates.items():
            edits = max(measured)
            line = f"{edits:.2f} edits a second, {edits / one:.2f} times one, {resident_mib(servers[name]):.0f} MiB"
            print(f"{name}: {line}", flush=True)
    print("two processes on two cores: at least 1.8 times one")


if __name__ == "__main__":
    main()
