"""Pictures of faces, one for every content error and between every two limits of the quality control."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import cv2
import numpy as np
from PIL import Image

from quality.blur import blur_of_sigma
from quality.face import Face, ImageArray
from server.pack.picture import SUCCESS, Design, PackPicture, always
from transforms.specimen import covers, held, worn
from transforms.specimen.identity import identity
from transforms.specimen.photograph import Photograph, photograph
from transforms.specimen.scene import Scene, draw_scene

FindFaces = Callable[[ImageArray], tuple[Face, ...]]
Sit = Callable[[str], Scene]
"""Name of a mean portrait -> the pack's person before the camera."""

_JPEG_QUALITY = 92
_LUMA = np.array([0.299, 0.587, 0.114])
"""BT.601."""
_OWN_BLUR_RATIO = 0.011
"""Softness of a mean portrait, as a Gaussian's share of the eye distance. Measured."""
_GRADED = {
    "left_eye": ("woman_30", 0.38, 0.70),
    "right_eye": ("woman_52", 0.38, 0.70),
    "nose": ("man_52", 0.38, 0.70),
    "mouth": ("woman_70", 0.38, 0.70),
    "left_cheek": ("man_70", 0.38, 0.68),
    "right_cheek": ("woman_dark", 0.38, 0.68),
    "chin": ("woman_30", 0.40, 0.75),
}
"""Region -> whose face, and the covered shares between HIGH and NORMAL and between NORMAL and LOW."""
_HIDDEN = {
    "sunglasses": (worn.sunglasses, "man_30", "both eyes behind sunglasses"),
    "eye_patch": (worn.eye_patch, "man_70", "a patch over the right eye"),
    "nose_dressing": (worn.nose_plaster, "woman_30", "a dressing on the nose"),
    "mask": (worn.surgical_mask, "woman_52", "a mask over nose, mouth, cheeks and chin"),
    "mask_below_nose": (worn.mask_below_nose, "man_52", "a mask worn below the nose"),
    "hand_on_cheek": (held.hand, "woman_dark", "a hand on the left cheek"),
    "hair_over_cheek": (held.hair_strand, "woman_52", "hair over the right cheek"),
    "scarf": (held.scarf, "man_dark", "a scarf over the chin"),
}


def face_pictures(seed: int, find_faces: FindFaces) -> Iterator[PackPicture]:
    """Draw the pictures of faces.

    Parameters
    ----------
    seed : int
        Chooses the people.
    find_faces : callable
        Tells the size of a face as the emulator measures it: the faces of 63 and 64 px are drawn to it.
    """
    # Many pictures show the same scene.
    sit = cache(lambda name: draw_scene(identity(seed, name)))
    yield from _open_faces(sit)
    yield from _without_face(sit)
    yield from _small_faces(sit, find_faces)
    yield from _hidden(sit)
    yield from _graded(sit)
    yield from _dark(sit)
    yield from _blurred(sit)
    yield from _cut_off(sit)
    yield from _turned(seed, sit)


def _picture(name: str, image: ImageArray, shows: str, design: Design) -> PackPicture:
    return PackPicture(f"{name}.jpg", jpeg(image), shows, design.expected())


def jpeg(image: ImageArray) -> bytes:
    """Encode an (H, W, 3) uint8 RGB picture as JPEG."""
    options = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    return cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), options)[1].tobytes()


def _open_faces(sit: Sit) -> Iterator[PackPicture]:
    for name in ("woman_30", "man_30", "woman_70", "man_70", "woman_dark", "man_dark"):
        image = photograph(_lit(sit(name), 140)).image
        yield _picture(f"open_{name}", image, "a face that passes everything", Design())
    image = photograph(sit("man_52")).image
    location = '{"left": 145, "top": 160, "width": 190, "height": 235}'
    fields = {"action_type": "TO_MALE", "face_location": location}
    yield PackPicture("location.jpg", jpeg(image), "a face that face_location points at", always(SUCCESS), fields)


def _without_face(sit: Sit) -> Iterator[PackPicture]:
    scene = sit("man_52")
    wall = np.ascontiguousarray(np.clip(np.round(scene.image[:400, :320]), 0, 255).astype(np.uint8))
    yield PackPicture("no_face.jpg", jpeg(wall), "a wall", always("ERROR_NO_FACE_IN_FILE"))
    image = photograph(scene).image
    elsewhere = {"action_type": "TO_MALE", "face_location": '{"left": 4, "top": 500, "width": 60, "height": 60}'}
    shows = "a face, but not where face_location points"
    yield PackPicture("location_elsewhere.jpg", jpeg(image), shows, always("ERROR_NO_FACE_IN_FILE"), elsewhere)
    outside = {"action_type": "TO_MALE", "face_location": '{"left": 900, "top": 10, "width": 60, "height": 60}'}
    shows = "face_location outside the picture"
    yield PackPicture("location_outside.jpg", jpeg(image), shows, always("ERROR_INVALID_FACE_BOX_PARAMETER"), outside)


def _small_faces(sit: Sit, find_faces: FindFaces) -> Iterator[PackPicture]:
    scene = sit("man_70")
    for target_px, shown_px, code in ((63.5, 63, "ERROR_SMALL_FACE_SIZE"), (64.5, 64, SUCCESS)):
        image = _face_of_size(scene, target_px, find_faces)
        shows = f"a face of {shown_px} px, as the emulator measures it"
        yield PackPicture(f"face_{shown_px}px.jpg", jpeg(image), shows, always(code))
    tiny = photograph(scene, (256, 256), scale=0.2, center=(0.5, 0.6)).image
    yield PackPicture("face_tiny.jpg", jpeg(tiny), "a face of some 40 px", always("ERROR_SMALL_FACE_SIZE"))


def _face_of_size(scene: Scene, target_px: float, find_faces: FindFaces) -> ImageArray:
    """Draw a face whose measured box is `target_px` at its shorter side, as near as may be."""
    scale, best = 0.36, (np.inf, np.empty(0))
    for _ in range(8):
        image = photograph(scene, (320, 320), scale=scale).image
        # What will be measured is what was compressed.
        faces = find_faces(np.asarray(Image.open(io.BytesIO(jpeg(image)))))
        size_px = min(faces[0].box.width, faces[0].box.height) if faces else 0.0
        best = min(best, (abs(size_px - target_px), image), key=lambda found: found[0])
        if best[0] < 0.2:
            break
        scale *= target_px / size_px if size_px else 1.1
    return best[1]


def _hidden(sit: Sit) -> Iterator[PackPicture]:
    for name, (draw, portrait, shows) in _HIDDEN.items():
        scene = _lit(sit(portrait), 140)
        cover = draw(scene)
        design = Design(covered_ratio=covers.covered_ratio(scene, cover))
        yield _picture(name, photograph(covers.laid_over(scene, cover)).image, shows, design)


def _graded(sit: Sit) -> Iterator[PackPicture]:
    for region, (portrait, *ratios) in _GRADED.items():
        for ratio, level in zip(ratios, ("HIGH", "NORMAL"), strict=True):
            scene = _lit(sit(portrait), 140)
            cover = held.card(scene, region, ratio)
            hidden = covers.covered_ratio(scene, cover)
            image = photograph(covers.laid_over(scene, cover)).image
            text = f"{region.replace('_', ' ')} covered by {hidden[region]:.2f}: more than {level} allows"
            yield _picture(f"{region}_{round(100 * ratio)}", image, text, Design(covered_ratio=hidden))


def _dark(sit: Sit) -> Iterator[PackPicture]:
    for luma, name in ((70, "man_30"), (30, "woman_30"), (12, "man_70")):
        image = photograph(_lit(sit(name), luma)).image
        yield _picture(f"dark_{luma}", image, f"a face of mean luma {luma}", Design(lighting=luma))


def _blurred(sit: Sit) -> Iterator[PackPicture]:
    for sigma_ratio, name in ((0.03, "man_52"), (0.066, "woman_dark"), (0.105, "man_30")):
        taken = photograph(_lit(sit(name), 140))
        eyes_px = sit(name).eyes_px
        image = cv2.GaussianBlur(taken.image, (0, 0), sigma_ratio * eyes_px)
        blur = blur_of_sigma(float(np.hypot(sigma_ratio, _OWN_BLUR_RATIO)))
        text = f"blurred by a Gaussian of {100 * sigma_ratio:.1f} % of the eye distance"
        yield _picture(f"blurred_{round(1000 * sigma_ratio):03d}", image, text, Design(blur=blur))


def _cut_off(sit: Sit) -> Iterator[PackPicture]:
    sides: Mapping[str, tuple[tuple[float, float], tuple[str, ...]]] = {
        "top": ((0.5, 0.12), ()),
        "left": ((0.17, 0.46), ("left_cheek",)),
        "right": ((0.83, 0.46), ("right_cheek",)),
        "bottom": ((0.5, 0.84), ("chin",)),
    }
    for side, (center, may_count) in sides.items():
        image = photograph(_lit(sit("man_30"), 140), center=center).image
        design = Design(completeness=0.0, may_count=may_count)
        yield _picture(f"cut_off_{side}", image, f"a face that the picture's {side} cuts off", design)


def _turned(seed: int, sit: Sit) -> Iterator[PackPicture]:
    for yaw, name in ((24, "man_70"), (-24, "man_dark"), (33, "man_30"), (50, "man_52")):
        far_side = ("right_cheek", "right_eye", "nose", "mouth", "chin") if yaw > 30 else ()
        design = Design(yaw_deg=yaw, may_count=far_side)
        yield _picture(
            _turn("yaw", yaw), _portrait(seed, name, yaw, 0).image, f"a head turned by {yaw} degrees", design
        )
    for roll, name in ((25, "woman_52"), (-37, "woman_30"), (60, "man_52"), (180, "man_70")):
        image = photograph(_lit(sit(name), 140), roll_deg=roll).image
        yield _picture(_turn("roll", roll), image, f"a face that leans by {roll} degrees", Design(roll_deg=roll))
    for pitch, name in ((25, "man_70"), (-22, "woman_30"), (37, "woman_dark"), (-32, "woman_52"), (-46, "man_dark")):
        way = "down" if pitch > 0 else "up"
        # A nod shortens the chin to a few pixels.
        design = Design(pitch_deg=pitch, may_count=("chin",) if pitch > 30 else ())
        text = f"a face that looks {way} by {abs(pitch)} degrees"
        yield _picture(_turn("pitch", pitch), _portrait(seed, name, 0, pitch).image, text, design)


def _turn(kind: str, angle_deg: int) -> str:
    return f"{kind}_{'minus' if angle_deg < 0 else 'plus'}_{abs(angle_deg)}"


def _portrait(seed: int, name: str, yaw_deg: float, pitch_deg: float) -> Photograph:
    return photograph(_lit(draw_scene(identity(seed, name), yaw_deg, pitch_deg), 140))


def _lit(scene: Scene, luma: float) -> Scene:
    """Light a scene so that the face's mean luma is `luma`."""
    face = np.zeros(scene.image.shape[:2], np.uint8)
    cv2.fillConvexPoly(face, cv2.convexHull(np.round(scene.mesh_px).astype(np.int32)), 1)
    now = float(scene.image[face > 0].mean(axis=0) @ _LUMA)
    return scene.lit(luma / now)
