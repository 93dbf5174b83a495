"""The interface under `/__mock/` and what stands guard before it; FastAPI and pydantic stay in here."""
