"""Imports point one way: server -> transforms -> quality; the web framework stays in server, MediaPipe outside."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

MAY_NOT_IMPORT = {
    "quality": {"transforms", "server", "fastapi", "starlette", "uvicorn", "pydantic", "mediapipe"},
    "transforms": {"server", "fastapi", "starlette", "uvicorn", "pydantic", "mediapipe"},
    "server": {"mediapipe"},
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("package", MAY_NOT_IMPORT)
def test_imports_point_one_way(package: str) -> None:
    modules = sorted((ROOT / package).rglob("*.py"))
    assert modules
    for path in modules:
        assert not MAY_NOT_IMPORT[package] & set(imported(path)), path


def test_nothing_reads_the_environment_at_import_time() -> None:
    for package in MAY_NOT_IMPORT:
        for path in (ROOT / package).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            top = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
            code = "\n".join(ast.unparse(node) for node in top)
            assert not re.search(r"os\.environ|getenv", code), path


@pytest.mark.parametrize("layer", ["server", "transforms"])
def test_no_packages_of_a_layer_import_each_other_in_a_circle(layer: str) -> None:
    uses: dict[str, set[str]] = {}
    for path in (ROOT / layer).glob("*/*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and re.match(rf"{layer}\.\w+\.", node.module or ""):
                uses.setdefault(path.parent.name, set()).add(str(node.module).split(".")[1])
    assert len(uses) > 5

    def reached(package: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
        for used in uses.get(package, set()) - {package} - seen:
            seen = reached(used, seen | {used})
        return seen

    assert {package for package in uses if package in reached(package)} == set()
