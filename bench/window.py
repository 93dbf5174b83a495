"""`python -m bench.window`: what open pages cost an edit, and how quick the window is with a full journal."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import time

from bench.photo import megapixel_jpeg
from bench.process import Connection, Process, form, running

PAGES = 20
ROUNDS = 20
EDITS_A_ROUND = 4
ENTRIES = 1000


def edits_beside_pages(photo: bytes) -> None:
    """Time edits in turn with no page and with many that follow the journal."""
    with (
        running("server.cli", "--port", "0", "--credits", "1000000000", "--result-cache-bytes", "0") as server,
        _pages(server.port) as pages,
    ):
        connection = Connection(server.port)
        requests = [form(photo, action_type="V2_AGE", target=str(20 + number)) for number in range(EDITS_A_ROUND)]
        alone, beside = [], []
        for request in requests:
            connection.send(request)
        for _ in range(ROUNDS):
            alone += [_seconds(connection, request) for request in requests]
            _tell(pages, "open")
            beside += [_seconds(connection, request) for request in requests]
            _tell(pages, "close")
        connection.close()
    one, other = statistics.median(beside), statistics.median(alone)
    print(
        f"an edit at 1 MP: {1000 * other:.0f} ms; with {PAGES} open pages {one / other:.3f} times (at most 1.05;",
        end=" ",
    )
    least = min(beside) / min(alone)
    print(f"the quickest of {len(alone)}: {least:.3f} times)")


def full_journal() -> None:
    """Time what the journal's view asks for, with one call and with a thousand, as shares of a trivial route."""
    with running("server.cli", "--port", "0") as server:
        connection = Connection(server.port)
        refused = form(b"GIF89a", action_type="TO_OLD", quality_control="HIGH")
        paths = {
            "first page": "/__mock/requests?limit=50&summary=true",
            "search": "/__mock/requests?limit=50&summary=true&text=nowhere",
        }
        for entries in (1, ENTRIES):
            for _ in range(entries):
                connection.send(refused)
            floor = _request_ms(server, "/livez")
            for name, path in paths.items():
                took = _request_ms(server, path)
                print(f"journal of {entries}: {name} {took:.1f} ms, /livez {floor:.1f} ms")
        connection.close()


def _request_ms(server: Process, path: str) -> float:
    connection = Connection(server.port)
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    if connection.send(request) != 200:
        raise RuntimeError(f"{path} was refused")
    times = []
    for _ in range(30):
        start = time.perf_counter()
        connection.send(request)
        times.append(time.perf_counter() - start)
    connection.close()
    return 1000 * statistics.median(times)


def _seconds(connection: Connection, request: bytes) -> float:
    start = time.perf_counter()
    if connection.send(request) != 200:
        raise RuntimeError("an edit was refused")
    return time.perf_counter() - start


@contextlib.contextmanager
def _pages(port: int):  # type: ignore[no-untyped-def]
    command = [sys.executable, "-m", "bench.window", "--pages-of", str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def _tell(pages: subprocess.Popen[str], word: str) -> None:
    assert pages.stdin is not None
    assert pages.stdout is not None
    pages.stdin.write(word + "\n")
    pages.stdin.flush()
    pages.stdout.readline()


async def _follow(port: int, opened: asyncio.Event) -> None:
    """Do what an open page does: follow the events, and fetch each new picture's thumbnail."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /__mock/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    pictures = await asyncio.open_connection("127.0.0.1", port)
    seen = {""}
    try:
        async for line in reader:
            if line.startswith(b"event: hello"):
                opened.set()
            elif line.startswith(b"data: {") and b'"id"' in line:
                call = json.loads(line[6:])
                for digest in {call["picture_digest"], call["result_digest"]} - seen:
                    await _fetch(pictures, f"/__mock/pictures/{digest}?thumbnail_px=88")
                    seen.add(digest)
    finally:
        writer.close()
        pictures[1].close()


async def _fetch(connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], path: str) -> None:
    reader, writer = connection
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    length = 0
    while (line := (await reader.readline()).strip().lower()) != b"":
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    await reader.readexactly(length)


async def _be_pages(port: int) -> None:
    """Open and close pages as the words on the standard input say."""
    tasks: list[asyncio.Task[None]] = []
    while word := (await asyncio.to_thread(sys.stdin.readline)).strip():
        if word == "open":
            opened = [asyncio.Event() for _ in range(PAGES)]
            tasks = [asyncio.create_task(_follow(port, event)) for event in opened]
            for event in opened:
                await event.wait()
        else:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        print("done", flush=True)


def main() -> None:
    """Run it; about a minute."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages-of", type=int, metavar="PORT", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.pages_of:
        asyncio.run(_be_pages(arguments.pages_of))
        return
    edits_beside_pages(megapixel_jpeg())
    full_journal()


if __name__ == "__main__":
    main()
