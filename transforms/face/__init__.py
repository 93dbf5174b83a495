"""One face: its mesh in the frontal canonical frame, layers drawn there, and what is seen of it in a picture."""
