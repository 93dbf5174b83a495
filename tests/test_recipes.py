"""The recipes: compose, CI service, Kubernetes, Testcontainers, and clients with the vendor's host hard-coded."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.authority import SERVED_NAMES
from server.settings import Settings
from server.settings_table import SETTINGS
from tests.conftest import CREDITS_PATH, ROOT, RunningServer
from tests.fake_docker_engine import fake_docker_engine

VENDOR_HOST = "www.ailabapi.com"
EXAMPLES = ROOT / "examples"
HTTPS_PAGE = (ROOT / "docs" / "https.md").read_text(encoding="utf-8")
DEFAULT_PORT = next(setting.default for setting in SETTINGS if setting.name == "port")
KEYTOOL = (
    "keytool -importcert -noprompt -alias ailab-mock -file ca.pem -keystore trust.p12 -storetype PKCS12"
    " -storepass changeit"
)
SDK_WITHOUT_ADDRESS = """
import asyncio
from ailabtools.client import AILabClient

async def main():
    client = AILabClient(api_key="any-key")
    print((await client.common.commonQueryCredits({}))["error_code"])
    await client.aclose()

asyncio.run(main())
"""


def test_compose_gives_the_emulator_the_vendors_name() -> None:
    compose = yaml.safe_load((EXAMPLES / "compose.yaml").read_text())
    emulator, client = compose["services"]["emulator"], compose["services"]["client"]
    settings = Settings.resolve({}, emulator["environment"])
    assert settings.tls
    assert settings.port == 443
    assert emulator["sysctls"]["net.ipv4.ip_unprivileged_port_start"] <= settings.port
    assert "test" not in emulator["healthcheck"], "the image's own check"
    (alias,) = emulator["networks"]["default"]["aliases"]
    assert alias == VENDOR_HOST in SERVED_NAMES
    assert f"https://{alias}{CREDITS_PATH}" in client["command"]
    (kept,) = emulator["volumes"]
    assert kept.split(":")[1] == settings.tls_dir
    # A new volume takes over the folder's owner from the image, which must be the user it runs as.
    dockerfile = (ROOT / "Dockerfile").read_text()
    owner = re.search(rf"install --directory --owner (\d+) {settings.tls_dir}", dockerfile)
    assert owner
    assert f"USER {owner[1]}" in dockerfile
    (shared,) = client["volumes"]
    assert shared.split(":")[0] == kept.split(":")[0] in compose["volumes"]
    assert f"{shared.split(':')[1]}/ca.pem" in client["command"]


def test_compose_is_accepted_by_docker() -> None:
    compose = ["docker", "compose"]
    if (
        not shutil.which("docker")
        or subprocess.run([*compose, "version"], capture_output=True, check=False).returncode
    ):
        pytest.skip("docker compose is not installed")
    subprocess.run([*compose, "-f", str(EXAMPLES / "compose.yaml"), "config", "--quiet"], check=True, timeout=60)


def test_github_actions_service_is_what_the_plugin_is_told() -> None:
    (job,) = yaml.safe_load((EXAMPLES / "github-actions.yml").read_text())["jobs"].values()
    (service,) = job["services"].values()
    assert service["ports"] == [f"{DEFAULT_PORT}:{DEFAULT_PORT}"]
    assert job["env"] == {"PYTEST_AILAB_MOCK_URL": f"http://127.0.0.1:{DEFAULT_PORT}"}
    assert any("./examples/pytest-ailab-mock" in step.get("run", "") for step in job["steps"])
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()


def test_kubernetes_alias_leads_to_the_service() -> None:
    (block,) = re.findall(r"```yaml\n(apiVersion.*?)```", HTTPS_PAGE, re.DOTALL)
    service, pod = yaml.safe_load_all(block)
    (alias,) = pod["spec"]["hostAliases"]
    assert alias == {"ip": service["spec"]["clusterIP"], "hostnames": [VENDOR_HOST]}
    assert service["spec"]["ports"] == [{"port": 443, "targetPort": DEFAULT_PORT}]
    deployment = yaml.safe_load((EXAMPLES / "kubernetes" / "deployment.yaml").read_text())
    assert service["spec"]["selector"].items() <= deployment["spec"]["template"]["metadata"]["labels"].items()


def test_testcontainers_starts_waits_and_removes(server: RunningServer, tmp_path: Path) -> None:
    """The real library against a fake engine whose container is our server."""
    shutil.copy(EXAMPLES / "test_with_testcontainers.py", tmp_path)
    with fake_docker_engine(server.port) as (address, calls):
        environ = {"DOCKER_HOST": address, "TESTCONTAINERS_HOST_OVERRIDE": "127.0.0.1"}
        environ |= {"TESTCONTAINERS_CONNECTION_MODE": "docker_host", "TESTCONTAINERS_RYUK_DISABLED": "true"}
        environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_with_testcontainers.py"]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stdout
    assert [call.split("?")[0] for call in calls if call.startswith(("POST", "DELETE"))] == [
        "POST /containers/create",
        "POST /containers/c1/start",
        "DELETE /containers/c1",
    ]


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the authority in `authority`, its certificate, and Java's trust store of it."""
    folder = tmp_path_factory.mktemp("trust")
    export = [sys.executable, "-m", "server.cli", "ca", "export", str(folder / "ca.pem")]
    subprocess.run([*export, "--tls-dir", str(folder / "authority")], cwd=ROOT, check=True, timeout=60)
    assert f"`{KEYTOOL}`" in HTTPS_PAGE
    if shutil.which("keytool"):
        subprocess.run(KEYTOOL.split(), cwd=folder, capture_output=True, check=True, timeout=60)
    return folder


@pytest.fixture(scope="module")
def tls_port(trust: Path) -> Iterator[int]:
    """Port of a server with --tls."""
    command = [sys.executable, "-m", "server.cli", "--port", "0", "--tls", "--tls-dir", str(trust / "authority")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    yield int(process.stdout.readline().rpartition(":")[2])
    with process:
        process.terminate()


needs_java = pytest.mark.skipif(
    not (shutil.which("java") and shutil.which("javac")), reason="a Java development kit is not installed"
)


@needs_java
def test_java_edits_over_plain_http(server: RunningServer, astronaut_jpeg: bytes, tmp_path: Path) -> None:
    """Java's client asks to upgrade to HTTP/2 on every plain request."""
    (tmp_path / "photo.jpg").write_bytes(astronaut_jpeg)
    words = ["java", str(EXAMPLES / "EditWithJava.java"), server.url]
    run_client(*words, str(tmp_path / "photo.jpg"), str(tmp_path / "old.jpg"))
    assert (tmp_path / "old.jpg").read_bytes().startswith(b"\xff\xd8\xff")


@needs_java
def test_java_trusts_the_authority_and_finds_the_host(
    tls_port: int, trust: Path, astronaut_jpeg: bytes, tmp_path: Path
) -> None:
    (tmp_path / "photo.jpg").write_bytes(astronaut_jpeg)
    (tmp_path / "hosts").write_text(f"127.0.0.1 {VENDOR_HOST}\n")
    options = [f"-Djdk.net.hosts.file={tmp_path}/hosts", f"-Djavax.net.ssl.trustStore={trust}/trust.p12"]
    options.append("-Djavax.net.ssl.trustStorePassword=changeit")
    words = [str(EXAMPLES / "EditWithJava.java"), f"https://{VENDOR_HOST}:{tls_port}"]
    out = run_client("java", *options, *words, f"{tmp_path}/photo.jpg", f"{tmp_path}/old.jpg")
    assert out == f"wrote {tmp_path}/old.jpg\n"
    assert (tmp_path / "old.jpg").read_bytes().startswith(b"\xff\xd8\xff")


def test_vendors_sdk_with_its_own_address_and_another_route(tls_port: int, trust: Path) -> None:
    """An unchanged client, as in a network that leads the vendor's name and port to the emulator."""
    patch = f"""
import asyncio, socket
found, connect = socket.getaddrinfo, asyncio.SelectorEventLoop.sock_connect
def resolve(host, port, *rest, **named):
    assert host in ("{VENDOR_HOST}", b"{VENDOR_HOST}") and port == 443
    return found("127.0.0.1", port, *rest, **named)
async def sock_connect(loop, sock, address):
    assert address == ("127.0.0.1", 443)
    await connect(loop, sock, ("127.0.0.1", {tls_port}))
socket.getaddrinfo, asyncio.SelectorEventLoop.sock_connect = resolve, sock_connect
"""
    environ = {"SSL_CERT_FILE": str(trust / "ca.pem")}
    assert run_client(sys.executable, "-c", patch + SDK_WITHOUT_ADDRESS, **environ) == "0\n"


def can_have_a_hosts_file() -> bool:
    probe = ["unshare", "--mount", "--net", "sh", "-c", "ip link set lo up && mount --bind /etc/hosts /etc/hosts"]
    tools = all(map(shutil.which, ("unshare", "ip", "mount", "curl")))
    return tools and subprocess.run(probe, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_have_a_hosts_file(), reason="needs root and namespaces, for a hosts file of its own")
def test_unchanged_clients_find_the_emulator_by_the_hosts_file(trust: Path, tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text(f"127.0.0.1 localhost {VENDOR_HOST}\n")
    (tmp_path / "sdk.py").write_text(SDK_WITHOUT_ADDRESS)
    address = f"https://{VENDOR_HOST}{CREDITS_PATH}"
    script = f"""
ip link set lo up
mount --bind {tmp_path}/hosts /etc/hosts
{sys.executable} -m server.cli --tls --tls-dir {trust}/authority --port 443 >&2 & server=$!
trap 'kill $server' EXIT
{sys.executable} -m server.cli healthcheck --wait --timeout 60 --tls --port 443 >&2
curl -sS --cacert {trust}/ca.pem -H 'ailabapi-api-key: k' {address} | grep -o '"error_code":0'
SSL_CERT_FILE={trust}/ca.pem {sys.executable} {tmp_path}/sdk.py
if command -v node >/dev/null; then
    NODE_EXTRA_CA_CERTS={trust}/ca.pem node -e "fetch('{address}', {{headers: {{'ailabapi-api-key': 'k'}}}})
        .then(answer => answer.json()).then(body => console.log('node', body.error_code))"
fi
"""
    out = run_client("unshare", "--mount", "--net", "sh", "-euc", script)
    assert out.splitlines()[:2] == ['"error_code":0', "0"]
    if shutil.which("node"):
        assert out.splitlines()[2] == "node 0"


def run_client(*words: str, **environ: Any) -> str:
    done = subprocess.run(
        words, cwd=ROOT, env={**os.environ, **environ}, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
