"""`python -m bench.prism`: the emulator beside Prism and a bare FastAPI route, in one run.

    python -m bench.prism [--prism FILE]

Prism (`npm install @stoplight/prism-cli`) mocks the emulator's own OpenAPI document. All get the same requests on one
kept connection, in turn. Prism answers an edit with the document's example; the emulator edits the photo it was sent.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.photo import megapixel_jpeg
from bench.process import Connection, Process, form, running
from server.operation.endpoints import CREDITS_PATH
from server.operation.openapi import openapi_json

ROUNDS, SECONDS = 3, 1.5
REST_SECONDS = 4.0
CREDITS = f"GET {CREDITS_PATH} HTTP/1.1\r\nHost: bench\r\nailabapi-api-key: bench\r\n\r\n".encode()


@contextmanager
def prism_running(prism: str) -> Iterator[Process]:
    """Run Prism over the emulator's document; wait until it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "openapi.json"
        document.write_text(openapi_json(), encoding="utf-8")
        command = [prism, "mock", "--port", str(port), "--verboseLevel", "silent", str(document)]
        start = time.perf_counter()
        popen = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
        try:
            while not _answers(port):
                if popen.poll() is not None:
                    raise RuntimeError(f"{prism} did not start")
                time.sleep(0.005)
            yield Process(popen, port, time.perf_counter() - start)
        finally:
            popen.terminate()
            with popen:
                popen.wait(10)


def _answers(port: int) -> bool:
    try:
        return _send_once(port, CREDITS) == 200
    except OSError:
        return False


def _send_once(port: int, request: bytes) -> int:
    connection = Connection(port)
    status = connection.send(request)
    connection.close()
    return status


def a_second(port: int, request: bytes) -> float:
    """Return how many of a request one client gets answered in a second."""
    connection = Connection(port)
    connection.send(request)
    done, start = 0, time.perf_counter()
    while time.perf_counter() < start + SECONDS:
        connection.send(request)
        done += 1
    rate = done / (time.perf_counter() - start)
    connection.close()
    return rate


def compare(prism: str) -> None:
    """Print a table: ready, memory, then each request a second with the status that each server answers."""
    photo = megapixel_jpeg()
    requests = {
        "query-credits": CREDITS,
        "no key": form(photo, key=None, action_type="TO_OLD"),
        "no action_type": form(photo),
        "an edit": form(photo, action_type="TO_OLD"),
    }
    serving = ("server.cli", "--port", "0", "--credits", "1000000000")
    with ExitStack() as servers:
        named = {
            "emulator": servers.enter_context(running(*serving, "--result-cache-bytes", "0")),
            "with its cache": servers.enter_context(running(*serving)),
            "Prism": servers.enter_context(prism_running(prism)),
            "bare FastAPI": servers.enter_context(running("bench.bare_route")),
        }
        time.sleep(REST_SECONDS)
        _row("", list(named))
        _row("ready, s", [f"{server.ready_seconds:.2f}" for server in named.values()])
        _row("resident, MiB", [f"{server.resident_mib():.0f}" for server in named.values()])
        for name, request in requests.items():
            rates: dict[str, list[float]] = {server: [] for server in named}
            for _ in range(ROUNDS):
                for server, process in named.items():
                    rates[server].append(a_second(process.port, request))
            statuses = [_send_once(process.port, request) for process in named.values()]
            medians = [statistics.median(measured) for measured in rates.values()]
            _row(
                f"{name}, a second",
                [f"{rate:.0f} ({status})" for rate, status in zip(medians, statuses, strict=True)],
            )


def _row(name: str, cells: list[str]) -> None:
    print(f"{name:26}" + "".join(f"{cell:>16}" for cell in cells))


def compare_if_installed(command: str) -> None:
    """Compare, or say what is missing."""
    prism = shutil.which(command)
    if prism is None:
        print("Prism is not installed (npm install @stoplight/prism-cli): not compared")
    else:
        compare(prism)


def prism_option(program: str) -> str:
    """Read Prism's command from the command line of a bench."""
    parser = argparse.ArgumentParser(prog=program)
    parser.add_argument("--prism", default="prism", metavar="FILE", help="Prism's command; by default that on PATH")
    return str(parser.parse_args().prism)


if __name__ == "__main__":
    compare_if_installed(prism_option("python -m bench.prism"))
