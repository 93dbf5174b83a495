"""One head: its upright crop, where people are, the light on it, its clothes and its neighbors."""
