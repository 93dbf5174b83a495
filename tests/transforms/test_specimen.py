"""Generated faces: nobody's, yet the pipeline finds and measures them as they were drawn."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from quality.explanation import explain
from quality.report import assess
from quality.thresholds import QualityControl
from server.analyzer import Analyzer
from transforms.specimen.identity import identity
from transforms.specimen.photograph import photograph
from transforms.specimen.samples import sample_faces
from transforms.specimen.scene import draw_scene


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


def test_every_sample_passes_the_strictest_control(analyzer: Analyzer) -> None:
    samples = sample_faces()
    assert len({sample.name for sample in samples}) == len(samples) == 8
    for sample in samples:
        image = np.array(Image.open(io.BytesIO(sample.jpeg)))
        (face,) = analyzer.find_faces(image)
        report = assess(image, face, analyzer.cover(image, face))
        assert explain(report, QualityControl.HIGH).first_violation is None, sample.name


def test_samples_are_of_both_genders_and_all_ages(analyzer: Analyzer) -> None:
    for sample in sample_faces():
        image = np.array(Image.open(io.BytesIO(sample.jpeg)))
        (face,) = analyzer.find_faces(image)
        look = analyzer.present_look(image, face, analyzer.cover(image, face))
        assert (look.female_ratio > 0.5) == sample.name.startswith("woman")
        if sample.name.endswith("30"):
            assert look.age_years < 45
        if sample.name.endswith("70"):
            assert look.age_years > 50


def test_a_seed_is_a_person() -> None:
    same = [photograph(draw_scene(identity(5))).image for _ in range(2)]
    other = photograph(draw_scene(identity(13))).image
    assert np.array_equal(*same)
    assert not np.array_equal(same[0], other)


@pytest.mark.parametrize(("yaw", "pitch", "roll"), [(25, 0, 0), (-37, 0, 0), (0, 30, 0), (0, -24, 0), (0, 0, 40)])
def test_a_head_is_measured_as_it_was_turned(analyzer: Analyzer, yaw: float, pitch: float, roll: float) -> None:
    picture = photograph(draw_scene(identity(5), yaw, pitch), roll_deg=roll)
    (face,) = analyzer.find_faces(picture.image)
    assert face.pose.yaw_deg == pytest.approx(yaw, abs=6)
    assert face.pose.roll_deg == pytest.approx(roll, abs=4)
    # Mean faces look up or down a little by themselves, and the measure of pitch errs most.
    assert face.pose.pitch_deg == pytest.approx(pitch, abs=12)
    distance = np.linalg.norm(face.landmarks_px[:468, :2] - picture.mesh_px, axis=1)
    assert float(distance.mean()) < 0.03 * face.box.height
