"""Longer hair for who becomes a woman."""
