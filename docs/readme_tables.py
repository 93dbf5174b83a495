"""The tables of README.md and docs/errors.md, made from the code: `python -m docs.readme_tables` rewrites them.

A test compares them, so documentation and code cannot part.
"""

from __future__ import annotations

import re
from pathlib import Path

from quality.thresholds import MEASURES
from server.contract.error_table import ERROR_TABLE
from server.contract.errors import CONTENT_REFUSALS
from server.operation.form import TARGET_RANGES
from server.operation.openapi import edit_refusals
from server.settings_table import SETTINGS
from transforms.plan.action import Action

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "docs" / "errors.md")

ACTION_TEXTS = {
    Action.TO_KID: "becomes a child",
    Action.TO_OLD: "becomes old",
    Action.TO_FEMALE: "becomes female",
    Action.TO_MALE: "becomes male",
    Action.V2_AGE: "takes the age `target`",
    Action.V2_GENDER: "takes the gender `target`: 0 male, 1 female",
}


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def settings_table() -> str:
    """Return every setting with flag, variable, default and meaning."""
    rows = []
    for setting in SETTINGS:
        default = "" if setting.is_switch or setting.default in (None, ()) else f"`{setting.default}`"
        rows.append((f"`{setting.flag}`", f"`{setting.variable}`", default, setting.help))
    return _table(("flag", "variable", "default", "meaning"), rows)


def actions_table() -> str:
    """Return every action with its target."""
    rows = []
    for action in Action:
        low_high = TARGET_RANGES.get(action)
        target = "{}..{}".format(*low_high) if low_high else "ignored"
        rows.append((f"`{action}`", target, ACTION_TEXTS[action]))
    return _table(("`action_type`", "`target`", "the face"), rows)


def thresholds_table() -> str:
    """Return the 13 measures in their order with limits and codes."""
    rows = []
    for number, measure in enumerate(MEASURES, 1):
        limits = tuple(f"{limit:g}" for limit in (measure.low, measure.normal, measure.high))
        code = CONTENT_REFUSALS[measure.short_name][0]
        rows.append((str(number), measure.label, *limits, measure.direction.value, f"`{code}`"))
    return _table(("#", "measure", "LOW", "NORMAL", "HIGH", "passes", "else"), rows)


def refusals_table() -> str:
    """Return what can refuse an edit, in the order of the checks."""
    rows = [(str(error.http_status), f"`{error.code}`", summary) for summary, error in edit_refusals()]
    return _table(("HTTP", "`error_detail.code`", "when"), rows)


def errors_table() -> str:
    """Return the vendor's whole table."""
    rows = [(str(status), f"`{code}`", message) for code, (status, message) in ERROR_TABLE.items()]
    return _table(("HTTP", "code", "code_message"), rows)


TABLES = {
    "settings": settings_table,
    "actions": actions_table,
    "thresholds": thresholds_table,
    "refusals": refusals_table,
    "errors": errors_table,
}


def refreshed(text: str) -> str:
    """Return a page with every `<!-- table: NAME -->` block filled from the code."""

    def fill(match: re.Match[str]) -> str:
        return f"{match[1]}\n{TABLES[match[2]]()}\n{match[4]}"

    return re.sub(r"(<!-- table: (\w+) -->)\n(.*?)(<!-- end -->)", fill, text, flags=re.DOTALL)


def main() -> None:
    """Rewrite the tables in place."""
    for page in PAGES:
        page.write_text(refreshed(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
