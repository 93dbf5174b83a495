"""What clients did: entries, their pictures, the feed of new ones, and counts of all."""
