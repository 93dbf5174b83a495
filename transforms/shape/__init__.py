"""Where the points of a face go, and the pixels with them; what is behind stays."""
