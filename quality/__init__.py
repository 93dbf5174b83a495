"""From a picture to a verdict: faces, landmarks, the 13 measures and the gate.

Pure functions over arrays and frozen values; facts about a picture are returned, never raised.

model_files     the model files carried in `models/`, checked by SHA-256
resting_net     a net that gives its memory back between bursts of use
half_precision  arrays kept in half precision, worked on in single
crop            a square, upright cut-out of one face
yunet           the net that tells faces by box and five points
detection       one reading of a face by it, and how two of them compare
detector        the search: where faces are, at any size and angle
face_mesh       MediaPipe Face Landmarker, its nets run by OpenCV: the mesh of the face in a crop
landmarker      that on an upright crop of each detection -> `Face`
face            the frozen values: `BoundingBox`, `HeadPose`, `Face`
canonical       MediaPipe's canonical mesh and the warp of a face into its frontal frame
pose            yaw, pitch and roll from the mesh
regions         the seven regions of the face: outlines and masks; left and right swap here
occlusion       what covers a face -> `CoverMap`, and its share of each region
lighting        mean luma of the visible face
face_spectrum   how much detail of each width lies along each direction of a face
blur            width of a face's edges as a share of the eye distance
completeness    whether the face oval is inside the picture
report          `assess`: the 13 measures of one face as a `QualityReport`
thresholds      the vendor's 13 rows: order, scope and limits at LOW, NORMAL, HIGH
gate            each measure against its limit, in order -> `Verdict`
explanation     report, verdicts and the levels passed as one value -> `Explanation`
face_overlay    outline, triangles of cover and axes, to be drawn over a face
explain         draws a face with its regions, cover, axes and verdicts
"""
