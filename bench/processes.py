"""`python -m bench.processes`: edits a second of one process against several, in one run; and their memory.

A round says little while others use the machine: each is shown with the share of the cores that others took, and the
quietest round of each kind counts. The CPU time of an edit depends less on the neighbors: where it does not grow with
the processes, cores that are free would give as many times the edits.
"""

from __future__ import annotations

import argparse
import os
import statistics
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.photo import megapixel_jpeg
from bench.process import Connection, Process, form, running
from server.pixels.native_memory import REST_SECONDS

ROUNDS = 6
SECONDS = 4.0
CLIENTS_PER_WORKER = 2
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Round:
    """One measurement: edits a second, CPU milliseconds of the server for each, cores that others used, memory."""

    edits_per_s: float
    cpu_ms: float
    others_cores: float
    resident_mib: float


def processes_of(server: Process) -> list[int]:
    """Return the server's process id and those of its workers."""
    tasks = Path(f"/proc/{server.popen.pid}/task").iterdir()
    return [server.popen.pid, *(int(child) for task in tasks for child in (task / "children").read_text().split())]


def cpu_s(pids: list[int]) -> float:
    """Return the CPU seconds that processes have used."""
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) * TICK_S


def busy_s() -> float:
    """Return the seconds that all cores together were busy."""
    columns = [int(column) for column in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return (sum(columns[:8]) - columns[3] - columns[4]) * TICK_S


def resident_mib(pids: list[int]) -> float:
    """Return the resident memory of processes."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def measure(server: Process, request: bytes, clients: int, seconds: float) -> Round:
    """Load a server by clients that never pause."""
    done = [0] * clients
    pids = processes_of(server)
    start_s, deadline_s = time.perf_counter(), time.perf_counter() + seconds
    start_busy_s, start_own_s, start_cpu_s = busy_s(), time.process_time(), cpu_s(pids)

    def client(index: int) -> None:
        connection = Connection(server.port)
        while time.perf_counter() < deadline_s:
            if connection.send(request) == 200:
                done[index] += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(index,)) for index in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    resident = resident_mib(pids)
    took_s, used_s = time.perf_counter() - start_s, cpu_s(pids) - start_cpu_s
    others_s = busy_s() - start_busy_s - used_s - (time.process_time() - start_own_s)
    return Round(sum(done) / took_s, used_s / sum(done) * 1000, max(others_s / took_s, 0.0), resident)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.processes")
    parser.add_argument("--most", type=int, default=2, metavar="N", help="most worker processes")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    most = arguments.most
    kinds = {"one process, one thread": ("--threads", "1"), f"one process, {most} threads": ("--threads", str(most))}
    kinds |= {f"--workers {number}": ("--workers", str(number)) for number in range(2, most + 1)}
    request, clients = form(megapixel_jpeg(), action_type="TO_OLD"), CLIENTS_PER_WORKER * most
    rounds: dict[str, list[Round]] = {name: [] for name in kinds}
    with ExitStack() as stack:
        options = ("--port", "0", "--credits", "1000000000", "--result-cache-bytes", "0")
        servers = {name: stack.enter_context(running("server.cli", *options, *kind)) for name, kind in kinds.items()}
        for server in servers.values():
            measure(server, request, clients, 2.0)
        for _ in range(arguments.rounds):
            for name, server in servers.items():
                rounds[name].append(measure(server, request, clients, SECONDS))
        time.sleep(2 * REST_SECONDS)
        rested_mib = {name: [resident_mib([pid]) for pid in processes_of(server)] for name, server in servers.items()}
    print(f"{os.cpu_count()} cores, TO_OLD at 1 MP, {clients} clients")
    quietest = {name: min(measured, key=lambda one: one.others_cores) for name, measured in rounds.items()}
    one = quietest["one process, one thread"].edits_per_s
    for name, best in quietest.items():
        cpu_ms = statistics.median(measured.cpu_ms for measured in rounds[name])
        busy_mib = max(measured.resident_mib for measured in rounds[name])
        line = f"{best.edits_per_s:.2f} edits a second ({best.edits_per_s / one:.2f} times one; others took "
        line += f"{best.others_cores:.2f} cores), {cpu_ms:.0f} ms of CPU each, {busy_mib:.0f} MiB, at rest "
        print(f"{name}: {line}" + " + ".join(f"{mib:.0f}" for mib in rested_mib[name]))
    print("two processes on two free cores: at least 1.8 times one")


if __name__ == "__main__":
    main()
