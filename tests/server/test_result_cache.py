"""Identical requests: edited once, paid each time, never mixed up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from quality.face import BoundingBox
from quality.thresholds import QualityControl
from server.call.trace import Trace
from server.contract.errors import ApiError, content_refusal
from server.operation.form import EditRequest
from server.operation.pipeline import Edited
from server.operation.result_cache import ResultCache
from tests.conftest import CREDITS_PATH, RunningServer
from transforms.plan.action import Action

REQUEST = EditRequest(b"file", Action.V2_AGE, 40, QualityControl.LOW, None)


def outcome(size: int) -> Edited:
    return Edited(bytes(size), None, Trace({"edit": 100.0}))


def test_what_differs_in_anything_is_another_request() -> None:
    cache = ResultCache(10**6)
    kept = outcome(10)
    cache.put("digest", REQUEST, kept)
    found = cache.get("digest", replace(REQUEST, picture_file=b"the same by its digest"))
    assert found is not None
    assert found.result == kept.result
    assert list(found.trace.step_ms) == ["cache"]
    assert list(kept.trace.step_ms) == ["edit"]
    others = {"target": 41, "action": Action.TO_OLD, "quality_control": QualityControl.HIGH}
    for name, value in (*others.items(), ("face_location", BoundingBox(1, 2, 3, 4))):
        assert cache.get("digest", replace(REQUEST, **{name: value})) is None
    assert cache.get("another digest", REQUEST) is None


def test_what_was_used_longest_ago_leaves_first_and_the_budget_holds() -> None:
    cache = ResultCache(50_000)
    for name in ("a", "b", "c"):
        cache.put(name, REQUEST, outcome(10_000))
    cache.get("a", REQUEST)
    cache.put("d", REQUEST, outcome(10_000))
    assert cache.held_bytes <= 50_000
    assert [name for name in "abcd" if cache.get(name, REQUEST)] == ["a", "c", "d"]
    cache.put("too large", REQUEST, outcome(50_000))
    assert cache.get("too large", REQUEST) is None
    assert cache.get("d", REQUEST)


def test_a_refusal_gathers_no_tracebacks() -> None:
    refused = Edited(b"", content_refusal("face", "no face"), Trace())
    lengths = []
    for _ in range(3):
        with pytest.raises(ApiError) as caught:
            refused.picture()
        lengths.append(len(caught.traceback))
    assert len(set(lengths)) == 1


def test_each_identical_call_is_paid_and_recorded(
    new_server: Callable[..., RunningServer], astronaut_jpeg: bytes
) -> None:
    server = new_server("--credits", "80", "--result-cache-bytes", "1000000")
    answers = [server.edit(astronaut_jpeg, key=key, action_type="TO_MALE") for key in ("one", "one", "two")]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({answer.headers["X-Mock-Result-Digest"] for answer in answers}) == 1
    assert len({answer.json()["request_id"] for answer in answers}) == 3
    for key, left in (("one", 64), ("two", 72)):
        balances = httpx.get(server.url + CREDITS_PATH, headers={"ailabapi-api-key": key}).json()["data"]
        assert str(left) in str(balances)
    calls = httpx.get(server.url + "/__mock/requests", params={"key": "one", "action": "TO_MALE"}).json()["requests"]
    assert sorted("cache" in call["step_ms"] for call in calls) == [False, True]


def test_off_by_flag_as_in_all_other_tests(new_server: Callable[..., RunningServer], astronaut_jpeg: bytes) -> None:
    server = new_server()
    for _ in range(2):
        assert server.edit(astronaut_jpeg, key="k", action_type="TO_MALE").status_code == 200
    calls = httpx.get(server.url + "/__mock/requests", params={"key": "k"}).json()["requests"]
    assert ["edit" in call["step_ms"] for call in calls] == [True, True]
