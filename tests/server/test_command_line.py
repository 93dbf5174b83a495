"""`ailab-mock edit` and `ailab-mock quality`: the server's pipeline on files."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from tests.conftest import RunningServer, encode
from tests.server.test_serving import run

HEADER = (
    "file,left_eye,right_eye,nose,mouth,left_cheek,right_cheek,chin,lighting,blur,completeness,yaw,roll,pitch,status"
)


@pytest.fixture
def photos(tmp_path: Path, astronaut: np.ndarray, astronaut_jpeg: bytes) -> Path:
    """A folder with a good photo, a dark one, one without a face and one that is no picture."""
    (tmp_path / "good.jpg").write_bytes(astronaut_jpeg)
    (tmp_path / "dark.png").write_bytes(encode((astronaut * 0.1).astype(np.uint8), "PNG"))
    (tmp_path / "empty.png").write_bytes(encode(np.full((300, 300, 3), 128, np.uint8), "PNG"))
    (tmp_path / "no.jpg").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("not looked at")
    return tmp_path


def test_edit_writes_what_the_server_answers(server: RunningServer, photos: Path, astronaut_jpeg: bytes) -> None:
    target = photos / "out.jpg"
    done = run("edit", str(photos / "good.jpg"), str(target), "--action", "V2_AGE", "--target", "70")
    assert (done.returncode, done.stderr) == (0, "")
    answer = server.edit(astronaut_jpeg, action_type="V2_AGE", target="70").json()
    assert base64.b64decode(answer["result"]["image"]) == target.read_bytes()


def test_edit_to_png_leaves_far_pixels_as_they_were(photos: Path, astronaut: np.ndarray) -> None:
    (photos / "good.png").write_bytes(encode(astronaut, "PNG"))
    done = run("edit", str(photos / "good.png"), str(photos / "out.png"), "--action", "TO_OLD")
    assert done.returncode == 0
    with Image.open(photos / "out.png") as opened:
        edited = np.asarray(opened)
    assert (edited[400:] == astronaut[400:]).all()
    assert (edited != astronaut).any()


@pytest.mark.parametrize(
    ("source", "arguments", "status", "said"),
    [
        ("good.jpg", ["--action", "NOPE"], 1, "UNSUPPORTED_PARAMETER_VALUES: action_type: Must be one of TO_KID"),
        ("good.jpg", ["--action", "V2_AGE"], 1, "target: Cannot be empty."),
        ("good.jpg", ["--action", "TO_OLD", "--face-location", "{"], 1, "face_location"),
        ("dark.png", ["--action", "TO_OLD", "--quality-control", "HIGH"], 1, "ERROR_POOR_FACE_LIGHTING: lighting"),
        ("empty.png", ["--action", "TO_OLD"], 1, "ERROR_NO_FACE_IN_FILE"),
        ("no.jpg", ["--action", "TO_OLD"], 1, "UNSUPPORTED_FILE_TYPES"),
        ("absent.jpg", ["--action", "TO_OLD"], 2, "No such file"),
    ],
)
def test_edit_refuses_in_words(photos: Path, source: str, arguments: list[str], status: int, said: str) -> None:
    done = run("edit", str(photos / source), str(photos / "out.jpg"), *arguments)
    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (photos / "out.jpg").exists()


def test_quality_as_csv(photos: Path) -> None:
    done = run("quality", str(photos), "--format", "csv", "--quality-control", "NORMAL")
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == HEADER
    rows = {Path(row["file"]).name: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert set(rows) == {"good.jpg", "dark.png", "empty.png", "no.jpg"}
    assert rows["good.jpg"]["status"] == ""
    assert rows["dark.png"]["status"] == "ERROR_POOR_FACE_LIGHTING"
    assert float(rows["dark.png"]["lighting"]) < 40 < float(rows["good.jpg"]["lighting"])
    assert rows["empty.png"]["status"] == "ERROR_NO_FACE_IN_FILE"
    assert rows["empty.png"]["yaw"] == ""
    assert rows["no.jpg"]["status"] == "UNSUPPORTED_FILE_TYPES"


def test_quality_as_json_and_table(photos: Path) -> None:
    done = run("quality", str(photos / "good.jpg"), "--format", "json")
    assert done.returncode == 0
    (row,) = json.loads(done.stdout)
    assert set(HEADER.split(",")) <= set(row)
    assert row["status"] == ""
    table = run("quality", str(photos / "good.jpg"), str(photos / "absent.jpg")).stdout
    assert "good.jpg" in table
    assert "UNREADABLE" in table
    assert table.splitlines()[-1] == "2 photos, 1 refused"


def test_quality_as_junit(photos: Path) -> None:
    done = run("quality", str(photos), "--format", "junit", "--quality-control", "NORMAL")
    suite = ET.fromstring(done.stdout)
    assert (suite.get("tests"), suite.get("failures")) == ("4", "3")
    failures = {Path(str(case.get("name"))).name: case.find("failure") for case in suite}
    assert failures["good.jpg"] is None
    assert failures["dark.png"].get("type") == "ERROR_POOR_FACE_LIGHTING"


def test_quality_as_one_page(photos: Path) -> None:
    (photos / "<script>alert(1)<&gt;.jpg").write_bytes(b"no picture")
    page = run("quality", str(photos), "--format", "html", "--quality-control", "HIGH").stdout
    assert page.count('<section class="photo">') == 5
    assert page.count("data:image/jpeg;base64,") == 3
    assert "<script" not in page
    assert not re.search(r"(src|href)=.?https?:", page), "the page is self-contained"
    assert "ERROR_POOR_FACE_LIGHTING" in page


def test_a_page_without_a_face_names_the_level_asked_for(photos: Path) -> None:
    page = run("quality", str(photos / "no.jpg"), "--format", "html", "--quality-control", "HIGH").stdout
    assert "<p>1 photo, 1 refused at <b>HIGH</b>.</p>" in page


def test_explain_draws_the_only_photo(photos: Path) -> None:
    done = run("quality", str(photos / "good.jpg"), "--explain", str(photos / "why.png"), "--format", "json")
    assert done.returncode == 0
    with Image.open(photos / "why.png") as drawn:
        assert drawn.width > 512
    explanation = json.loads(done.stdout)[0]["explanation"]
    assert len(explanation["checks"]) == 13
    assert run("quality", str(photos), "--explain", str(photos / "why.png")).returncode == 2


def test_only_one_elementary_edit(photos: Path, astronaut: np.ndarray) -> None:
    edit = ("edit", str(photos / "good.jpg"), str(photos / "out.png"), "--action", "TO_OLD", "--only")
    assert run(*edit, "wrinkles").returncode == 0
    done = run(*edit, "nonsense")
    assert done.returncode == 2
    assert "wrinkles" in done.stderr


def test_quality_misuse(photos: Path) -> None:
    assert run("quality", str(photos), "--quality-control", "BEST").returncode == 2
    assert run("quality").returncode == 2


def test_quality_of_a_folder_without_pictures_does_not_pass(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing to see")
    done = run("quality", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"no pictures (.jpg, .jpeg, .png, .bmp) in {tmp_path}" in done.stderr
