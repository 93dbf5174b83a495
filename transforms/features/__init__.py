"""Brows, eyes, teeth and make-up."""
