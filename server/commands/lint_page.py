"""Findings as one self-contained HTML page with thumbnails, to send to a colleague."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import PurePath

from quality.gate import LEVELS, Verdict
from quality.thresholds import Direction, QualityControl
from server.commands.lint import Finding, photo_count

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #cf222e; --soft: #8882; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0 0 .3rem; } p { margin: .3rem 0; }
.photo { display: flex; gap: 1.2rem; border-top: 1px solid var(--line); padding: 1.1rem 0; flex-wrap: wrap; }
.photo > figure { margin: 0; width: 13rem; flex: none; }
.photo img { max-width: 100%; border-radius: 6px; display: block; }
.photo .none { height: 8rem; border: 1px dashed var(--line); border-radius: 6px; }
.photo > div { flex: 1; min-width: 20rem; }
h2 { font-size: 1rem; margin: 0 0 .3rem; overflow-wrap: anywhere; }
.ok { color: var(--good); } .refused { color: var(--bad); } code { font-size: .9em; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin-top: .5rem; }
td, th { padding: .1rem .7rem .1rem 0; text-align: left; font-weight: normal; white-space: nowrap; }
th { opacity: .65; } td.number { text-align: right; }
.bar { display: inline-block; width: 9rem; height: .55rem; background: var(--soft); border-radius: 3px; }
.bar > i { display: block; height: 100%; border-radius: 3px; background: var(--good); }
.over .bar > i { background: var(--bad); }
summary { cursor: pointer; margin-top: .4rem; }
"""


def as_html(findings: Sequence[Finding]) -> str:
    """Return the page; file names are untrusted text."""
    refused = Counter(finding.status for finding in findings if finding.status)
    control = findings[0].control if findings else QualityControl.NONE
    summary = f"{photo_count(findings)}, {sum(refused.values())} refused at <b>{control}</b>."
    codes = "".join(f"<li>{count} &times; <code>{escape(code)}</code></li>" for code, count in refused.most_common())
    photos = "\n".join(_photo(finding) for finding in findings)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Photo quality</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style></head><body>\n<h1>Photo quality</h1>\n<p>{summary}</p><ul>{codes}</ul>\n"
        f"<main>\n{photos}\n</main>\n<p>Made by ailab-mock, independent of AILabTools.</p></body></html>\n"
    )


def _photo(finding: Finding) -> str:
    name = escape(PurePath(finding.file).name)
    picture = '<div class="none"></div>'
    if finding.thumbnail:
        picture = f'<img alt="{name}" src="data:image/jpeg;base64,{finding.thumbnail}">'
    state = f'<b class="refused">{escape(finding.status)}</b>' if finding.status else '<b class="ok">accepted</b>'
    reason = f"<p>{escape(finding.why)}</p>" if finding.why else ""
    levels = ", ".join(_level(str(level), finding.status_at.get(level, "")) for level in LEVELS)
    checks = ""
    if finding.explanation:
        rows = "".join(_row(verdict) for verdict in finding.explanation.verdicts)
        head = "".join(f"<th>{title}</th>" for title in ("measure", "value", "", *LEVELS))
        opened = " open" if finding.status else ""
        checks = f"<details{opened}><summary>13 measures</summary><table><tr>{head}</tr>{rows}</table></details>"
    return (
        f'<section class="photo"><figure>{picture}</figure><div><h2 title="{escape(finding.file)}">{name}</h2>'
        f"<p>{state}</p>{reason}<p>{levels}</p>{checks}</div></section>"
    )


def _level(level: str, code: str) -> str:
    return f'{level}: <span class="{"refused" if code else "ok"}">{escape(code) or "ok"}</span>'


def _row(verdict: Verdict) -> str:
    measure = verdict.measure
    low, high = measure.scope
    value = abs(verdict.value) if measure.direction is Direction.WITHIN else verdict.value
    share = min(max((value - max(low, 0)) / (high - max(low, 0)), 0), 1)
    limits = "".join(
        f'<td class="number {"ok" if level in verdict.passes_at else "refused"}">{measure.limit(level):g}</td>'
        for level in LEVELS
    )
    over = "" if verdict.passed else ' class="over"'
    return (
        f'<tr{over}><td>{escape(measure.label)}</td><td class="number">{verdict.value:.2f}</td>'
        f'<td><span class="bar"><i style="width:{share * 100:.0f}%"></i></span></td>{limits}</tr>'
    )
