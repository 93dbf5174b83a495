"""Beards: shaven off, in the face and beyond it, grayed, or grown as stubble."""
