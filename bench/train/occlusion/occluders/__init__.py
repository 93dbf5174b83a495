"""Things that cover faces: each function draws one over a crop and returns its opacity and its colors.

Every function takes (rng, scene) and returns (alpha (S, S) float32 0..1, paint (S, S, 3) float32 0..255).
Vertex numbers are MediaPipe's; lengths are in eye distances. All ranges are by eye, and wide on purpose.
"""
