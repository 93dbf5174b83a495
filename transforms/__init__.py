"""The edits: a plan of elementary edits over age and gender, drawn on the person's own picture.

`plan` says how strong each elementary edit is, after `look` has told present age and gender. `edit` composes them: it
brings big faces down and up again (`enlargement`), gives the head another shape (`moved_head`), then other colors
(`head_color`, within the face `face_color`), and hangs longer hair about it.
Each package uses only those before it: `picture` (arrays that know no face), `face` (the mesh in its canonical frame,
and what is seen of it), `head` (what is about the face), then one for each kind of edit: `shape`, `wrinkles`, `skin`,
`features`, `beard`, `hair` and `long_hair`. Everything is a pure function over arrays.

`specimen` draws faces that are nobody's, for samples and for the pack of `ailab-mock photos`.
"""
