"""Who may use the admin interface and the window: own pages and tools only, or who knows the token."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from server.admin.guard import is_local_name, is_loopback
from server.serve import exposure_warning
from server.settings import Settings
from tests.conftest import EDIT_PATH, RunningServer, start_server
from tests.server.test_serving import run

TOKEN = "a token, with; signs"


@pytest.fixture(scope="module")
def guarded() -> Iterator[RunningServer]:
    running = start_server("--admin-token", TOKEN)
    yield running
    running.stop()


@pytest.mark.parametrize("path", ["/", "/__mock/count", "/__mock/window/js/main.js", "/__mock/events"])
def test_a_foreign_name_that_points_here_is_refused(server: RunningServer, path: str) -> None:
    answer = httpx.get(server.url + path, headers={"Host": f"rebound.example:{server.port}"})
    assert answer.status_code == 403
    assert "--admin-token" in answer.text


@pytest.mark.parametrize(
    "host", ["localhost:1", "ailab-mock:18463", "[::1]:8", "192.168.1.5", "a.localhost", "x.internal"]
)
def test_names_of_this_machine(server: RunningServer, host: str) -> None:
    assert httpx.get(server.url + "/__mock/count", headers={"Host": host}).status_code == 200


def test_names() -> None:
    settings = Settings.resolve({"host": "mock.example.org"}, {})
    assert is_local_name("mock.example.org:80", settings)
    assert not is_local_name("example.org", settings)
    assert not is_local_name("127.0.0.1.example.org", settings)
    assert not is_local_name("www.ailabapi.com", settings)
    in_a_cluster = (
        "ailab-mock.team-a",
        "ailab-mock.ci2:18463",
        "ailab-mock.ci.svc",
        "ailab-mock.ci.svc.cluster.local",
    )
    assert all(is_local_name(name, settings) for name in in_a_cluster)
    public = ("evil.dev", "ailab-mock.ci", "evil.xn--p1ai", "evil.team-a.dev", "evil.-", "evil.a_b", "evil.xn--a-b.")
    assert not any(is_local_name(name, settings) for name in public)
    assert is_local_name("www.ailabapi.com", Settings.resolve({"tls": "on"}, {}))
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "mock")] == [
        *(True, True, True),
        *(False, False, False),
    ]


def test_the_contract_answers_under_any_name(server: RunningServer) -> None:
    headers = {"Host": "www.ailabapi.com", "ailabapi-api-key": "k"}
    answer = httpx.get(server.url + "/api/common/query-credits", headers=headers)
    assert answer.status_code == 200


def test_token(guarded: RunningServer) -> None:
    url = guarded.url + "/__mock/count"
    assert httpx.get(url).status_code == 401
    assert httpx.get(url, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert httpx.get(url, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    foreign = {"Authorization": f"Bearer {TOKEN}", "Host": "mock.example.org"}
    assert httpx.get(url, headers=foreign).status_code == 200
    assert httpx.get(url, headers={**foreign, "Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_token_of_the_command_line(guarded: RunningServer) -> None:
    where = ["verdict", "--key", "k", "--port", str(guarded.port)]
    refused = run(*where)
    assert refused.returncode == 2
    assert "--admin-token" in refused.stderr
    assert run(*where, "--admin-token", TOKEN).returncode == 0


def test_copied_calls_take_the_token_from_the_environment(guarded: RunningServer, tmp_path: Path) -> None:
    headers, files = {"ailabapi-api-key": "k"}, {"image": ("a.jpg", b"no picture")}
    answer = httpx.post(guarded.url + EDIT_PATH, headers=headers, data={"action_type": "TO_OLD"}, files=files)
    address = f"{guarded.url}/__mock/requests/{answer.json()['request_id']}"
    script = httpx.get(address + "/curl", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert TOKEN not in script
    environ = {**os.environ, "AILAB_MOCK_ADMIN_TOKEN": TOKEN}
    subprocess.run(["sh", "-ec", script], cwd=tmp_path, env=environ, capture_output=True, timeout=60, check=True)
    assert (tmp_path / "picture.jpg").read_bytes() == b"no picture"
    test = httpx.get(address + "/pytest", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert TOKEN not in test
    compile(test, "test", "exec")


def test_token_of_the_window(guarded: RunningServer) -> None:
    page = httpx.get(guarded.url + "/")
    assert page.status_code == 401
    assert "<form" in page.text
    assert httpx.get(guarded.url + "/__mock/window/css/base.css").status_code == 200
    for wrong in ("", "token=wrong", "token=%FF", "x" * 100_000):
        assert httpx.post(guarded.url + "/__mock/sign-in", content=wrong).status_code == 401
    with httpx.Client(base_url=guarded.url) as client:
        assert client.get("/", params={"token": TOKEN}).status_code == 303
        assert client.get("/").status_code == 200
        assert client.get("/__mock/count").status_code == 200
    answer = httpx.post(guarded.url + "/__mock/sign-in", data={"token": TOKEN})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_token_never_reaches_the_contract(guarded: RunningServer) -> None:
    answer = httpx.get(guarded.url + "/api/common/query-credits", headers={"ailabapi-api-key": "k"})
    assert answer.status_code == 200


def test_sign_in_without_a_token_opens_nothing(server: RunningServer) -> None:
    assert httpx.post(server.url + "/__mock/sign-in", data={"token": ""}).status_code == 401


@pytest.mark.parametrize(
    ("flags", "is_warned"),
    [({}, False), ({"host": "0.0.0.0"}, True), ({"host": "::"}, True), ({"host": "::", "admin_token": "t"}, False)],
)
def test_listening_beyond_this_machine_is_warned_of(flags: dict[str, str], is_warned: bool) -> None:
    assert ("--admin-token" in exposure_warning(Settings.resolve(flags, {}))) == is_warned
