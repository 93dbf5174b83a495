"""Documentation, and the scripts that keep it true."""
