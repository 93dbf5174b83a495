"""The software bill of materials, CycloneDX 1.6, made from lock file and THIRD_PARTY.md: `python -m docs.sbom`.

It travels in the wheel (PEP 770). The same inputs give the same bytes: no time, no random serial number. What is
listed is what a container holds: the packages of `requirements-postgres.lock`, and the carried model files.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "sbom.cdx.json"
FULL_LOCK, BASE_LOCK = ROOT / "requirements-postgres.lock", ROOT / "requirements.lock"
THIRD_PARTY = ROOT / "THIRD_PARTY.md"


@dataclass(frozen=True)
class Package:
    """One line of a lock file: `marker` says for which machines, empty for all."""

    name: str
    version: str
    marker: str = ""


def locked_packages(lock: Path) -> list[Package]:
    """Return the packages of a lock file, in its order."""
    pattern = re.compile(r"^([a-z0-9._-]+)==(\S+)(?: ; (.*?))? \\$", re.MULTILINE)
    return [Package(*(found or "" for found in match)) for match in pattern.findall(lock.read_text(encoding="utf-8"))]


def table_after(heading: str) -> Iterator[list[str]]:
    """Return the rows of the first table below a heading of THIRD_PARTY.md, without its head."""
    text = THIRD_PARTY.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return ([cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:])


def package_licenses() -> dict[str, str]:
    """Return package -> SPDX expression, from THIRD_PARTY.md."""
    return {name: spdx for name, spdx, *_ in table_after("Installed with it")}


def carried_files() -> dict[Path, str]:
    """Return carried file -> SPDX expression, from THIRD_PARTY.md."""
    return {
        ROOT / name: spdx
        for _, where, spdx, *_ in table_after("Carried in the repository")
        for name in re.findall(r"`([^`]+)`", where)
    }


def bill_of_materials() -> str:
    """Return the whole document as JSON text."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages, licenses = locked_packages(FULL_LOCK), package_licenses()
    base = {package.name for package in locked_packages(BASE_LOCK)}
    itself = {
        "type": "application",
        "bom-ref": project["name"],
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"expression": project["license"]}],
        "purl": f"pkg:pypi/{project['name']}@{project['version']}",
    }
    components = [
        *(_package_component(package, licenses[package.name], package.name in base) for package in packages),
        *(_file_component(path, spdx) for path, spdx in sorted(carried_files().items())),
    ]
    references = [component["bom-ref"] for component in components]
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([itself, components], sort_keys=True))
    lock_digest = hashlib.sha256(FULL_LOCK.read_bytes()).hexdigest()
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": itself,
            "properties": [{"name": f"sha256 of {FULL_LOCK.name}", "value": lock_digest}],
        },
        "components": components,
        "dependencies": [{"ref": project["name"], "dependsOn": references}],
    }
    return json.dumps(document, indent=1) + "\n"


def _package_component(package: Package, spdx: str, is_required: bool) -> dict[str, object]:
    purl = f"pkg:pypi/{package.name}@{package.version}"
    marker = {"properties": [{"name": "marker", "value": package.marker}]} if package.marker else {}
    return {
        "type": "library",
        "bom-ref": purl,
        "name": package.name,
        "version": package.version,
        "scope": "required" if is_required else "optional",
        "licenses": [{"expression": spdx}],
        "purl": purl,
        **marker,
    }


def _file_component(path: Path, spdx: str) -> dict[str, object]:
    name = path.relative_to(ROOT).as_posix()
    return {
        "type": "file",
        "bom-ref": name,
        "name": name,
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
        "licenses": [{"expression": spdx}],
    }


def main() -> None:
    """Write the document."""
    PAGE.write_text(bill_of_materials(), encoding="utf-8")


if __name__ == "__main__":
    main()
