"""The pytest plugin in `examples/`: used as its user would, in pytest processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.conftest import ROOT, RunningServer

PLUGIN = ROOT / "examples" / "pytest-ailab-mock"


def run_pytest(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a folder with the plugin installed, but nothing else of this project on the path."""
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    command = [sys.executable, "-m", "pytest", "-p", "pytest_ailab_mock.plugin", "-p", "xdist", "-q", *arguments]
    environ = {**os.environ, "PYTHONPATH": str(PLUGIN), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environ}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=110, check=False)


def write_tests(folder: Path, text: str) -> None:
    (folder / "test_app.py").write_text(
        "import urllib.error, urllib.request\nfrom pathlib import Path\nimport pytest\n\n" + text
    )


CALL = """
EDIT = "/api/portrait/effects/face-attribute-editing"


def call(ailab_mock, path="/api/common/query-credits", body=None):
    headers = {"ailabapi-api-key": ailab_mock.client_key}
    request = urllib.request.Request(ailab_mock.url + path, body, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code

"""


def test_the_distribution_is_light_and_names_its_plugin() -> None:
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == ["pytest>=7"]
    assert project["entry-points"]["pytest11"] == {"ailab_mock": "pytest_ailab_mock.plugin"}


def test_it_starts_the_installed_server_and_stops_it(tmp_path: Path) -> None:
    write_tests(
        tmp_path,
        CALL
        + """
def test_tenant(ailab_mock, ailab_mock_server):
    Path("url").write_text(ailab_mock.url)
    ailab_mock.next_error("AI_SERVICE_TIMEOUT", "ok")
    assert [call(ailab_mock), call(ailab_mock)] == [504, 200]
    assert [entry["status"] for entry in ailab_mock.requests()] == [504, 200]
    ailab_mock.assert_called(times=2)
    ailab_mock.assert_called(times=1, code="AI_SERVICE_TIMEOUT")
    ailab_mock.assert_not_called(action="TO_OLD")
    ailab_mock.lock()
    assert call(ailab_mock) == 403
    ailab_mock.lock(False)
    ailab_mock.set_limits(per_second=0)
    assert call(ailab_mock, EDIT, b"") == 429
    ailab_mock.set_limits()
    assert call(ailab_mock, EDIT, b"") == 400
    ailab_mock.advance_clock(60)
    assert ailab_mock_server.admin("GET", f"tenants/{ailab_mock.client_key}")["clock_s"] >= 60
    ailab_mock.set_faults({"bad_gateway": 1.0})
    assert call(ailab_mock) == 502
    ailab_mock.set_faults({})
    ailab_mock.set_latency(1)
    assert call(ailab_mock) == 200
    ailab_mock.set_credits(3)
    assert ailab_mock.credits == 3
    assert ailab_mock.verdict() != []  # retried a 403
    with pytest.raises(ValueError, match="NO_SUCH_CODE"):
        ailab_mock.next_error("NO_SUCH_CODE")


def test_another_tenant(ailab_mock):
    assert ailab_mock.requests() == []
    assert ailab_mock.credits > 3
""",
    )
    command = f"{sys.executable} -m server.cli"
    done = run_pytest(tmp_path, PYTEST_AILAB_MOCK_COMMAND=command)
    assert done.returncode == 0, done.stdout + done.stderr
    url = (tmp_path / "url").read_text()
    probe = f"import urllib.request as r; r.urlopen('{url}/livez', timeout=5)"
    assert subprocess.run([sys.executable, "-c", probe], capture_output=True, check=False).returncode != 0


def test_a_failed_test_shows_its_calls(server: RunningServer, tmp_path: Path) -> None:
    write_tests(
        tmp_path,
        CALL + "def test_it(ailab_mock):\n    call(ailab_mock)\n    ailab_mock.assert_called(times=2, code='ok')\n",
    )
    done = run_pytest(tmp_path, "--ailab-mock-url", server.url)
    assert done.returncode == 1
    assert 'expected 2 calls with {"code": "ok"}, found 1. All calls:' in done.stdout
    assert "GET /api/common/query-credits 200 ok" in done.stdout.split("calls to ailab-mock")[1]


def test_a_command_that_is_missing_is_named(tmp_path: Path) -> None:
    write_tests(tmp_path, "def test_it(ailab_mock):\n    pass\n")
    done = run_pytest(tmp_path, "--ailab-mock-command", "no-such-command")
    assert done.returncode == 1
    assert "no-such-command: No such file" in done.stdout
    assert "--ailab-mock-command" in done.stdout


def test_eight_workers_do_not_disturb_each_other(server: RunningServer, tmp_path: Path) -> None:
    """Each test sets credits, queue and limits of its tenant and must meet nothing of the others'."""
    write_tests(
        tmp_path,
        CALL
        + """
CODES = {"ERROR_GATEWAY": None, "AI_SERVICE_TIMEOUT": 504, "EXCEEDING_LIMITS": 429, "ERROR_USER_LOCKED": 403}


@pytest.mark.parametrize("number", range(48))
def test_alone(ailab_mock, number):
    code, status = list(CODES.items())[1 + number % 3]
    ailab_mock.set_credits(number)
    ailab_mock.next_error(*[code] * 3)
    assert [call(ailab_mock) for _ in range(5)] == [status] * 3 + [200] * 2
    assert ailab_mock.credits == number
    assert len(ailab_mock.assert_called(times=3, code=code)) == 3
    ailab_mock.assert_called(times=5)
""",
    )
    done = run_pytest(tmp_path, "--ailab-mock-url", server.url, "-n", "8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "48 passed" in done.stdout


def test_workers_share_one_server_that_the_first_starts(tmp_path: Path) -> None:
    write_tests(
        tmp_path,
        "@pytest.mark.parametrize('number', range(6))\n"
        "def test_it(ailab_mock, number):\n    Path(f'url{number}').write_text(ailab_mock.url)\n",
    )
    command = f"{sys.executable} -m server.cli"
    done = run_pytest(tmp_path, "-n", "2", PYTEST_AILAB_MOCK_COMMAND=command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len({path.read_text() for path in tmp_path.glob("url*")}) == 1


def test_example_with_the_vendors_sdk(server: RunningServer, tmp_path: Path) -> None:
    """Twenty errors by three carriers, through the vendor's SDK."""
    example = (ROOT / "examples" / "test_with_vendor_sdk.py").read_text()
    (tmp_path / "test_with_vendor_sdk.py").write_text(example)
    done = run_pytest(tmp_path, "--ailab-mock-url", server.url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "62 passed" in done.stdout
