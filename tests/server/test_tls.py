"""HTTPS with a local authority: an unchanged client with the vendor's host hard-coded reaches the emulator."""

from __future__ import annotations

import contextlib
import json
import shutil
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bench.hostile.clients import GET_CREDITS, descriptors, holding
from server.authority import Authority, AuthorityError
from tests.conftest import CREDITS_PATH, ROOT
from tests.server.test_hostile_clients import FEW, eventually, needs_proc
from tests.server.test_serving import run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("authority")


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[int, int]]:
    """Port and process id of a server with --tls."""
    command = [sys.executable, "-m", "server.cli", "--port", "0", "--tls", "--tls-dir", str(folder), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    line = process.stdout.readline()
    assert line.startswith("listening on https://127.0.0.1:")
    try:
        yield int(line.rpartition(":")[2]), process.pid
    finally:
        with process:
            process.terminate()


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    """Port of a server with --tls."""
    with serving(folder) as (port, _):
        yield port


@pytest.fixture(scope="module")
def certificate(folder: Path, port: int) -> Path:
    target = folder / "exported.pem"
    assert run("ca", "export", str(target), "--tls-dir", str(folder)).returncode == 0
    return target


def test_python_trusts_it(port: int, certificate: Path) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    for host in ("127.0.0.1", "localhost"):
        answer = httpx.get(f"https://{host}:{port}{CREDITS_PATH}", headers={"ailabapi-api-key": "k"}, verify=context)
        assert answer.json()["error_code"] == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"https://127.0.0.1:{port}{CREDITS_PATH}")


def test_curl_reaches_the_vendors_host(port: int, certificate: Path) -> None:
    command = ["curl", "-sS", "--cacert", str(certificate), "--connect-to", f"www.ailabapi.com:443:127.0.0.1:{port}"]
    command += ["-H", "ailabapi-api-key: k", f"https://www.ailabapi.com{CREDITS_PATH}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout)["error_code"] == 0


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
def test_node_trusts_it(port: int, certificate: Path) -> None:
    script = f"fetch('https://localhost:{port}{CREDITS_PATH}', {{headers: {{'ailabapi-api-key': 'k'}}}})"
    script += ".then(a => a.json()).then(b => console.log(b.error_code))"
    environ = {"NODE_EXTRA_CA_CERTS": str(certificate), "PATH": str(Path(str(shutil.which("node"))).parent)}
    done = subprocess.run(["node", "-e", script], env=environ, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "0"


def test_healthcheck_and_verdict_speak_tls(port: int) -> None:
    assert run("healthcheck", "--wait", "--timeout", "60", "--tls", "--port", str(port)).returncode == 0
    assert run("healthcheck", "--port", str(port)).returncode == 1
    done = run("verdict", "--tls", "--port", str(port), "--key", "nobody", "--fail-on", "all")
    assert (done.returncode, done.stdout) == (0, "0 findings\n")
    assert run("verdict", "--tls", "--port", str(port), "--key", "k", "--fail-on", "nonsense").returncode == 2


@needs_proc
@pytest.mark.parametrize(
    "beginning",
    [b"", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(20), GET_CREDITS],
    ids=["silent", "half a hello", "plain HTTP"],
)
def test_unfinished_handshakes_are_bounded(folder: Path, port: int, certificate: Path, beginning: bytes) -> None:
    """They count as connections, leave oldest first, and have the time of a head."""
    context = ssl.create_default_context(cafile=str(certificate))
    few, many = 5, 60
    with serving(folder, "--max-connections", str(few), "--client-timeout", "1") as (own_port, pid):
        url = f"https://127.0.0.1:{own_port}{CREDITS_PATH}"
        assert httpx.get(url, headers={"ailabapi-api-key": "k"}, verify=context).status_code == 200
        before = descriptors(pid)
        with holding(own_port, many, beginning) as held:
            assert httpx.get(url, headers={"ailabapi-api-key": "k"}, verify=context).status_code == 200
            assert descriptors(pid) <= before + few + FEW
            for connection in held:
                with contextlib.suppress(ConnectionError):
                    while connection.recv(4096):
                        pass
        assert eventually(lambda: descriptors(pid) < before + FEW)


@needs_proc
def test_silent_clients_leave_at_once(folder: Path, port: int, certificate: Path) -> None:
    """They shook hands and say nothing, not even goodbye when they are sent away."""
    context = ssl.create_default_context(cafile=str(certificate))
    few, many = 5, 40
    with (
        serving(folder, "--max-connections", str(few)) as (own_port, pid),
        contextlib.ExitStack() as silent,
    ):
        url = f"https://127.0.0.1:{own_port}{CREDITS_PATH}"
        assert httpx.get(url, headers={"ailabapi-api-key": "k"}, verify=context).status_code == 200
        before = descriptors(pid)
        for _ in range(many):
            (plain,) = silent.enter_context(holding(own_port, 1))
            silent.enter_context(context.wrap_socket(plain, server_hostname="127.0.0.1"))
        assert httpx.get(url, headers={"ailabapi-api-key": "k"}, verify=context).status_code == 200
        assert descriptors(pid) <= before + few + FEW


def test_authority_lasts_and_its_key_is_private(tmp_path: Path) -> None:
    first = Authority(tmp_path / "new").certificate_pem
    assert Authority(tmp_path / "new").certificate_pem == first
    assert stat.S_IMODE((tmp_path / "new" / "ca-key.pem").stat().st_mode) == 0o600


def test_damaged_authority_is_refused_not_overwritten(tmp_path: Path) -> None:
    Authority(tmp_path)
    (tmp_path / "ca.pem").write_text("damaged")
    with pytest.raises(AuthorityError, match="damaged"):
        Authority(tmp_path)
    assert (tmp_path / "ca.pem").read_text() == "damaged"
    done = run("--tls", "--tls-dir", str(tmp_path), "--port", "0")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
