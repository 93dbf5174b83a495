"""`python -m bench.soak`: many mixed requests; no wrong answer, and no growth of memory, descriptors or threads.

    python -m bench.soak [--requests N] [--clients N] [--keep-results]

Edits of several pictures, refusals of many kinds, credits and clients that leave, by several keys. Every edited
picture is compared by its SHA-256 with the one that this process made of the same input, every refusal by its code.
Memory, descriptors and threads at the end are compared with those in the middle. The exit status is 1 when anything
is wrong.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import itertools
import json
import random
import socket
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass

import cv2
import numpy as np

from bench.photo import megapixel_jpeg
from bench.process import Connection, Process, form, running
from server.call.trace import Trace
from server.contract.errors import ApiError
from server.operation.form import edit_request
from server.operation.pipeline import edit_picture, open_picture
from server.pixels.analyzer import Analyzer

KEYS = 7
CHECKPOINTS = 20
GROWTH_MIB, GROWTH_COUNT = 24.0, 4
"""More than this between the middle and the end is growth: the allocator's noise is less, a leak is more."""
CREDITS = b"GET /api/common/query-credits HTTP/1.1\r\nHost: soak\r\nailabapi-api-key: soak-0\r\n\r\n"


@dataclass(frozen=True)
class Sample:
    """One kind of request and what must come back: an error code, or the digest of the edited picture."""

    name: str
    picture: bytes
    fields: dict[str, str]
    expected: str


def expected_of(picture: bytes, fields: dict[str, str], analyzer: Analyzer) -> str:
    """Make the answer here: digest of the result, or the code of the refusal."""
    try:
        request = edit_request(picture, fields)
        result = edit_picture(request, open_picture(picture, request.face_location), Trace(), analyzer)
    except ApiError as refusal:
        return refusal.code
    return hashlib.sha256(result).hexdigest()


def samples() -> list[Sample]:
    """Return the mix; three of four are edits."""
    analyzer = Analyzer()
    photos = {f"{side} px": megapixel_jpeg(side) for side in (400, 512, 700)}
    mix: list[Sample] = []
    for (name, photo), action in itertools.product(photos.items(), ("TO_OLD", "TO_KID", "TO_FEMALE", "TO_MALE")):
        mix.append(_sample(f"{action} of {name}", photo, {"action_type": action}, analyzer))
    for target in ("8", "35", "70"):
        fields = {"action_type": "V2_AGE", "target": target, "quality_control": "LOW"}
        mix.append(_sample(f"V2_AGE {target}", photos["400 px"], fields, analyzer))
    gray = cv2.imencode(".png", np.full((300, 300, 3), 128, np.uint8))[1].tobytes()
    mix.append(_sample("no face", gray, {"action_type": "TO_OLD"}, analyzer))
    mix.append(_sample("too small", megapixel_jpeg(200), {"action_type": "TO_OLD"}, analyzer))
    mix.append(_sample("wrong type", b"GIF89a" + bytes(200_000), {"action_type": "TO_OLD"}, analyzer))
    mix.append(_sample("cut off", photos["512 px"][:20_000], {"action_type": "TO_OLD"}, analyzer))
    mix.append(_sample("no action", photos["400 px"], {}, analyzer))
    return mix


def _sample(name: str, picture: bytes, fields: dict[str, str], analyzer: Analyzer) -> Sample:
    return Sample(name, picture, fields, expected_of(picture, fields, analyzer))


class Soak:
    """The clients and what they saw."""

    def __init__(self, port: int, requests: int, mix: list[Sample]) -> None:
        self._port = port
        self._mix = mix
        self._left = iter(range(requests))
        self._lock = threading.Lock()
        self.answered: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.done = 0

    def client(self, seed: int) -> None:
        """Send until all requests are spent."""
        draw = random.Random(seed)
        connection = Connection(self._port)
        while True:
            with self._lock:
                number = next(self._left, None)
            if number is None:
                break
            sample = draw.choice(self._mix)
            request = form(sample.picture, f"soak-{number % KEYS}", **sample.fields)
            kind = draw.random()
            if kind < 0.02:
                self._leave(request, draw)
                outcome = "left"
            elif kind < 0.07:
                connection.send(CREDITS)
                outcome = "credits"
            else:
                outcome = self._ask(connection, request, sample)
            with self._lock:
                self.answered[outcome] += 1
                self.done += 1
        connection.close()

    def _leave(self, request: bytes, draw: random.Random) -> None:
        """Send all or half of a request and go."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=60) as stream:
            stream.sendall(request if draw.random() < 0.5 else request[: len(request) // 2])

    def _ask(self, connection: Connection, request: bytes, sample: Sample) -> str:
        status = connection.send(request)
        answer = json.loads(connection.body)
        code = answer["error_detail"]["code"]
        seen = code or hashlib.sha256(base64.b64decode(answer["result"]["image"])).hexdigest()
        if seen != sample.expected:
            with self._lock:
                self.wrong.append(f"{sample.name}: {status} {seen}, expected {sample.expected}")
        return code or "edited"


def watch(
    server: Process, soak: Soak, requests: int, clients: list[threading.Thread]
) -> list[tuple[float, int, int]]:
    """Print and return resident MiB, descriptors and threads, at even steps."""
    figures = []
    for step in range(1, CHECKPOINTS + 1):
        while soak.done < requests * step // CHECKPOINTS and any(client.is_alive() for client in clients):
            time.sleep(0.05)
        figures.append((server.resident_mib(), server.descriptors(), server.threads()))
        print("{} requests: {:.0f} MiB, {} descriptors, {} threads".format(soak.done, *figures[-1]), flush=True)
    return figures


def main() -> int:
    """Soak and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--keep-results", action="store_true", help="leave the result cache on")
    arguments = parser.parse_args()
    options = ["--port", "0", "--credits", "1000000000", "--log-level", "error", "--journal-entries", "500"]
    options += [] if arguments.keep_results else ["--result-cache-bytes", "0"]
    mix = samples()
    with running("server.cli", *options) as server:
        soak = Soak(server.port, arguments.requests, mix)
        clients = [threading.Thread(target=soak.client, args=(seed,)) for seed in range(arguments.clients)]
        start = time.perf_counter()
        for client in clients:
            client.start()
        figures = watch(server, soak, arguments.requests, clients)
        for client in clients:
            client.join()
        seconds = time.perf_counter() - start
    middle, last = figures[len(figures) // 2 :][:3], figures[-3:]
    grown = [max(one[k] for one in last) - max(one[k] for one in middle) for k in range(3)]
    faults = [f"grew by {grown[0]:.0f} MiB"] if grown[0] > GROWTH_MIB else []
    faults += [f"{grown[1]} descriptors more"] if grown[1] > GROWTH_COUNT + arguments.clients else []
    faults += [f"{grown[2]} threads more"] if grown[2] > GROWTH_COUNT else []
    print(
        f"{soak.done} requests in {seconds:.0f} s: " + ", ".join(f"{n} {k}" for k, n in soak.answered.most_common())
    )
    print(f"wrong answers: {len(soak.wrong)}; from the middle to the end {grown[0]:+.0f} MiB, ", end="")
    print(f"{grown[1]:+d} descriptors, {grown[2]:+d} threads")
    for line in [*soak.wrong[:10], *faults]:
        print(f"FAULT {line}")
    return 1 if soak.wrong or faults or soak.done < arguments.requests else 0


if __name__ == "__main__":
    sys.exit(main())
