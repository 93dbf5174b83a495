"""What one API key has of its own: credits, limits, faults, clock and answers on demand."""
