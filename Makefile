# Everything a person does with this project has a name here; `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PORT ?= 8000
# How many test processes run side by side.
JOBS ?= 2
# More words for pytest: make test ARGS="tests/unit -x"
ARGS ?=

.PHONY: help run test test-long sure lint format types contracts bench lighthouse screenshots docs lock clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(STAMP) ## Set up, fill the demo practice into an empty database and serve it on http://127.0.0.1:$PORT
	@PORT=$(PORT) PRACTICE_MODE=demo exec $(BIN)/python -m flask --app app serve

test: $(STAMP) ## Run every test
	@$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

test-long: $(STAMP) ## Run the races and the property tests again, at a larger scale, and the lengthy tests
	@PRACTICE_TEST_SCALE=long $(BIN)/python -m pytest -n $(JOBS) -m long $(ARGS)

sure: lint types contracts test ## Check everything: style, types, import contracts, house rules, tests

lint: $(STAMP) ## Check style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(STAMP) ## Mend style and formatting where that is safe
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(STAMP) ## Check types
	@$(BIN)/mypy

contracts: $(STAMP) ## Check that imports point downwards only
	@$(BIN)/lint-imports

bench: $(STAMP) ## Measure speed and memory (on a machine that does nothing else)
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.clients
	@$(BIN)/python -m bench.series

lighthouse: $(STAMP) lighthouse/node_modules ## Measure the main pages with Lighthouse (needs Node 18 and Chromium)
	@$(BIN)/python -m lighthouse

lighthouse/node_modules: lighthouse/package-lock.json
	@cd lighthouse && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

screenshots: $(STAMP) ## Take the pictures of the documents, and every page of the demo practice in docs/screenshots/
	@$(BIN)/python -m docs.pictures
	@$(BIN)/python -m docs.screenshots

docs: $(STAMP) ## Draw the diagrams of docs/architecture.md from the imports and the table of steps
	@$(BIN)/python -m docs.layers
	@$(BIN)/python -m docs.lifecycle

lock: $(STAMP) ## Write requirements.lock anew from pyproject.toml (UPGRADE=1 takes newer releases)
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --group dev \
	  $(if $(UPGRADE),--upgrade) -o requirements.lock pyproject.toml

clean: ## Remove what can be made again, but never instance/
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
	@if [ ! -L $(VENV) ]; then rm -rf $(VENV); fi

# A link in the place of the environment points at one that somebody keeps: it is used as it is.
$(STAMP): requirements.lock
	@if [ -L $(VENV) ]; then \
	  echo "Using the environment that $(VENV) links to, as it is."; \
	else \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it with make PYTHON=…")'; \
	  $(PYTHON) -m venv --clear $(VENV); \
	  echo "Installing what requirements.lock names …"; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; \
	fi
	@touch $@
