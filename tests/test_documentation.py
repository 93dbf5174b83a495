"""Documentation that is tested: tables against the code, links against the tree, and what must not be committed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import quality
import server
from docs.readme_tables import PAGES, TABLES, refreshed
from tests.conftest import ROOT


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tables_are_those_of_the_code(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "<!-- table: " in text
    assert refreshed(text) == text, "run python -m docs.readme_tables"


def test_every_table_is_shown() -> None:
    shown = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert set(re.findall(r"<!-- table: (\w+) -->", shown)) == set(TABLES)


def committed_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name]


def test_links_lead_somewhere() -> None:
    for page in committed_files():
        if page.suffix != ".md" or not page.exists():
            continue
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_python_files_that_pages_name_are_there() -> None:
    modules = {path.name for path in committed_files() if path.suffix == ".py"}
    for page in committed_files():
        if page.suffix == ".md" and page.exists():
            named = set(re.findall(r"`(?:[\w./]*/)?(\w+\.py)`", page.read_text(encoding="utf-8")))
            assert named <= modules, f"{page.name} names {named - modules}"


def test_the_map_of_quality_names_its_modules() -> None:
    modules = {path.stem for path in (ROOT / "quality").glob("[!_]*.py")}
    assert set(re.findall(r"^(\w+) +\S", quality.__doc__ or "", re.MULTILINE)) >= modules


def test_the_map_of_server_names_its_packages() -> None:
    packages = {path.parent.name for path in (ROOT / "server").glob("*/__init__.py")}
    assert set(re.findall(r"(\w+)/", server.__doc__ or "")) >= packages


def test_every_bench_is_told_of() -> None:
    told = (ROOT / "bench" / "README.md").read_text(encoding="utf-8")
    names = [
        path.stem for path in (ROOT / "bench").glob("[!_]*.py") if f"python -m bench.{path.stem}" in path.read_text()
    ]
    assert len(names) > 10
    assert [name for name in names if f"python -m bench.{name}" not in told] == []


def test_no_machine_path_and_no_package_index_is_committed() -> None:
    forbidden = re.compile(rb"/wor[k]/|/roo[t]/|files\.pythonhosted\.or[g]|pypi\.or[g]/simple|/opt/pyp[i]")
    for path in committed_files():
        if path.exists() and path.suffix not in (".task", ".onnx", ".tflite", ".npz"):
            assert not forbidden.search(path.read_bytes()), path


def test_readme_says_first_that_the_project_is_independent() -> None:
    assert "independent project" in "".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:5])
