# syntax=docker/dockerfile:1
# The wheel is built in a stage of its own; the final image holds Python, the locked dependencies and the wheel.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements-build.lock ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE THIRD_PARTY.md ./
COPY docs/sbom.cdx.json docs/sbom.cdx.json
COPY quality/ quality/
COPY transforms/ transforms/
COPY server/ server/
RUN python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .

FROM python:3.13-slim
# A volume on the folder below starts out as this user's: for --tls-dir and --state.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin ailab \
    && install --directory --owner 10001 /var/lib/ailab-mock
COPY requirements-postgres.lock /tmp/requirements.lock
RUN python -m pip install --no-cache-dir --require-hashes -r /tmp/requirements.lock && rm /tmp/requirements.lock
COPY --from=build /wheels/ /wheels/
RUN python -m pip install --no-cache-dir --no-deps /wheels/*.whl && rm -r /wheels
ENV AILAB_MOCK_HOST=0.0.0.0 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001
EXPOSE 18463
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["ailab-mock", "healthcheck"]
ENTRYPOINT ["ailab-mock"]
