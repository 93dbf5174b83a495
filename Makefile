# Needs Python 3.11 to 3.13, git and make; uses uv where it is installed, for speed only.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)

ifdef UV
CREATE = uv venv --quiet --clear --python "$(PYTHON)" "$(VENV)"
INSTALL = uv pip install --quiet --python "$(BIN)/python" --require-hashes
COMPILE = --compile-bytecode
INSTALL_PROJECT = uv pip install --quiet --python "$(BIN)/python" --no-deps --no-build-isolation --editable .
else
CREATE = "$(PYTHON)" -m venv --clear "$(VENV)"
INSTALL = "$(BIN)/python" -m pip install --quiet --disable-pip-version-check --require-hashes
COMPILE = --compile
INSTALL_PROJECT = "$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif

.PHONY: serve test lint check lock clean

serve: $(VENV)/serve.stamp  ## set up and serve; ARGS="--port 8000" passes options
	@"$(BIN)/ailab-mock" $(ARGS)

test: $(VENV)/test.stamp  ## set up and run the test suite; ARGS="-k sdk" passes options
	@"$(BIN)/python" -m pytest $(ARGS)

lint: $(VENV)/test.stamp  ## format, lint and types
	@"$(BIN)/ruff" format --check .
	@"$(BIN)/ruff" check .
	@"$(BIN)/mypy"

check: lint test  ## what CI runs

lock:  ## write the lock files anew (needs uv)
	@.ci/lock

clean:
	rm -rf "$(VENV)"

$(VENV)/bin/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "ailab-mock needs Python 3.11, 3.12 or 3.13; this is %d.%d: make PYTHON=python3.12" % sys.version_info[:2])'
	@$(CREATE)

$(VENV)/serve.stamp: requirements.lock requirements-build.lock pyproject.toml | $(VENV)/bin/python
	@# Compiled once here: a server that compiles what it imports is ready half a second later, where Python may not
	@# keep the result (PYTHONDONTWRITEBYTECODE, as in many containers) at every start.
	@$(INSTALL) $(COMPILE) -r requirements.lock -r requirements-build.lock
	@$(INSTALL_PROJECT)
	@"$(BIN)/python" -m compileall -q server transforms quality
	@touch $@

$(VENV)/test.stamp: requirements-dev.lock $(VENV)/serve.stamp
	@$(INSTALL) -r requirements-dev.lock
	@touch $@
