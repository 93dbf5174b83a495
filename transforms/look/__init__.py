"""Present age and gender of a face, as far as it tells them."""
