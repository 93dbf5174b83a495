"""Skin: smooth and round for the young, colored and spotted for the old, and what goes along beyond the mesh."""
