"""HTTP/1.1 as the vendor's clients speak it: connections, bodies, multipart, CORS."""
