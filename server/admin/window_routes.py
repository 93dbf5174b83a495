"""The part of the admin interface that the window is built on: files, feed, inspection, replay, catalogue."""

from __future__ import annotations

import functools
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Query, Request
from fastapi.responses import FileResponse, Response, StreamingResponse
from starlette.types import ASGIApp

from quality.face import BoundingBox
from server.admin.error_catalogue import error_catalogue
from server.admin.inspection import inspect_picture
from server.admin.replay import replay
from server.admin.thumbnail import Thumbnails
from server.admin.window_page import FILES, sign_in
from server.contract.errors import ApiError
from server.journal.entries import Entry
from server.operation.form import parse_face_location
from server.operation.openapi import openapi_document
from server.pixels.turns import QueueFullError
from server.pixels.workers import PixelWorkers
from server.settings import Settings
from server.state.emulator_state import DATABASE_SCHEMES, EmulatorState
from server.version import VERSION
from server.wire.body import read_body
from transforms.specimen.samples import TITLES


def window_router(state: EmulatorState, settings: Settings, workers: PixelWorkers, operations: ASGIApp) -> APIRouter:
    """Return the routes; `operations` answers the emulated operations, for replays."""
    router, thumbnails = APIRouter(), Thumbnails()

    @router.post("/sign-in", include_in_schema=False)
    async def enter(request: Request) -> Response:
        return await sign_in(request, settings)

    @router.get("/about")
    async def about() -> dict[str, Any]:
        """Say what this emulator is and how it was started."""
        return {
            "version": VERSION,
            "profile": str(state.profile),
            "on_demand": not settings.no_magic,
            "keys_are_limited": bool(settings.api_keys),
            "needs_token": settings.admin_token is not None,
            "journal_entries": settings.journal_entries,
            "state_is_shared": (settings.state or "").startswith(DATABASE_SCHEMES),
        }

    @router.get("/samples")
    async def samples() -> list[dict[str, str]]:
        """List the sample photos: faces that are nobody's, ready to be edited."""
        return [{"name": f"{name.replace('_', '-')}.jpg", "title": title} for name, title in TITLES.items()]

    @router.get("/samples/{name}")
    async def sample(name: str, thumbnail_px: Annotated[int | None, Query(ge=16, le=2048)] = None) -> Response:
        """Fetch a sample photo."""
        path = FILES / "samples" / name
        if name not in {sample["name"] for sample in await samples()}:
            raise HTTPException(404, "no such sample")
        if thumbnail_px is None:
            return FileResponse(path, media_type="image/jpeg")
        small = await thumbnails.of(name, path.read_bytes(), thumbnail_px)
        return Response(small, media_type="image/jpeg", headers={"Cache-Control": "max-age=3600"})

    @router.get("/events")
    async def events(
        last_event_id: Annotated[int | None, Header()] = None, since: Annotated[int | None, Query()] = None
    ) -> StreamingResponse:
        """Follow the journal: server-sent events `call`, and `reload` when the list must be loaded anew."""
        stream = state.feed.listen(last_event_id if last_event_id is not None else since)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    @router.post("/inspect")
    async def inspect(
        request: Request, location: Annotated[str, Query(alias="face_location")] = ""
    ) -> dict[str, Any]:
        """See what the emulator sees in a picture (the body, as it is): faces, regions, cover, pose, 13 measures."""
        with state.body_room.share() as share:
            content = await read_body(request, settings.max_body_bytes, share)
        if share.was_refused:
            raise HTTPException(503, "too many bodies are being received: see --all-bodies-bytes")
        if content is None:
            raise HTTPException(413, f"more than {settings.max_body_bytes} bytes")
        return await _inspected(content, _location(location))

    @router.get("/requests/{entry_id}/inspection")
    async def inspect_upload(entry_id: str) -> dict[str, Any]:
        """See what the emulator saw in the picture of a call."""
        entry = await _entry(entry_id)
        return await _inspected(
            await _picture(entry) or b"", _location(entry.fields.get("face_location", ""), strict=False)
        )

    @router.post("/requests/{entry_id}/replay")
    async def again(entry_id: str) -> dict[str, Any]:
        """Send a call once more: same key, fields and picture; it is paid and journaled like any call."""
        entry = await _entry(entry_id)
        answer = await replay(entry, await _picture(entry), operations)
        return {"status": answer.status, "request_id": answer.request_id}

    @router.get("/errors")
    async def errors() -> list[dict[str, Any]]:
        """List the 126 codes with what provokes each."""
        return error_catalogue()

    @router.get("/vendor-openapi.json")
    async def contract(request: Request) -> dict[str, Any]:
        """Show the OpenAPI document of the emulated operations."""
        here = f"{request.url.scheme}://{request.headers.get('host', '127.0.0.1')}"
        return {**openapi_document(), "servers": [{"url": here, "description": "this emulator"}]}

    async def _inspected(content: bytes, location: BoundingBox | None) -> dict[str, Any]:
        try:
            return await workers.run(functools.partial(inspect_picture, content, location), settings.timeout_s)
        except TimeoutError as error:
            raise HTTPException(504, f"longer than {settings.timeout_s:g} s") from error
        except QueueFullError as error:
            raise HTTPException(503, f"{settings.queue} edits wait already") from error

    async def _entry(entry_id: str) -> Entry:
        entry = await state.store.entry(entry_id)
        if entry is None:
            raise HTTPException(404, "no such call, or it was evicted")
        return entry

    async def _picture(entry: Entry) -> bytes | None:
        if not entry.picture_digest:
            return None
        content = await state.store.picture(entry.picture_digest)
        if content is None:
            raise HTTPException(410, "the picture of this call was evicted")
        return content

    return router


def _location(text: str, strict: bool = True) -> BoundingBox | None:
    """Read a `face_location`; one that is wrong is no location where it is not the caller's own."""
    try:
        return parse_face_location(text) if text else None
    except ApiError as error:
        if strict:
            raise HTTPException(422, error.message) from error
        return None
