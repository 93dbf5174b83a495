"""The photo that all benches use: scikit-image's astronaut (public domain), brought to about 1 MP."""

from __future__ import annotations

import io

from PIL import Image
from skimage import data


def megapixel_jpeg(side_px: int = 1000) -> bytes:
    """Return a JPEG of `side_px` squared with one face."""
    picture = Image.fromarray(data.astronaut()).resize((side_px, side_px), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
