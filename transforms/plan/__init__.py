"""What to do to a face: strengths of the elementary edits, from one table over age and gender."""
