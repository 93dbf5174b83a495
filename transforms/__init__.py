"""Edits of age and gender: the picture, a face and a plan give a picture."""
