"""The sub-commands of `ailab-mock`, one module each."""
