"""From a picture to a verdict: faces, landmarks, the 13 measures and the gate.

Pure functions over arrays and frozen values; facts about a picture are returned, never raised.

model_files     the model files carried in `models/`, checked by SHA-256
detector        YuNet: where faces are, at any size and angle
landmarker      MediaPipe Face Landmarker on an upright crop of each detection -> `Face`
face            the frozen values: `BoundingBox`, `HeadPose`, `Face`
canonical       MediaPipe's canonical mesh and the warp of a face into its frontal frame
"""
