"""Hostile input: what is sent to the emulator by the suite (quick) and by `python -m bench.fuzz` (long)."""
