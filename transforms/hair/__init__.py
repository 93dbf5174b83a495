"""Hair of the head: found, grayed, or given its pigment back."""
