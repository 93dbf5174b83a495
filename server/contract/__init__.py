"""The vendor's words: every error code in one table, refusals, the envelope around every answer."""
