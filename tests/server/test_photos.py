"""The pack of generated pictures is the suite's own conformance test: each is answered as its design asks."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from quality.thresholds import MEASURES, QualityControl
from server.commands.photos import MANIFEST, write_photos
from server.contract.errors import CONTENT_REFUSALS
from tests.conftest import EDIT_PATH, ROOT, RunningServer

LEVELS = [str(level) for level in QualityControl]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    assert write_photos(str(folder), 0) == 0
    return folder


@pytest.fixture(scope="module")
def manifest(pack: Path) -> list[dict[str, Any]]:
    pictures: list[dict[str, Any]] = json.loads((pack / MANIFEST).read_text())["pictures"]
    return pictures


def test_the_manifest_lists_every_file(pack: Path, manifest: list[dict[str, Any]]) -> None:
    assert f"writes {len(manifest)} generated pictures" in (ROOT / "docs" / "photos.md").read_text()
    assert {entry["file"] for entry in manifest} | {MANIFEST} == {path.name for path in pack.iterdir()}
    for entry in manifest:
        assert hashlib.sha256((pack / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        assert list(entry["expected"]) == LEVELS


def test_every_content_error_has_a_picture_and_every_limit_one_between(manifest: list[dict[str, Any]]) -> None:
    asked = {answer["codes"][0] for entry in manifest for answer in entry["expected"].values()}
    assert {code for code, _ in CONTENT_REFUSALS.values()} <= asked
    for measure in MEASURES:
        if measure.name == "completeness":
            continue
        code = CONTENT_REFUSALS[measure.short_name][0]
        refused_at = {
            tuple(level for level in LEVELS[1:] if entry["expected"][level]["codes"][0] == code) for entry in manifest
        }
        assert {("HIGH",), ("NORMAL", "HIGH")} <= refused_at, measure.name


# 304 edits and refusals: some 25 seconds, but four times that on a crowded machine.
@pytest.mark.timeout(600)
def test_every_picture_is_answered_as_its_design_asks(
    server: RunningServer, pack: Path, manifest: list[dict[str, Any]]
) -> None:
    def answer(client: httpx.Client, entry: dict[str, Any], level: str) -> tuple[int, str]:
        form = entry["fields"] | {"quality_control": level}
        files = {"image": (entry["file"], (pack / entry["file"]).read_bytes())}
        headers = {"ailabapi-api-key": "photos"}
        response = client.post(server.url + EDIT_PATH, headers=headers, data=form, files=files)
        return response.status_code, response.json()["error_detail"]["code"]

    asked = [(entry, level) for entry in manifest for level in LEVELS]
    with httpx.Client(timeout=60) as client, ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: answer(client, *one), asked))
    wrong = [
        f"{entry['file']} at {level}: {status} {code or 'ok'}, expected {entry['expected'][level]}"
        for (entry, level), (status, code) in zip(asked, answers, strict=True)
        if status != entry["expected"][level]["status"] or code not in entry["expected"][level]["codes"]
    ]
    assert not wrong, "\n".join(wrong)


def test_a_seed_gives_the_same_files_and_another_other_people(pack: Path, tmp_path: Path) -> None:
    from server.pack.faces import face_pictures

    again, other = (next(face_pictures(seed, lambda _: ())) for seed in (0, 1))
    assert (pack / again.file).read_bytes() == again.content
    assert again.file == other.file
    assert again.content != other.content
