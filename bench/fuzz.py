"""Hostile input, many of it: `python -m bench.fuzz`; exit status 1 when anything crashed.

In this process: pictures through the codec, bodies through the form, with mutations of a fresh seed (printed;
`--seed` repeats it), and coverage-guided where atheris is installed. Then a server of its own: broken HTTP, damaged
photos through the whole pipeline, damaged admin requests, idle and slow clients, the worst pictures for the memory.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import logging
import random
import re
import subprocess
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from skimage import data

from bench.hostile import clients, forms, pictures
from bench.hostile.mutation import mutated
from bench.process import Process, running
from server.contract.errors import ApiError
from server.operation.form import parse_form, read_parts
from server.operation.image_codec import MAX_SIDE_PX, decode
from server.operation.pipeline import open_picture

GONE_SECONDS = 10.0
"""What a busy server gets to close the connections of clients that left."""

ADMIN_SEEDS = [
    f"{method} /__mock{path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
    for method, path, body in (
        ("PATCH", "/tenants/fuzz", '{"credits":16,"latency":{"distribution":"uniform","ms":1,"to_ms":2},"seed":1}'),
        ("PATCH", "/tenants/fuzz", '{"faults":[{"kind":"bad_gateway","probability":0.1}],"scenarios":["ok"]}'),
        ("PATCH", "/tenants/fuzz", '{"limits":{"per_second":5,"concurrent":2},"locked":false}'),
        ("POST", "/verify", '{"filter":{"key":"fuzz","since_s":1.5},"at_least":1,"in_order":[{"code":"ok"}]}'),
        ("POST", "/clock", '{"key":"fuzz","advance_s":60}'),
        ("POST", "/reset", '{"key":"fuzz"}'),
        ("GET", "/requests?key=fuzz&limit=10&since_s=1e9", ""),
        ("GET", "/requests.har?code=ok", ""),
        ("GET", "/verdict?key=fuzz", ""),
    )
]


@dataclass
class Tally:
    """What one kind of input did."""

    name: str
    tried: int = 0
    crashes: int = 0
    slowest_s: float = 0.0

    def count(self, attempt: Callable[[], bool]) -> None:
        """Try one input; False or an exception is a crash, of which the first three are shown."""
        start = time.perf_counter()
        try:
            fine = attempt()
        except Exception:
            fine = False
            if self.crashes < 3:
                traceback.print_exc()
        self.tried += 1
        self.crashes += not fine
        self.slowest_s = max(self.slowest_s, time.perf_counter() - start)

    def __str__(self) -> str:
        return (
            f"{self.name:55} {self.tried:8} tried {self.crashes:4} crashes   slowest {self.slowest_s * 1000:7.0f} ms"
        )


def fuzz_pictures(count: int, seed: int) -> Tally:
    """Decode damaged files."""
    image = cv2.resize(data.astronaut(), (300, 280), interpolation=cv2.INTER_AREA)
    tally = Tally("pictures through the codec")
    for content, _ in pictures.odd_files(image).values():
        tally.count(lambda content=content: _is_judged(content))  # type: ignore[misc]
    for content in mutated(pictures.seeds(image), count, seed):
        tally.count(lambda content=content: _is_judged(content))  # type: ignore[misc]
    return tally


def _is_judged(content: bytes) -> bool:
    with contextlib.suppress(ApiError):
        header = open_picture(content)
        return decode(header).shape == (header.size_wh[1], header.size_wh[0], 3)
    return True


def fuzz_forms(count: int, seed: int) -> Tally:
    """Parse damaged bodies."""
    picture = pictures.saved(pictures.Image.new("RGB", (256, 256)), "JPEG")
    tally = Tally("bodies through the form")
    for content in mutated(forms.seeds(picture), count, seed):
        tally.count(lambda content=content: _is_parsed(content))  # type: ignore[misc]
    return tally


def _is_parsed(content: bytes) -> bool:
    with contextlib.suppress(ApiError):
        parse_form(*read_parts(forms.MULTIPART, content))
    return True


def fuzz_guided(seconds: int) -> str:
    """Run the coverage-guided fuzzer in a process of its own, and return what it says at its end."""
    name = f"{'bodies, coverage-guided (atheris)':55}"
    if importlib.util.find_spec("atheris") is None:
        return f"{name} not run: pip install atheris"
    command = [sys.executable, "-m", "bench.hostile.guided", str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    runs = re.search(r"Done (\d+) runs", done.stderr)
    covered = re.findall(r"cov: (\d+)", done.stderr)
    if done.returncode or runs is None:
        print(done.stderr[-4000:])
        return f"{name}          crashed"
    return f"{name} {runs[1]:>8} tried    0 crashes   {covered[-1]} branches reached"


def fuzz_wire(name: str, port: int, requests: Iterable[bytes]) -> Tally:
    """Send raw requests, half closed; an answer of 500 and more that nobody asked for is a crash."""
    tally = Tally(name)
    for request in requests:
        tally.count(lambda request=request: clients.ask(port, request, half_close=True).status < 500)  # type: ignore[misc]
    return tally


def fuzz_edits(port: int, count: int, seed: int) -> Tally:
    """Send damaged photos of a face with all actions and levels."""
    source = random.Random(seed)
    photo = np.ascontiguousarray(data.astronaut())
    tally = Tally("photos through the whole pipeline")
    actions = ({"action_type": name} for name in ("TO_KID", "TO_OLD", "TO_FEMALE", "TO_MALE"))
    choices = [*actions, {"action_type": "V2_AGE", "target": "42"}, {"action_type": "V2_GENDER", "target": "0"}]
    for content in mutated(pictures.seeds(photo), count, seed, head_bytes=1000):
        fields = {**source.choice(choices), "quality_control": source.choice(("NONE", "LOW", "HIGH"))}
        if source.random() < 0.3:
            box = [source.choice((-1e308, -5, 0, 1e-9, 100, 250.5, 511, 1e308)) for _ in range(4)]
            fields["face_location"] = '{{"left":{},"top":{},"width":{},"height":{}}}'.format(*box)
        request = clients.multipart_request(forms.body(fields, content))
        tally.count(lambda request=request: clients.ask(port, request).is_fair)  # type: ignore[misc]
    return tally


def hold_on(server: Process) -> Tally:
    """Hold a thousand connections in each of three ways; the server must answer another client meanwhile."""
    tally = Tally("others answered beside 1,000 idle, slow or endless ones")
    beginnings = (b"", b"GET / HTTP/1.1\r\nX: ", clients.POST_HEAD + b"Content-Length: 999999\r\n\r\nabc")
    for beginning in beginnings:
        with clients.holding(server.port, 1000, beginning):
            for _ in range(20):
                tally.count(lambda: clients.ask(server.port, clients.GET_CREDITS).status == 200)
    return tally


def worst_pictures() -> dict[str, bytes]:
    """Return pictures as large as allowed, of the kinds that need most memory."""
    side = MAX_SIDE_PX
    face = cv2.resize(data.astronaut(), (side, side), interpolation=cv2.INTER_LINEAR)
    picture = pictures.Image.fromarray(face)
    gray = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY)
    clear = np.zeros((side, side, 4), ">u2")
    raw = b"".join(b"\0" + row.tobytes() for row in clear)
    return {
        "JPEG": pictures.saved(picture, "JPEG", quality=60),
        "gray JPEG": pictures.saved(pictures.Image.fromarray(gray), "JPEG", quality=60),
        "progressive CMYK JPEG": pictures.saved(picture.convert("CMYK"), "JPEG", quality=40, progressive=True),
        "16-bit PNG with alpha": pictures.png_head(side, side, 16, 6) + pictures.png_tail(raw),
    }


def peak_memory(server: Process, photos: dict[str, bytes]) -> str:
    """Edit the worst pictures one after the other and return the most memory that was resident."""
    before = server.resident_mib()
    for content in photos.values():
        for action in ("TO_OLD", "TO_FEMALE"):
            clients.ask(server.port, clients.multipart_request(forms.body({"action_type": action}, content)))
    peak = server.peak_mib()
    return (
        f"memory: {before:.0f} MiB at rest, {peak:.0f} MiB at most over {2 * len(photos)} edits of {MAX_SIDE_PX}x"
        f"{MAX_SIDE_PX} px: {peak - before:.0f} MiB for one request; {server.resident_mib():.0f} MiB after them"
    )


def descriptors_left(pid: int, before: int) -> int:
    """Return how many descriptors are open once no more than before are, or after a while."""
    deadline_s = time.monotonic() + GONE_SECONDS
    while (now := clients.descriptors(pid)) > before and time.monotonic() < deadline_s:
        time.sleep(0.1)
    return now


def main() -> int:
    """Run all of it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--inputs", type=int, default=20_000, help="mutations of pictures and of bodies; fewer of others"
    )
    parser.add_argument("--seconds", type=int, default=60, help="for the coverage-guided part")
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if arguments.seed is None else arguments.seed
    print(f"seed {seed}", flush=True)
    warnings.filterwarnings("ignore", module="PIL")
    logging.disable()
    tallies = [fuzz_pictures(arguments.inputs, seed), fuzz_forms(arguments.inputs, seed)]
    print(*tallies, sep="\n", flush=True)
    guided = fuzz_guided(arguments.seconds)
    print(guided, flush=True)
    few = arguments.inputs // 10
    with running("server.cli", "--port", "0", "--threads", "1") as server:
        print(peak_memory(server, worst_pictures()), flush=True)
    with running("server.cli", "--port", "0") as server:
        descriptors, memory = clients.descriptors(server.popen.pid), server.resident_mib()
        for tally in (
            fuzz_wire("broken HTTP", server.port, (request for request, _ in clients.ODD_HEADS.values())),
            fuzz_wire("damaged HTTP", server.port, mutated(clients.HEAD_SEEDS, few, seed)),
            fuzz_wire("damaged admin requests", server.port, mutated(ADMIN_SEEDS, few, seed)),
            fuzz_edits(server.port, few // 4, seed),
            hold_on(server),
        ):
            tallies.append(tally)
            print(tally, flush=True)
        alive = server.popen.poll() is None
        now = descriptors_left(server.popen.pid, descriptors)
        print(f"server {'alive' if alive else 'DEAD'}; descriptors {descriptors} -> {now}", end=", ")
        print(f"resident {memory:.0f} -> {server.resident_mib():.0f} MiB")
    return int(any(tally.crashes for tally in tallies) or guided.endswith("crashed") or not alive)


if __name__ == "__main__":
    raise SystemExit(main())
