"""Lines of old skin: creases, furrows, fine lines and those of the neck."""
