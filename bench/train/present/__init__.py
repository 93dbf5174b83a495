"""Trains and measures `transforms.present`."""
