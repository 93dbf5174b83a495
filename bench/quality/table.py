"""The figures measured, beside those to reach, as markdown."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Table:
    """Rows of the report: what, how many, the value, and the figure to reach (None where none is set)."""

    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(
        self, what: str, count: int, value: float, at_most: float | None = None, at_least: float | None = None
    ) -> None:
        """Add a figure with the bound it should keep, if any."""
        wanted = f"<= {at_most:g}" if at_most is not None else f">= {at_least:g}" if at_least is not None else ""
        kept = (at_most is None or value <= at_most) and (at_least is None or value >= at_least)
        self.rows.append((what, str(count), f"{value:.3f}", wanted if kept or not wanted else f"{wanted} **missed**"))

    def print(self) -> None:
        """Print as markdown."""
        print("| figure | n | measured | to reach |\n| --- | ---: | ---: | --- |")
        for row in self.rows:
            print("| " + " | ".join(row) + " |")
