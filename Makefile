# Drumbeat: the commands people and CI run. Everything goes through .venv.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.stamp
WORKERS ?= 2
# Each command the tests start is a process of its own: compiling the sources anew in every one of
# them would be most of what it does.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-slow check lock connector screenshots bench clean help

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(STAMP)-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Drumbeat needs Python 3.11 or newer with venv. Install it with:"; \
	  echo "  sudo apt-get install -y python3.11 python3.11-venv"; \
	  echo "and run: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's venv module is missing. Install it with:"; \
	  echo "  sudo apt-get install -y $$($(PYTHON) -c 'import sys; print(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")')"; \
	  exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@touch $@

$(STAMP)-run: requirements.lock pyproject.toml $(STAMP)-python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMP)-dev: requirements-dev.lock $(STAMP)-run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(STAMP)-run ## set up and start the demo: three campaigns in a simulated market
	$(BIN)/drumbeat demo

test: $(STAMP)-dev ## set up and run the tests (minutes)
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow"

test-slow: $(STAMP)-dev ## the long profiles: process kills, long simulations, full bench
	$(BIN)/python -m pytest -n $(WORKERS) -m slow --timeout 3600

check: $(STAMP)-dev ## format, lint, types and import contracts (seconds)
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

connector: $(STAMP)-run ## scaffold a connector with its tests: make connector name=acme
	@test -n "$(name)" || { echo "usage: make connector name=acme"; exit 2; }
	$(BIN)/python -m drumbeat.connectors.scaffold "$(name)"

screenshots: $(STAMP)-dev ## write every screen in both themes to docs/images
	$(BIN)/python -m tests.web.screenshots docs/images/screens docs/images

bench: $(STAMP)-run ## the figures of the README and docs, measured here
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python -m "benchmarks.$$(basename $$file .py)"; done

lock: ## recompile both lock files (names, versions and hashes only)
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate pyproject.toml requirements-build.in -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --group dev -c requirements.lock -o requirements-dev.lock

clean: ## remove what the commands made
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis
