"""Where every millisecond of an edit goes: the pipeline's steps, and what is left for HTTP, queue and journal."""

from __future__ import annotations

import json
import statistics
import time
import urllib.request

from bench.process import Connection, Process, form

ACTIONS = ("TO_KID", "TO_OLD", "TO_FEMALE", "TO_MALE")
CALLS = 9
KEY = "bench-steps"


def print_steps(server: Process, photo: bytes) -> None:
    """Edit with each action, one client at a time, and print medians in milliseconds; the server keeps a journal."""
    connection = Connection(server.port)
    connection.send(form(photo, KEY, action_type="TO_OLD", quality_control="LOW"))
    for action in ACTIONS:
        request = form(photo, KEY, action_type=action, quality_control="LOW")
        totals_ms = []
        for _ in range(CALLS):
            start = time.perf_counter()
            connection.send(request)
            totals_ms.append((time.perf_counter() - start) * 1000)
        calls = _journal(server.port, action)[:CALLS]
        steps = {name: statistics.median(call["step_ms"][name] for call in calls) for name in calls[0]["step_ms"]}
        total, known = statistics.median(totals_ms), sum(steps.values())
        line = ", ".join(f"{name} {ms:.1f}" for name, ms in steps.items())
        print(f"{action}: {total:.1f} ms: {line}, all else {total - known:.1f} ({total / known:.2f} times the steps)")
    connection.close()


def _journal(port: int, action: str) -> list[dict[str, dict[str, float]]]:
    """Return the calls with this action, newest first."""
    url = f"http://127.0.0.1:{port}/__mock/requests?key={KEY}&action={action}"
    with urllib.request.urlopen(url, timeout=60) as answer:
        calls: list[dict[str, dict[str, float]]] = json.load(answer)["requests"]
    return calls
