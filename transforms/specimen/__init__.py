"""Pictures of faces that are nobody's: mean portraits of public-domain pictures, varied, turned and dressed.

mean_portraits  the carried data: eight mean heads with their meshes
identity        a seed -> who is shown: head, partner, shape, colors
head            an identity -> a head: picture, matte and mesh in space
head_surface    the depth of a head, and points of it turned in space
source_map      where each pixel of a turned surface comes from
turn            a head -> its view at a yaw and pitch
neck, garment   what is drawn below and behind it
scene           backdrop, neck, garment and the turned head
photograph      a scene -> a picture of any size, scale and roll
covers          what lies over a face, and how much of each region it hides
worn, held      sunglasses, masks, hands and the like
brush           outlines and materials of drawn things
samples         a handful of faces as JPEG, for demonstrations

Deterministic: the same seed gives the same pixels.
"""
