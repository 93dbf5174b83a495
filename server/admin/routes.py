"""The admin interface under `/__mock/`: journal, verification, tenants, clock, reset, verdict; with its own OpenAPI.

It lies outside auth, quota, faults, journal and reset; `guard` stands before it.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Path, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from server.admin.bounded_input import KeyText, guard_input
from server.admin.client_verdict import RULES, client_verdict
from server.admin.metrics import CONTENT_TYPE, exposition
from server.admin.models import (
    ClockAdvance,
    EntryFilter,
    Listing,
    ResetScope,
    TenantChange,
    Verification,
    tenant_data,
)
from server.admin.reproduction import as_curl, as_har, as_pytest
from server.admin.thumbnail import Thumbnails
from server.admin.verification import Bounds, verify_count, verify_order
from server.admin.window_routes import window_router
from server.journal.entries import Entry, Filter
from server.pixels.workers import PixelWorkers
from server.settings import Settings
from server.state.emulator_state import EmulatorState
from server.state.store import StateError
from server.tenant.tenants import EVERYONE
from server.version import VERSION

Selection = Annotated[EntryFilter, Query()]
Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
ThumbnailSide = Annotated[int | None, Query(ge=16, le=2048)]
RULES_OF_ALL = {"faults", "latency", "seed"}
"""What of the tenant `*` holds for every key; credits and the like are each key's own."""
PICTURE_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
"""A digest names one picture, an id one call, whose pictures do not change. What clients uploaded can be anything."""


def create_admin(state: EmulatorState, settings: Settings, workers: PixelWorkers, operations: ASGIApp) -> FastAPI:
    """Build the admin application, to be mounted behind `AdminGuard` at `server.admin.lazy.ADMIN_PATH`."""
    admin = FastAPI(title="ailab-mock admin", version=VERSION, docs_url=None, redoc_url=None)
    guard_input(admin)
    admin.include_router(window_router(state, settings, workers, operations))
    store, thumbnails = state.store, Thumbnails()
    needs_token = settings.admin_token is not None

    @admin.exception_handler(StateError)
    async def without_state(_: Request, error: Exception) -> Response:
        """Say that the state cannot be reached."""
        return JSONResponse({"detail": str(error)}, 503)

    @admin.get("/requests")
    async def requests(selection: Annotated[Listing, Query()]) -> dict[str, Any]:
        """List calls, newest first."""
        entries = await store.entries(selection.as_filter())
        end = len(entries)
        if selection.before is not None:
            # One that was evicted was the oldest: nothing is older.
            end = next((index for index, entry in enumerate(entries) if entry.id == selection.before), 0)
        page = entries[:end][-selection.limit :]
        shown = [entry.as_summary() if selection.summary else entry.as_data() for entry in reversed(page)]
        return {"count": len(entries), "evicted": await store.evicted(selection.key), "requests": shown}

    @admin.get("/count")
    async def count(selection: Selection) -> dict[str, int]:
        """Count calls."""
        found = await store.entries(selection.as_filter())
        return {"count": len(found), "evicted": await store.evicted(selection.key)}

    @admin.get("/requests.har")
    async def har(request: Request, selection: Selection) -> dict[str, Any]:
        """Export calls as an HTTP archive."""
        return as_har(await store.entries(selection.as_filter()), _base_url(request))

    @admin.get("/requests/{entry_id}")
    async def one(entry_id: str) -> dict[str, Any]:
        """Show one call: form, timings, explanation."""
        return (await _entry(entry_id)).as_data()

    @admin.get("/requests/{entry_id}/{picture}")
    async def part(
        request: Request,
        entry_id: str,
        picture: str,
        thumbnail_px: ThumbnailSide = None,
    ) -> Response:
        """Fetch the upload (`picture`), the `result`, or the call as `curl` or `pytest`."""
        entry = await _entry(entry_id)
        if picture == "curl":
            return PlainTextResponse(as_curl(entry, _base_url(request), needs_token))
        if picture == "pytest":
            return PlainTextResponse(as_pytest(entry, _base_url(request), needs_token))
        digest = {"picture": entry.picture_digest, "result": entry.result_digest}.get(picture)
        if digest is None:
            raise HTTPException(404, "picture, result, curl or pytest")
        if not digest:
            raise HTTPException(404, "this call had none")
        return await _picture(digest, thumbnail_px)

    @admin.get("/pictures/{digest}")
    async def by_digest(digest: Digest, thumbnail_px: ThumbnailSide = None) -> Response:
        """Fetch an upload or a result by its SHA-256: what many calls share is fetched once."""
        return await _picture(digest, thumbnail_px)

    @admin.post("/verify")
    async def verify(wanted: Verification) -> dict[str, Any]:
        """Check a count, or an order of calls."""
        if wanted.in_order is not None:
            return verify_order(await store.entries(Filter()), [step.as_filter() for step in wanted.in_order])
        bounds = Bounds(wanted.at_least, wanted.at_most, wanted.exactly)
        meant = wanted.filter.as_filter()
        calls = await store.entries(Filter(key=meant.key))
        return {**verify_count(calls, meant, bounds), "evicted": await store.evicted(meant.key)}

    @admin.get("/verdict")
    async def verdict(key: str) -> dict[str, Any]:
        """Say what the client with this key did wrong."""
        findings = client_verdict(await store.entries(Filter(key=key)))
        return {"rules": list(RULES), "findings": [finding.as_data() for finding in findings]}

    @admin.get("/tenants")
    async def tenants() -> list[dict[str, object]]:
        """List the keys seen."""
        return [tenant_data(tenant) for tenant in await store.tenants()]

    @admin.get("/tenants/{key:path}")
    async def tenant(key: KeyText) -> dict[str, object]:
        """Show one key."""
        return tenant_data(await store.tenant(key))

    @admin.patch("/tenants/{key:path}")
    async def change(key: KeyText, change: TenantChange) -> dict[str, object]:
        """Change credits, lock, queue, faults, latency or limits of a key; `*` sets the faults of all."""
        own = sorted(change.model_fields_set - RULES_OF_ALL)
        if key == EVERYONE and own:
            raise HTTPException(
                422, f"the tenant {EVERYONE} has only {', '.join(sorted(RULES_OF_ALL))}, not {own[0]}"
            )
        async with store.changing(key) as tenant:
            change.apply(tenant)
        return tenant_data(tenant)

    @admin.post("/clock")
    async def clock(advance: ClockAdvance) -> dict[str, float]:
        """Move a key's clock forward."""
        async with store.changing(advance.key) as tenant:
            try:
                tenant.clock.advance(advance.advance_s)
            except ValueError as error:
                raise HTTPException(422, str(error)) from error
        return {"clock_s": tenant.clock.now_s()}

    @admin.get("/metrics")
    async def metrics() -> Response:
        """Show the figures of this process in Prometheus' text format."""
        gauges = {
            "journal_evicted": ("Calls that the journal dropped for want of room", await store.evicted(None)),
            "edits_waiting": ("Edits that wait for a thread", workers.waiting),
            "edits_hung": ("Edits that were given up and still keep their threads", workers.hung),
            "edits_at_a_time": ("Edits that can be worked on side by side", workers.threads),
        }
        text = await run_in_threadpool(exposition, state.statistics, gauges)
        return Response(text, headers={"content-type": CONTENT_TYPE})

    @admin.post("/reset")
    async def reset(scope: ResetScope) -> dict[str, str | None]:
        """Forget a key's credits, queue, rules and calls, or everybody's."""
        await store.reset(scope.key)
        thumbnails.clear()
        return {"reset": scope.key or "everything"}

    async def _picture(digest: str, thumbnail_px: int | None) -> Response:
        content = await store.picture(digest)
        if content is None:
            raise HTTPException(410, "evicted")
        if thumbnail_px is None:
            return Response(content, media_type="application/octet-stream", headers=PICTURE_HEADERS)
        small = await thumbnails.of(digest, content, thumbnail_px)
        if small is None:
            raise HTTPException(422, "the bytes cannot be drawn")
        return Response(small, media_type="image/jpeg", headers=PICTURE_HEADERS)

    async def _entry(entry_id: str) -> Entry:
        entry = await store.entry(entry_id)
        if entry is None:
            raise HTTPException(404, "no such call, or it was evicted")
        return entry

    return admin


def _base_url(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', '127.0.0.1')}"
