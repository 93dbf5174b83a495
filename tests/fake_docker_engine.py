"""As much of a Docker engine's interface as Testcontainers needs, with one container: a server that already runs."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CONTAINER_PORT = 18463


@contextmanager
def fake_docker_engine(host_port: int) -> Iterator[tuple[str, list[str]]]:
    """Serve an engine whose container publishes `CONTAINER_PORT` as `host_port`.

    Yields
    ------
    str, list of str
        Its address for DOCKER_HOST, and the calls it has answered.
    """
    calls: list[str] = []
    ports = {f"{CONTAINER_PORT}/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(host_port)}]}
    network = {"Networks": {"bridge": {"Gateway": "127.0.0.1"}}}
    running = {"Id": "c1", "Name": "/c1", "State": {"Status": "running", "Running": True}, "Config": {"Labels": {}}}
    running |= {"HostConfig": {"NetworkMode": "bridge"}, "NetworkSettings": {"Ports": ports, **network}}
    listed = {"Id": "c1", "Ports": [{"PrivatePort": CONTAINER_PORT, "PublicPort": host_port, "Type": "tcp"}]}
    listed |= {"HostConfig": {"NetworkMode": "bridge"}, "NetworkSettings": network}
    answers: tuple[tuple[str, int, Any], ...] = (
        (r"GET /version", 200, {"ApiVersion": "1.44", "MinAPIVersion": "1.24", "Version": "28"}),
        (r"GET /images/.*/json", 200, {"Id": "sha256:1", "RepoTags": ["ailab-mock:latest"]}),
        (r"GET /networks", 200, []),
        (r"GET /containers/json", 200, [listed]),
        (r"POST /containers/create", 201, {"Id": "c1", "Warnings": []}),
        (r"GET /containers/c1/json", 200, running),
        (r"(POST|DELETE) /containers/c1", 204, None),
    )

    class Engine(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            call = f"{self.command} {re.sub(r'^/v[0-9.]+', '', self.path)}"
            calls.append(call)
            found = (row for row in answers if re.match(row[0], call))
            _, status, data = next(found, ("", 404, {"message": f"not here: {call}"}))
            body = b"" if data is None else json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Engine) as engine:
        thread = threading.Thread(target=engine.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{engine.server_address[1]}", calls
        finally:
            engine.shutdown()
            thread.join()
