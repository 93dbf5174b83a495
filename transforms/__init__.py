"""The edits: a plan of elementary edits over age and gender, drawn on the person's own picture.

`plan` says how strong each elementary edit is; `edit` composes them. `geometry` and `warp` move the outline,
`canonical_layers` and `face_window` bring fixed pictures of the canonical face to this face, and one module each
holds wrinkles, skin, spots, shaving, stubble, brows, make-up and hair. Everything is a pure function over arrays.

`specimen` draws faces that are nobody's, for samples and for the pack of `ailab-mock photos`.
"""
