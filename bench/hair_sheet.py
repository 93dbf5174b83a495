"""Makes a contact sheet of hair: picture, matte, and the hair at three shares of gray, one row a picture.

Run: `python -m bench.hair_sheet SHEET.jpg [PICTURE ...]`; without pictures it takes scikit-image's astronaut (public
domain), as for `docs/pictures/hair-astronaut.jpg`.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import cv2
import numpy as np
from skimage import data

from quality.face import Face, ImageArray
from quality.landmarker import FaceLandmarker
from transforms.hair.hair_color import gray_hair
from transforms.hair.hair_matte import hair_matte
from transforms.head.head_crop import crop_map, crop_size_wh, warp_area
from transforms.head.person import face_height_px
from transforms.models import EditModels

SHOWN_FACE_PX = 130
AMOUNTS = (0.3, 0.65, 1.0)


def row_of(image: ImageArray, faces: tuple[Face, ...], models: EditModels) -> ImageArray:
    """Return picture, matte and grays of the first face side by side."""
    factor = min(1.0, 2 * SHOWN_FACE_PX / face_height_px(faces[0]))
    image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    scaled = [dataclasses.replace(face, landmarks_px=face.landmarks_px * np.float32(factor)) for face in faces]
    face = scaled[0]
    matte = hair_matte(image, face, models.person.person_near(image, face), models.hair, scaled)
    lab = cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    shown = [image, np.dstack([np.round(matte * 255).astype(np.uint8)] * 3)]
    for amount in AMOUNTS:
        rgb = cv2.cvtColor(gray_hair(lab, matte, amount, face), cv2.COLOR_LAB2RGB)
        shown.append(np.clip(rgb * 255 + 0.5, 0, 255).astype(np.uint8))
    to_crop = crop_map(face, SHOWN_FACE_PX)
    return np.hstack([warp_area(picture, to_crop, crop_size_wh(SHOWN_FACE_PX)) for picture in shown])


def main() -> None:
    """Write the sheet."""
    landmarker, models, rows = FaceLandmarker(), EditModels(), []
    pictures = [np.ascontiguousarray(cv2.imread(name)[..., ::-1]) for name in sys.argv[2:]]
    for image in pictures or [np.ascontiguousarray(data.astronaut())]:
        faces = landmarker.find_faces(image)
        if faces:
            rows.append(row_of(image, faces, models))
    landmarker.close()
    cv2.imwrite(str(Path(sys.argv[1])), np.vstack(rows)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])


if __name__ == "__main__":
    main()
