"""`python -m docs.photo_sheet`: draws docs/images/photos.jpg, the pack of `ailab-mock photos` at a glance."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from server.pack.faces import face_pictures
from server.pixels.analyzer import Analyzer

SHEET = Path(__file__).parent / "images" / "photos.jpg"
COLUMNS, TILE_WH = 10, (120, 150)


def main() -> None:
    """Draw all pictures of faces of seed 0."""
    analyzer = Analyzer()
    pictures = list(face_pictures(0, analyzer.find_faces))
    analyzer.close()
    rows = -(-len(pictures) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * TILE_WH[0], rows * TILE_WH[1]), "white")
    for index, picture in enumerate(pictures):
        tile = Image.open(io.BytesIO(picture.content))
        tile.thumbnail(TILE_WH)
        sheet.paste(tile, (index % COLUMNS * TILE_WH[0], index // COLUMNS * TILE_WH[1]))
    sheet.save(SHEET, quality=82)


if __name__ == "__main__":
    main()
