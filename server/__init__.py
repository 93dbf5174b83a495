"""The HTTP contract: what the vendor's clients meet, and the command line beside it.

The path of a request, one package a stretch, one module a step:

serve, app   a socket and uvicorn with h11; routes to operations, lifespan; `authority` for https
wire/        `tls_listener`; `protocol`: malformed HTTP gets the envelope too; `body`: read whole, up to a cap, so
             that no refusal resets a connection; `body_room`: the cap of all together; `multipart_form`; `cors`
call/        `answering` runs a handler: every outcome becomes the vendor's JSON, a log line and a journal entry
operation/   `endpoints`: the two operations in the contract's order of checks; `admission`, `form`, `picture_header`,
             `image_codec` with `missing_data`, `result_cache`, then `pipeline`: picture, faces, face, report, gate,
             edit, bytes
pixels/      `turns`, `workers` or `process_workers`, each with an `analyzer`; `rehearsal` before the first request
tenant/      one API key's `credentials`, `credits`, `limits`, `faults`, `clock` and answers on demand (`scenario`)
journal/     `entries` of calls, their pictures (`blob_store`), the `feed` of new ones, `statistics`
state/       where both live: `memory`, `sqlite` or `postgres` behind `store`
contract/    the vendor's words: `error_table`, `errors`, `envelope`

Beside the path: `admin/` under `/__mock/`, and the page at `/` that it feeds (`window/`, static files); `commands/`
of `cli`; `pack/`, the generated pictures of `ailab-mock photos`; `settings` by `settings_table`.
"""
