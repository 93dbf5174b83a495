"""What is installed and carried is pinned, listed with its license, and built the same everywhere."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from docs.sbom import BASE_LOCK, FULL_LOCK, PAGE, bill_of_materials, carried_files, locked_packages, package_licenses
from quality.model_files import MODEL_SHA256
from tests.conftest import ROOT
from tests.test_documentation import committed_files

LOCKS = sorted(ROOT.glob("requirements*.lock"))
BINARY = {".onnx", ".task", ".tflite", ".npz", ".webp", ".woff2"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_everything_is_pinned_by_hash(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) == len(locked_packages(lock)) > 4
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9._-]+==\S+( ; [^\\]+)? \\(\n    --hash=sha256:[0-9a-f]{64}( \\)?)+", entry), (
            entry
        )


def test_locks_agree() -> None:
    """What is tested is what is shipped."""
    shipped = {package.name: package.version for package in locked_packages(FULL_LOCK)}
    for lock in LOCKS:
        for package in locked_packages(lock):
            assert shipped.get(package.name, package.version) == package.version, (lock.name, package)
    base, full = ({package.name for package in locked_packages(lock)} for lock in (BASE_LOCK, FULL_LOCK))
    assert base < full


def test_third_party_lists_every_package_with_its_own_license() -> None:
    licenses = package_licenses()
    assert list(licenses) == [package.name for package in locked_packages(FULL_LOCK)]
    checked = 0
    for package in locked_packages(FULL_LOCK):
        if package.marker and not _is_installed(package.name):
            continue
        metadata = importlib.metadata.metadata(package.name)
        assert metadata["Version"] == package.version
        stated = metadata.get("License-Expression") or metadata.get("License")
        assert stated.replace("Apache 2.0", "Apache-2.0") == licenses[package.name], package.name
        checked += 1
    assert checked > 20


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def test_third_party_names_every_binary_file_of_the_packages() -> None:
    text = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    found = 0
    for path in committed_files():
        name = path.relative_to(ROOT)
        if path.suffix in BINARY and name.parts[0] in ("server", "transforms", "quality"):
            assert f"`{name}`" in text or f"`{name.parent}/`" in text, name
            found += 1
    assert found > 10
    assert {path.name for path in carried_files()} >= set(MODEL_SHA256) - {"face_cover_unet.onnx", "hair_unet.onnx"}
    assert all(path.is_file() for path in carried_files())


def test_bill_of_materials_is_that_of_the_lock_file() -> None:
    assert PAGE.read_text(encoding="utf-8") == bill_of_materials(), "run python -m docs.sbom"
    document = json.loads(bill_of_materials())
    listed = {(part["name"], part.get("version")) for part in document["components"] if part["type"] == "library"}
    assert listed == {(package.name, package.version) for package in locked_packages(FULL_LOCK)}
    hashes = {part["name"]: part["hashes"][0]["content"] for part in document["components"] if "hashes" in part}
    for name, digest in MODEL_SHA256.items():
        assert hashes.get(f"quality/models/{name}", digest) == digest
    references = [part["bom-ref"] for part in document["components"]]
    assert len(set(references)) == len(references)
    assert document["dependencies"][0]["dependsOn"] == references


def test_wheel_is_the_same_wherever_and_whenever_it_is_built(tmp_path: Path) -> None:
    wheels = [_wheel(tmp_path / "one", 0o644, 1e9), _wheel(tmp_path / "another" / "deeper", 0o664, 1.5e9)]
    assert wheels[0].read_bytes() == wheels[1].read_bytes()
    with zipfile.ZipFile(wheels[0]) as wheel:
        names = wheel.namelist()
        (sbom,) = (name for name in names if ".dist-info/sboms/" in name)
        assert wheel.read(sbom) == PAGE.read_bytes()
    for needed in ("server/cli.py", "quality/models/face_landmarker.task", "transforms/data/prototypes.npz"):
        assert needed in names
    assert not [name for name in names if name.startswith(("tests/", "bench/")) or name.endswith(".pyc")]


def _wheel(folder: Path, mode: int, time_s: float) -> Path:
    """Build a copy of the tree, its files of another mode and time."""
    for path in committed_files():
        name = path.relative_to(ROOT)
        if path.is_file() and (len(name.parts) == 1 or name.parts[0] in ("server", "quality", "transforms", "docs")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)
            (folder / name).chmod(mode)
            os.utime(folder / name, (time_s, time_s))
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder / "out")]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    (wheel,) = (folder / "out").glob("*.whl")
    return wheel
