"""The admin interface with what no tool should send: a clear 4xx, nothing kept, nothing repeated."""

from __future__ import annotations

import dataclasses

import httpx
import pytest

from server.admin.bounded_input import MAX_ADMIN_BODY_BYTES
from server.admin.models import EntryFilter
from server.journal.entries import Filter
from tests.conftest import CREDITS_PATH, RunningServer

JSON = {"content-type": "application/json"}

TENANT_CHANGES = [
    *(b"", b"{", b"null", b"[]", b"\xff\xfe", b'"a"', b"[" * 100_000, b'{"a":' * 50_000, b'{"\\ud800":1}'),
    *(b'{"credits":1e999}', b'{"credits":NaN}', b'{"credits":-1}', b'{"credits":' + b"9" * 5000 + b"}"),
    *(b'{"seed":' + b"9" * 4000 + b"}", b'{"seed":1e400}', b'{"latency":{"ms":NaN}}', b'{"latency":{"ms":Infinity}}'),
    *(b'{"latency":{"ms":1,"sigma":NaN}}', b'{"limits":{"per_second":' + b"9" * 400 + b"}}", b'{"unknown":1}'),
    b'{"faults":[{"kind":"connection_reset","probability":NaN}]}',
    b'{"faults":[' + b",".join([b'{"kind":"bad_gateway"}'] * 101) + b"]}",
    b'{"scenarios":["\\ud800"]}',
    b'{"scenarios":["' + b"x" * 1_000_000 + b'"]}',
    b'{"locked":"\\u0000"}',
]

OTHERS = [
    ("POST", "/clock", b'{"key":"\\ud800","advance_s":1}'),
    ("POST", "/clock", b'{"key":"k","advance_s":NaN}'),
    ("POST", "/clock", b'{"key":"k","advance_s":1e999}'),
    ("POST", "/reset", b'{"key":"\\ud800"}'),
    ("POST", "/reset", b'{"key":"\\u0000"}'),
    ("POST", "/reset", b'{"key":"' + b"k" * 257 + b'"}'),
    ("POST", "/verify", b'{"at_least":1e30}'),
    ("POST", "/verify", b'{"in_order":[' + b",".join([b"{}"] * 1001) + b"]}"),
    ("POST", "/verify", b'{"filter":{"key":"\\ud800"}}'),
    ("GET", "/tenants/%00", b""),
    ("GET", "/tenants/" + "k" * 257, b""),
    ("GET", "/requests?limit=99999999999999999999999", b""),
    ("GET", "/requests?limit=-1", b""),
    ("GET", "/requests?unknown=1", b""),
    ("GET", "/requests?key=%00", b""),
    ("GET", "/requests/%00", b""),
    ("GET", "/requests/x/y/z", b""),
    ("GET", "/verdict", b""),
    ("DELETE", "/tenants", b""),
]


def send(
    server: RunningServer, method: str, path: str, body: bytes, headers: dict[str, str] = JSON
) -> httpx.Response:
    return httpx.request(method, f"{server.url}/__mock{path}", content=body, headers=headers, timeout=30)


@pytest.mark.parametrize("body", TENANT_CHANGES, ids=lambda body: body[:40].decode("latin-1"))
def test_a_bad_change_is_refused_and_changes_nothing(server: RunningServer, body: bytes) -> None:
    before = send(server, "GET", "/tenants/admin-fuzz", b"").json()
    for headers in (JSON, {"content-type": "text/plain"}, {}):
        answer = send(server, "PATCH", "/tenants/admin-fuzz", body, headers)
        assert answer.status_code in (400, 422), answer.text
        assert answer.json()["detail"]
        assert len(answer.content) < 10_000
    after = send(server, "GET", "/tenants/admin-fuzz", b"").json()
    assert {**after, "clock_s": 0} == {**before, "clock_s": 0}


@pytest.mark.parametrize(("method", "path", "body"), OTHERS, ids=lambda value: str(value)[:40])
def test_other_bad_requests(server: RunningServer, method: str, path: str, body: bytes) -> None:
    answer = send(server, method, path, body)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["detail"]


def test_filters_of_the_edge_are_those_of_the_journal() -> None:
    """Checked at the edge, frozen within: two classes, one list of members."""
    assert list(EntryFilter.model_fields) == [member.name for member in dataclasses.fields(Filter)]


def test_a_body_without_measure(server: RunningServer) -> None:
    answer = send(server, "PATCH", "/tenants/admin-fuzz", b" " * (MAX_ADMIN_BODY_BYTES + 1))
    assert answer.status_code == 413


def test_a_clock_stays_within_the_calendar(server: RunningServer) -> None:
    advance = b'{"key":"far","advance_s":9e9}'
    assert send(server, "POST", "/clock", advance).status_code == 200
    assert send(server, "POST", "/clock", advance).status_code == 422
    assert httpx.get(server.url + CREDITS_PATH, headers={"ailabapi-api-key": "far"}).status_code == 200
    (entry,) = send(server, "GET", "/requests.har?key=far", b"").json()["log"]["entries"]
    assert entry["startedDateTime"].startswith("23")
