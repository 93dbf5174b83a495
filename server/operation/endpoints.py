"""The two operations of the vendor's API, each a straight line in the contract's order of checks."""

from __future__ import annotations

import base64
import functools
import logging
from typing import Any

from starlette.requests import ClientDisconnect, Request

from server.call.answering import Handler, client_interest
from server.call.call import Call
from server.contract.errors import ApiError
from server.operation.admission import admit, play_scenario
from server.operation.form import EditRequest, parse_form, read_parts
from server.operation.image_codec import PictureHeader
from server.operation.pipeline import Edited, open_picture, try_edit
from server.operation.query_credits import credit_entries
from server.operation.result_cache import ResultCache
from server.pixels.pixel_process import WorkerLostError
from server.pixels.turns import QueueFullError, UnwantedError
from server.pixels.workers import PixelWorkers
from server.settings import Settings
from server.state.emulator_state import EmulatorState
from server.wire.body import drain, read_body
from server.wire.body_room import BodyShare

_log = logging.getLogger("ailab_mock")

EDIT_PATH = "/api/portrait/effects/face-attribute-editing"
CREDITS_PATH = "/api/common/query-credits"


def edit_operation(settings: Settings, state: EmulatorState, workers: PixelWorkers) -> Handler:
    """Return the handler of `POST /api/portrait/effects/face-attribute-editing`."""
    cache = ResultCache(settings.result_cache_bytes)

    async def work(form: EditRequest, header: PictureHeader, request: Request, call: Call) -> Edited:
        try:
            return await workers.run(
                functools.partial(try_edit, form, header),
                settings.timeout_s,
                call.api_key,
                functools.partial(client_interest, request),
            )
        except UnwantedError as error:
            call.why = "the client left before its edit was begun"
            raise ClientDisconnect from error
        except Exception as error:
            raise _failure(error, settings) from error

    async def edit(request: Request, call: Call) -> dict[str, Any]:
        with state.body_room.share() as share:
            form, header = await read_form(request, call, share)
        # While it waits, a call holds its picture and nothing else of the body.
        edited = cache.get(call.upload_digest(), form) if cache.is_on else None
        if edited is None:
            edited = await work(form, header, request, call)
            cache.put(call.picture_digest, form, edited)
        call.trace = edited.trace
        call.result = edited.picture()
        return {"result": {"image": base64.b64encode(call.result).decode("ascii")}}

    async def read_form(request: Request, call: Call, share: BodyShare) -> tuple[EditRequest, PictureHeader]:
        body = await read_body(request, settings.max_body_bytes, share)
        try:
            await admit(request, call, settings, state)
        except ApiError:
            if call.scenario is not None:  # The form is not looked at for such an answer, but shown with it.
                call.note_form(read_parts(request.headers.get("content-type", ""), body or b"")[0])
            raise
        parts, malformed = read_parts(request.headers.get("content-type", ""), body or b"")
        call.note_form(parts)
        async with state.store.changing(call.api_key) as tenant:
            play_scenario(call, tenant, settings)
            tenant.begin(call.request_id)
            call.has_begun = True
        if share.was_refused:
            why = f"the bodies being received hold {settings.all_bodies_bytes} bytes already: see --all-bodies-bytes"
            raise ApiError("AI_SERVICE_FLOW_RESTRICTION", why=why)
        if body is None:
            raise ApiError("ERROR_REQUEST_BODY_TOO_LARGE", why=f"more than {settings.max_body_bytes} bytes")
        form = parse_form(parts, malformed)
        header = open_picture(form.picture_file, form.face_location)
        call.picture_size_wh = header.size_wh
        return form, header

    return edit


def _failure(error: Exception, settings: Settings) -> ApiError:
    """Return the refusal for what went wrong with the pixel work: row 14."""
    if isinstance(error, QueueFullError):
        return ApiError("AI_SERVICE_FLOW_RESTRICTION", why=f"{settings.queue} edits wait already: see --queue")
    if isinstance(error, TimeoutError):
        return ApiError("AI_SERVICE_TIMEOUT", why=f"longer than {settings.timeout_s:g} s")
    if isinstance(error, WorkerLostError):
        _log.error("%s", error)
        return ApiError("PROCESSING_FAILURE", why=str(error))
    _log.error("the edit failed", exc_info=error)
    return ApiError("PROCESSING_FAILURE", why="a bug in the emulator: see its log")


def credits_operation(settings: Settings, state: EmulatorState) -> Handler:
    """Return the handler of `GET /api/common/query-credits`."""

    async def query(request: Request, call: Call) -> dict[str, Any]:
        await drain(request)
        await admit(request, call, settings, state)
        async with state.store.changing(call.api_key) as tenant:
            play_scenario(call, tenant, settings)
        return {"data": credit_entries(tenant.account)}

    return query


def absent_operation(settings: Settings, state: EmulatorState) -> Handler:
    """Return the handler of every other path and method: the key is judged first, then row 3."""

    async def refuse(request: Request, call: Call) -> dict[str, Any]:
        await drain(request)
        await admit(request, call, settings, state)
        raise ApiError("ERROR_AI_NOT_EXISTS", why=f"{call.method} {call.path} is not emulated")

    return refuse
