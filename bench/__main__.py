"""`python -m bench`: the figures in one run, as ratios to floors measured beside them."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable

import cv2
import numpy as np

from bench.photo import megapixel_jpeg
from bench.prism import compare_if_installed, prism_option
from bench.process import Connection, Process, form, running
from bench.steps import ACTIONS, print_steps
from quality.landmarker import FaceLandmarker
from server.operation.image_codec import decode, encode_jpeg, read_header
from server.pixels.native_memory import REST_SECONDS

EDITING = ("server.cli", "--port", "0", "--credits", "1000000000", "--result-cache-bytes", "0")
"""A server that edits each request anew."""


def median_seconds(work: Callable[[], object], runs: int) -> float:
    """Median time of one call, after one that is not counted."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def floor_and_edits(server: Process, photo: bytes) -> None:
    """Edit at 1 MP through the server against decode, detect, mesh, encode in one thread."""
    cv2.setNumThreads(1)
    landmarker = FaceLandmarker()
    connection = Connection(server.port)
    requests = [form(photo, action_type=action) for action in ACTIONS]

    cpu_ms: list[float] = []

    def floor() -> None:
        start_s = time.thread_time()
        image = decode(read_header(photo))
        landmarker.find_faces(image)
        encode_jpeg(np.ascontiguousarray(image))
        cpu_ms.append((time.thread_time() - start_s) * 1000)

    floor_times, edit_times = [], []
    edit_start_s = server.cpu_seconds()
    for _ in range(5):
        floor_times.append(median_seconds(floor, 3))
        edit_times.append(statistics.mean(median_seconds(lambda r=r: connection.send(r), 1) for r in requests))
    floor_cpu_ms = statistics.median(cpu_ms)
    # One call in two is not in the medians, but was made.
    edit_cpu_ms = (server.cpu_seconds() - edit_start_s) * 1000 / (5 * 2 * len(requests))
    connection.close()
    landmarker.close()
    floor_ms, edit_ms = statistics.median(floor_times) * 1000, statistics.median(edit_times) * 1000
    print(f"edit at 1 MP: {edit_ms:.0f} ms, floor {floor_ms:.0f} ms: {edit_ms / floor_ms:.2f} times (at most 3)")
    print(f"CPU an edit: {edit_cpu_ms:.0f} ms, floor {floor_cpu_ms:.0f} ms: {edit_cpu_ms / floor_cpu_ms:.2f} times")


def throughput(server: Process, photo: bytes, seconds: float = 8.0) -> None:
    """Edits a second with 1, 2 and 4 clients, in turn and twice."""
    request = form(photo, action_type="TO_OLD")
    rates: dict[int, list[float]] = {1: [], 2: [], 4: []}
    for _ in range(2):
        for clients, measured in rates.items():
            measured.append(_rate(server.port, request, clients, seconds))
    one, two, four = (statistics.mean(rates[clients]) for clients in (1, 2, 4))
    print(f"edits a second: 1 client {one:.2f}, 2 clients {two:.2f} ({two / one:.2f} times, at least 1.7), ", end="")
    print(f"4 clients {four:.2f} ({four / one:.2f} times)")


def refusals(server: Process, bare: Process, photo: bytes) -> None:
    """Refusals a second with a 300 KB body against the bare route."""
    body = photo + bytes(max(300_000 - len(photo), 0))
    small = megapixel_jpeg(200)
    cases = {
        "401": form(body, key=None, action_type="TO_OLD"),
        "missing field": form(body),
        "wrong type": form(b"GIF89a" + body, action_type="TO_OLD"),
        "too low resolution": form(small + bytes(300_000 - len(small)), action_type="TO_OLD"),
        "too large (4.2 MB)": form(photo + bytes(4_200_000 - len(photo)), action_type="TO_OLD"),
    }
    for name, request in cases.items():
        ours, floor = [], []
        for _ in range(3):
            ours.append(_rate(server.port, request, 1, 1.5))
            floor.append(_rate(bare.port, request, 1, 1.5))
        ratio = statistics.median(ours) / statistics.median(floor)
        line = f"{statistics.median(ours):.0f} a second, bare route {statistics.median(floor):.0f}: {ratio:.2f} of it"
        print(f"refusal {name}: {line}")


def refusals_under_load(server: Process, photo: bytes, seconds: float = 8.0) -> None:
    """Milliseconds of a refusal while four clients keep the threads editing."""
    edit, refused = form(photo, action_type="TO_OLD"), form(photo)
    done = threading.Event()

    def client() -> None:
        connection = Connection(server.port)
        while not done.is_set():
            connection.send(edit)
        connection.close()

    clients = [threading.Thread(target=client) for _ in range(4)]
    for thread in clients:
        thread.start()
    connection = Connection(server.port)
    times_ms = []
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        start = time.perf_counter()
        connection.send(refused)
        times_ms.append((time.perf_counter() - start) * 1000)
        time.sleep(0.01)
    done.set()
    for thread in clients:
        thread.join()
    connection.close()
    half, most = statistics.quantiles(times_ms, n=20)[9::9]
    print(f"refusal while 4 clients edit: median {half:.1f} ms, 95 % within {most:.1f} ms")


def _rate(port: int, request: bytes, clients: int, seconds: float) -> float:
    done = [0] * clients
    deadline = time.perf_counter() + seconds

    def client(index: int) -> None:
        connection = Connection(port)
        while time.perf_counter() < deadline:
            connection.send(request)
            done[index] += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(index,)) for index in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - start)


def start_up() -> None:
    """Seconds to ready against the bare route's."""
    ours, floor = [], []
    for _ in range(3):
        with running("server.cli", "--port", "0") as server:
            ours.append(server.ready_seconds)
        with running("bench.bare_route") as bare:
            floor.append(bare.ready_seconds)
    one, other = statistics.median(ours), statistics.median(floor)
    print(f"ready in {one:.2f} s, bare FastAPI in {other:.2f} s: {one / other:.2f} times (figure: 1.0 s)")


def memory(server: Process, photo: bytes, edits: int = 500) -> None:
    """Resident memory idle and after many edits, both once the nets rest."""
    time.sleep(2 * REST_SECONDS)
    idle = server.resident_mib()
    threads = []
    for _ in range(2):
        requests = [form(photo, action_type=action) for action in ACTIONS]

        def client(requests: list[bytes] = requests) -> None:
            connection = Connection(server.port)
            for number in range(edits // 2):
                connection.send(requests[number % len(requests)])
            connection.close()

        threads.append(threading.Thread(target=client))
        threads[-1].start()
    for thread in threads:
        thread.join()
    busy = server.resident_mib()
    time.sleep(2 * REST_SECONDS)
    rested = server.resident_mib()
    print(f"resident: idle {idle:.0f} MiB (at most 130 MB: 124), ", end="")
    print(f"at the end of {edits} edits {busy:.0f} MiB (at most 250 MB: 238), idle after them {rested:.0f} MiB")


def main() -> None:
    """Run all of it; about three minutes."""
    prism = prism_option("python -m bench")
    photo = megapixel_jpeg()
    start_up()
    with running("server.cli", "--port", "0") as server, running("bench.bare_route") as bare:
        refusals(server, bare, photo)
    with running(*EDITING) as server:
        floor_and_edits(server, photo)
        print_steps(server, photo)
        throughput(server, photo)
        refusals_under_load(server, photo)
    with running(*EDITING) as server:
        memory(server, photo)
    compare_if_installed(prism)


if __name__ == "__main__":
    main()
