# Each target makes its own environment; a fresh machine needs Python 3.11+, make and, for the browser tests, Debian's apt.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
HOST   ?= 127.0.0.1
PORT   ?= 8000

.PHONY: demo test lint bench soak browser clean

demo: $(VENV)/.demo           ## the Reading Room on http://127.0.0.1:8000
	$(BIN)/footfall demo --host $(HOST) --port $(PORT)

test: lint browser            ## lint, format, types, and every test but the long ones
	$(BIN)/python -m pytest -q -m "not long" --numprocesses auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.dev            ## what is checked without running anything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.dev           ## the benchmark tables, and build/bench.json
	$(BIN)/python -m benchmarks

soak: $(VENV)/.dev            ## the long runs
	$(BIN)/python -m pytest -q -m long --numprocesses auto --dist loadfile --no-loadscope-reorder
	$(BIN)/python -m soak.cookies
	KILL_ROUNDS=100 $(BIN)/python -m pytest -q tests/analytics/test_kill9.py

browser:                      ## Chromium, where this machine lets us install it
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || sh tests/install_chromium.sh

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	@echo "Installing what the demo needs; about a minute, the first time only"
	$(BIN)/python -m pip install -qq --editable '.[demo]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	@echo "Installing what the tests need; about two minutes, the first time only"
	$(BIN)/python -m pip install -qq --editable '.[dev]'
	@touch $@ $(VENV)/.demo

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Footfall needs Python 3.11 or newer; set PYTHON=python3.12, say") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

clean:                        ## everything that the targets above made, but no data
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
