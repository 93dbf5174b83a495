"""The HTTP contract: what the vendor's clients meet, and the command line beside it.

The path of a request, one module a step:

serve, protocol      a socket, uvicorn with h11; malformed HTTP gets the envelope too
app                  routes to operations, lifespan
answering, envelope  runs a handler; every outcome becomes the vendor's JSON, a log line and a journal entry (`call`)
operation            the two operations, in the contract's order of checks
body                 the whole body, up to a cap, so that no refusal resets a connection
admission            answers on demand (`scenario`), then the key (`credentials`, `tenants`)
credits, limits      8 credits a success; rows 4 and 5
state_store          tenants and journal: one interface; `memory_store`, `sqlite_store` with `sqlite_file`, or
                     `postgres_store` with `postgres_schema` and `postgres_presence`
tenant_record, entry_record  both as text
multipart_form, form parts, then a valid `EditRequest`
picture_header       dimensions before any decoder sees the file
image_codec          type and size; picture; result
result_cache         outcomes of identical requests
turns                whose edit is next: a bounded queue, in turn among keys
workers, analyzer    threads for pixels, each with its own models; or processes (`process_workers`, `pixel_process`)
rehearsal            one face through every step before the first request
pipeline             picture -> faces -> face -> report -> gate -> edit -> bytes
face_choice          `face_location` or the largest
errors, error_table  refusals and the vendor's 126 codes

`log_format`, `access_log` and `call_statistics` note each call; `metrics` shows the figures.

`admin` and its neighbors (`admin_models`, `journal`, `blob_store`, `verification`, `reproduction`, `client_verdict`,
`thumbnail`) are the interface under `/__mock/`; `faults` and `fault_responses` break answers on request.

`window_page` serves the page at `/` from the static files in `window/`; `admin_window` is what that page is built on:
`inspection` of a picture, the journal's events (`journal_feed`), `replay`, `error_catalogue`. `admin_guard` stands
before both and before `/__mock/`.

Beside it: `settings`, `cores`, `cli` with `edit_command`, `quality_command` and `healthcheck`; `openapi` writes the
document;
`photos_command` writes the pack of generated pictures (`pack_picture`, `pack_faces`, `pack_files`);
`native_chatter` keeps the terminal quiet, `native_threads` each picture to one core.
"""
