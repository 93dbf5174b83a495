"""One picture of the pack: a file, how to send it, and the answer that its design asks for at each level.

The answers are worked out from what was drawn (angles, covered shares, brightness, blur), by the gate's own limits:
not from what the pipeline measures, which the pack is there to check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quality.explanation import explain
from quality.regions import REGION_NAMES
from quality.report import QualityReport
from quality.thresholds import QualityControl
from server.contract.error_table import ERROR_TABLE
from server.contract.errors import CONTENT_REFUSALS

SUCCESS = ""
"""`error_detail.code` of a success."""

Expected = Mapping[QualityControl, tuple[str, ...]]


@dataclass(frozen=True)
class PackPicture:
    """A file of the pack.

    Attributes
    ----------
    file : str
        Its name.
    content : bytes
    shows : str
        What it is, for people.
    expected : mapping of QualityControl to tuple of str
        `error_detail.code` at each level, "" for success. More than one where the real service may see it otherwise.
    fields : mapping of str to str
        Form fields beside `image` and `quality_control`.
    """

    file: str
    content: bytes
    shows: str
    expected: Expected
    fields: Mapping[str, str] = field(default_factory=lambda: {"action_type": "TO_MALE"})


@dataclass(frozen=True)
class Design:
    """What was drawn: the 13 measures as they should be; by default a face that passes everything.

    Attributes
    ----------
    covered_ratio : mapping of str to float
        Share of each region under something; regions left out are free.
    lighting, blur, completeness, yaw_deg, roll_deg, pitch_deg : float
        As `QualityReport`.
    may_count : tuple of str
        Regions that the pose or the border hides in part: whether that is cover is a matter of opinion.
    """

    covered_ratio: Mapping[str, float] = field(default_factory=dict)
    lighting: float = 150.0
    blur: float = 0.1
    completeness: float = 1.0
    yaw_deg: float = 0.0
    roll_deg: float = 0.0
    pitch_deg: float = 0.0
    may_count: tuple[str, ...] = ()

    def expected(self) -> Expected:
        """Return the codes at each level."""
        left_eye, right_eye, nose, mouth, left_cheek, right_cheek, chin = (
            self.covered_ratio.get(region, 0.0) for region in REGION_NAMES
        )
        report = QualityReport(
            left_eye,
            right_eye,
            nose,
            mouth,
            left_cheek,
            right_cheek,
            chin,
            lighting=self.lighting,
            blur=self.blur,
            completeness=self.completeness,
            yaw_deg=self.yaw_deg,
            roll_deg=self.roll_deg,
            pitch_deg=self.pitch_deg,
        )
        codes = {}
        for level in QualityControl:
            violation = explain(report, level).first_violation
            first = CONTENT_REFUSALS[violation.measure.short_name][0] if violation else SUCCESS
            # What is hidden stays well below the limits of NORMAL and LOW: only HIGH can take it for cover.
            opinions = self.may_count if violation and level is QualityControl.HIGH else ()
            codes[level] = (first, *(CONTENT_REFUSALS[region][0] for region in opinions))
        return codes


def always(code: str) -> Expected:
    """Return an answer that no level changes."""
    return dict.fromkeys(QualityControl, (code,))


def http_status(code: str) -> int:
    """Return the HTTP status of a code, 200 for success."""
    return ERROR_TABLE[code][0] if code else 200
