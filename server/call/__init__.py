"""One call from first byte to answer: what is known of it, how it is answered, logged and broken on request."""
