"""Trains and measures `transforms.look.present`."""
