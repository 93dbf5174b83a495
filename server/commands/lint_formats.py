"""Findings as text: csv, json, a table for the terminal, JUnit XML for CI."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence

from server.commands.lint import COLUMNS, Finding, photo_count
from server.commands.lint_page import as_html


def as_csv(findings: Sequence[Finding]) -> str:
    """Return one row a photo; `status` is empty or the error code."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("file", *COLUMNS, "status"))
    for finding in findings:
        writer.writerow((finding.file, *(finding.values.get(name, "") for name in COLUMNS), finding.status))
    return stream.getvalue()


def as_json(findings: Sequence[Finding]) -> str:
    """Return a list of photos with values, codes at each level and every check explained."""
    data = [
        {
            "file": finding.file,
            **finding.values,
            "status": finding.status,
            "why": finding.why,
            "status_at": finding.status_at,
            "explanation": finding.explanation.as_data() if finding.explanation else None,
        }
        for finding in findings
    ]
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def as_table(findings: Sequence[Finding]) -> str:
    """Return aligned columns, the levels that each photo passes, and the status with its reason."""
    names = [_one_line(finding.file) for finding in findings]
    width = max([len(name) for name in names] + [4])
    lines = [f"{'file':{width}} " + " ".join(f"{name[:7]:>7}" for name in COLUMNS) + "  passes at        status"]
    for name, finding in zip(names, findings, strict=True):
        values = finding.values
        cells = " ".join(f"{values[column]:7.2f}" if values else f"{'-':>7}" for column in COLUMNS)
        passes = " ".join(level for level, code in finding.status_at.items() if not code) or "-"
        why = f" ({finding.why})" if finding.why else ""
        lines.append(f"{name:{width}} {cells}  {passes:<15}  {finding.status or 'ok'}{why}")
    refused = sum(bool(finding.status) for finding in findings)
    lines.append(f"{photo_count(findings)}, {refused} refused")
    return "\n".join(lines) + "\n"


def as_junit(findings: Sequence[Finding]) -> str:
    """Return a JUnit test suite: one case a photo, a refusal is a failure."""
    refused = [finding for finding in findings if finding.status]
    attributes = {"name": "ailab-mock quality", "tests": str(len(findings)), "failures": str(len(refused))}
    suite = ET.Element("testsuite", attributes)
    for finding in findings:
        case = ET.SubElement(suite, "testcase", {"classname": "photo", "name": _one_line(finding.file)})
        if finding.status:
            message = _one_line(finding.why or finding.status)
            failure = ET.SubElement(case, "failure", {"type": finding.status, "message": message})
            failure.text = "\n".join(f"{level}: {code or 'ok'}" for level, code in finding.status_at.items())
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _one_line(text: str) -> str:
    """Replace what a table or XML 1.0 cannot carry: file names may hold anything but NUL and slash."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


FORMATS: dict[str, Callable[[Sequence[Finding]], str]] = {
    "table": as_table,
    "csv": as_csv,
    "json": as_json,
    "junit": as_junit,
    "html": as_html,
}
