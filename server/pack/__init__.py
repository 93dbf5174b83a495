"""The pack of generated pictures: one for every content error and bound, with the answer it must get."""
