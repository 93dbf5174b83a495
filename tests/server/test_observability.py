"""One line a call in text or JSON, metrics that count what happened, and one id through all of it."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bench.hostile.clients import POST_HEAD, ask
from server.admin.metrics import exposition
from server.call.log_format import JsonFormatter, TextFormatter
from server.journal.statistics import BOUNDS_S, CallStatistics, Histogram
from tests.conftest import ROOT, RunningServer, start_server
from tests.server.test_hostile_clients import eventually
from tests.server.test_on_demand import change, upload


@dataclass
class Logged:
    """A server of its own whose log is kept."""

    server: RunningServer
    path: Path

    def lines(self) -> list[str]:
        return self.path.read_text().splitlines()


@pytest.fixture
def logged(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Logged]:
    path = tmp_path / "log"
    with path.open("w") as log:
        server = start_server("--log-format", request.param, stderr=log)
        yield Logged(server, path)
        server.stop()


def figures(server: RunningServer) -> dict[tuple[str, ...], float]:
    """(name, label values by label name...) -> value, as Prometheus' own parser reads them."""
    answer = httpx.get(server.url + "/__mock/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.parametrize("logged", ["json"], indirect=True)
def test_json_lines_and_metrics_say_the_same(logged: Logged, astronaut_jpeg: bytes) -> None:
    server = logged.server
    edited = server.edit(astronaut_jpeg, key="observed-key", action_type="TO_OLD")
    refused = server.edit(b"no picture", key="observed-two", action_type="TO_OLD")
    change(server, "broken", faults=[{"kind": "empty_answer"}])
    with pytest.raises(httpx.RemoteProtocolError):
        upload(server, "broken", b"x")
    assert ask(server.port, b"no HTTP\r\n\r\n").status == 400
    left = ask(server.port, POST_HEAD + b"Content-Length: 9\r\n\r\nabc", half_close=True)
    assert left.status == 400
    assert eventually(lambda: len(logged.lines()) == 5), "a client that left is noted after its answer"
    lines = [json.loads(line) for line in logged.lines()]
    assert [(line["status"], line["code"]) for line in lines] == [
        (200, "ok"),
        (415, "UNSUPPORTED_FILE_TYPES"),
        (415, "UNSUPPORTED_FILE_TYPES"),
        (400, "ERROR_PARAMETERS"),
        (499, "ok"),
    ]
    first = lines[0]
    assert first["id"] == edited.json()["request_id"] == edited.headers["x-mock-request-id"]
    assert lines[1]["id"] == refused.headers["x-mock-request-id"]
    assert first["picture"] == "512x512"
    assert first["key"] == "observ..."
    assert lines[2]["fault"] == "empty_answer"
    assert lines[3]["why"] == "not a valid HTTP/1.1 request: illegal request line"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", first["time"])
    assert {line["level"] for line in lines} == {"info"}

    after = figures(server)
    name = "ailab_mock_requests_total"
    assert after[name, "ok", "face-attribute-editing", "200"] == 1
    assert after[name, "UNSUPPORTED_FILE_TYPES", "face-attribute-editing", "415"] == 2
    assert after[name, "ok", "face-attribute-editing", "499"] == 1
    assert after[name, "ERROR_PARAMETERS", "unread", "400"] == 1
    assert after["ailab_mock_request_seconds_count", "face-attribute-editing"] == 4
    assert after["ailab_mock_step_seconds_count", "edit"] == 1
    assert (
        0
        < after["ailab_mock_step_seconds_sum", "edit"]
        < after["ailab_mock_request_seconds_sum", "face-attribute-editing"]
    )
    assert after["ailab_mock_faults_total", "empty_answer"] == 1
    assert after["ailab_mock_clients_left_total",] == 1
    assert after["ailab_mock_requests_in_progress",] == 0
    assert after["ailab_mock_journal_evicted",] == 0
    assert after["ailab_mock_edits_waiting",] == 0
    assert after["ailab_mock_edits_at_a_time",] >= 1
    if Path("/proc/self/stat").exists():
        assert after["process_resident_memory_bytes",] > 2**26
    httpx.post(server.url + "/__mock/reset", json={})
    assert figures(server)[name, "ok", "face-attribute-editing", "200"] == 1, "counters never go back"


@pytest.mark.parametrize("logged", ["text"], indirect=True)
def test_text_lines_cannot_be_forged(logged: Logged) -> None:
    forged = httpx.get(logged.server.url + "/a%0A12:00:00 GET / 200", headers={"ailabapi-api-key": b"key\xe9"})
    (line,) = logged.lines()
    request_id = forged.json()["request_id"]
    expected = r"\d\d:\d\d:\d\d GET /a\\n12:00:00 GET / 200 404 ERROR_AI_NOT_EXISTS \d+ms "
    expected += rf"id={request_id} key=key\\xe9 \(.*\)"
    assert re.fullmatch(expected, line)


def test_a_crash_is_one_line_of_json() -> None:
    try:
        raise ZeroDivisionError("why\nnot")
    except ZeroDivisionError:
        record = logging.LogRecord("ailab_mock", logging.ERROR, "", 0, "crash in %s", ("x",), sys.exc_info())
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["exception"].endswith("ZeroDivisionError: why\nnot")
    assert json.loads(line)["message"] == "crash in x"
    assert "Traceback" in TextFormatter().format(record)


def test_histogram() -> None:
    histogram = Histogram()
    for seconds in (0, BOUNDS_S[0], BOUNDS_S[0] + 1e-9, BOUNDS_S[-1], BOUNDS_S[-1] + 1, float("inf")):
        histogram.observe(seconds)
    assert histogram.counts[0] == 2
    assert histogram.counts[1] == 1
    assert histogram.counts[-2:] == [1, 2]
    statistics = CallStatistics()
    statistics.steps["edit"].observe(0.3)
    statistics.steps["edit"].observe(99)
    families = {family.name: family for family in text_string_to_metric_families(exposition(statistics, {}).decode())}
    buckets = [sample for sample in families["ailab_mock_step_seconds"].samples if sample.name.endswith("_bucket")]
    assert [sample.value for sample in buckets] == [0] * 8 + [1] * 6 + [2]
    assert buckets[-1].labels["le"] == "+Inf"


def test_a_server_that_nobody_scrapes_does_not_import_the_library() -> None:
    code = "import sys, server.serve; print('prometheus_client' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
