"""The floor for refusals: FastAPI on uvicorn with h11, one route that drains the body and answers a small JSON."""

from __future__ import annotations

import socket

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from server.operation.endpoints import EDIT_PATH

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


@app.post(EDIT_PATH)
async def refuse(request: Request) -> JSONResponse:
    """Drain and refuse."""
    async for _ in request.stream():
        pass
    return JSONResponse({"error_code": 400}, 400)


@app.get("/readyz")
async def ready() -> JSONResponse:
    """Answer at once."""
    return JSONResponse({})


if __name__ == "__main__":
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, http="h11", log_level="critical")).run(sockets=[listener])
