"""Warm means warm: after the rehearsal no request draws more than the pigment of old skin."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import threading
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

import quality
import transforms
from quality.thresholds import QualityControl
from server.call.trace import Trace
from server.operation.form import EditRequest
from server.operation.pipeline import edit_pixels
from server.pixels import workers as workers_module
from server.pixels.analyzer import Analyzer
from server.pixels.rehearsal import draw_ahead, rehearse
from server.pixels.workers import PixelWorkers
from transforms.face.face_window import PATTERNS
from transforms.plan.action import Action


def _tables():
    """Every function of the packages that keeps what it made."""
    packages: tuple[ModuleType, ...] = (quality, transforms)
    for package in packages:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for name, function in vars(module).items():
                if hasattr(function, "cache_info") and function.__module__ == module.__name__:
                    yield f"{module.__name__}.{name}", function


@pytest.fixture
def rehearsed():
    for _, table in _tables():
        table.cache_clear()
    analyzer = Analyzer()
    draw_ahead()
    rehearse(analyzer)
    yield analyzer
    analyzer.close()


def test_no_edit_draws_a_table_after_the_rehearsal(rehearsed, astronaut, monkeypatch):
    before = {name: table.cache_info().misses for name, table in _tables()}
    for layer in ("mottle_layer", "spot_layer"):
        assert before.pop(f"transforms.skin.spots.{layer}") == 0
    assert before["transforms.face.prototypes.prototypes"] == 1
    for pattern in range(PATTERNS):
        monkeypatch.setattr("transforms.edit.pattern_of", lambda _, pattern=pattern: pattern)
        edit_pixels(EditRequest(b"", Action.TO_OLD, None, QualityControl.LOW, None), astronaut, Trace(), rehearsed)
    for action in (Action.TO_KID, Action.TO_FEMALE, Action.TO_MALE):
        edit_pixels(EditRequest(b"", action, None, QualityControl.LOW, None), astronaut, Trace(), rehearsed)
    assert {name: table.cache_info().misses for name, table in _tables() if name in before} == before


def test_two_threads_share_a_detector_and_all_share_the_other_nets(monkeypatch):
    monkeypatch.setattr(workers_module, "SharedNets", object)
    monkeypatch.setattr(workers_module, "Analyzer", lambda nets, detector: (nets, detector))
    together = threading.Barrier(5)
    pool = PixelWorkers(5)
    loaded = [pool.submit(lambda analyzer: (together.wait(timeout=30), analyzer)[1]) for _ in range(5)]
    nets, detectors = zip(*(future.result(timeout=30) for future in loaded), strict=True)
    pool.close()
    assert len(set(map(id, nets))) == 1
    assert sorted(detectors.count(detector) for detector in set(detectors)) == [1, 2, 2]


def test_pictures_after_a_rest_are_those_before(rehearsed, astronaut):
    request = EditRequest(b"", Action.TO_OLD, None, QualityControl.LOW, None)
    before = edit_pixels(request, astronaut, Trace(), rehearsed)
    rehearsed.rest()
    assert np.array_equal(edit_pixels(request, astronaut, Trace(), rehearsed), before)


def test_nets_rest_once_nobody_edits(monkeypatch):
    rests = []
    monkeypatch.setattr(workers_module, "REST_SECONDS", 0.02)
    monkeypatch.setattr(workers_module, "SharedNets", object)
    monkeypatch.setattr(workers_module, "FaceDetector", object)
    monkeypatch.setattr(
        workers_module, "Analyzer", lambda *_: SimpleNamespace(rest=lambda: rests.append(threading.get_ident()))
    )

    async def main():
        pool = PixelWorkers(2)
        ended = threading.Event()
        long = asyncio.create_task(pool.run(lambda _: ended.wait(timeout=30), 60))
        await pool.run(lambda _: None, 60)
        await asyncio.sleep(0.1)
        assert not rests
        ended.set()
        assert await long
        while not rests:
            await asyncio.sleep(0.01)
        assert threading.get_ident() not in rests
        pool.close()

    asyncio.run(main())
