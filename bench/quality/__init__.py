"""Errors of the 13 measures on pictures with known truth."""
