"""Generated faces: nobody's, yet the pipeline finds and measures them as they were drawn."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from quality.explanation import explain
from quality.regions import REGION_NAMES
from quality.report import assess
from quality.thresholds import QualityControl
from server.pixels.analyzer import Analyzer
from transforms.specimen import covers, held
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
            # An average of many looks younger than any of them.
            assert look.age_years > 45


def test_a_seed_is_a_person() -> None:
    same = [photograph(draw_scene(identity(5))).image for _ in range(2)]
    other = photograph(draw_scene(identity(13))).image
    assert np.array_equal(*same)
    assert not np.array_equal(same[0], other)


@pytest.mark.parametrize(("yaw", "pitch", "roll"), [(25, 0, 0), (-37, 0, 0), (0, 30, 0), (0, -24, 0), (0, 0, 40)])
def test_a_head_is_measured_as_it_was_turned(analyzer: Analyzer, yaw: float, pitch: float, roll: float) -> None:
    picture = photograph(draw_scene(identity(5), yaw, pitch), roll_deg=roll)
    (face,) = analyzer.find_faces(picture.image)
    assert face.pose.yaw_deg == pytest.approx(yaw, abs=7)
    assert face.pose.roll_deg == pytest.approx(roll, abs=4)
    # Mean faces look up or down a little by themselves, and the measure of pitch errs most.
    assert face.pose.pitch_deg == pytest.approx(pitch, abs=12)
    distance = np.linalg.norm(face.landmarks_px[:468, :2] - picture.mesh_px, axis=1)
    assert float(distance.mean()) < 0.03 * face.box.height


@pytest.mark.parametrize("region", REGION_NAMES)
def test_a_card_hides_the_share_asked_for_and_nothing_of_the_other_side(region: str) -> None:
    scene = draw_scene(identity(3))
    card = held.card(scene, region, 0.5)
    ratios = covers.covered_ratio(scene, card)
    assert ratios[region] == pytest.approx(0.5, abs=0.04)
    swapped = {"left": "right", "right": "left"}
    side, _, rest = region.partition("_")
    if side in swapped:
        assert ratios[f"{swapped[side]}_{rest}"] == 0
    changed = np.abs(covers.laid_over(scene, card).image - scene.image).max(axis=2) > 1
    far = cv2.dilate(card.alpha, np.ones((61, 61), np.uint8)) == 0
    assert changed.any()
    assert not changed[far].any()


def test_light_scales_every_pixel_but_keeps_within_the_range() -> None:
    scene = draw_scene(identity(3))
    assert np.allclose(scene.lit(0.5).image, scene.image / 2)
    assert scene.lit(9).image.max() == 255
