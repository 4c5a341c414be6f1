# `make run` and `make test` are all that is needed; each prepares what it needs by itself.
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
# Tests start many processes: what the first has compiled is kept for the others.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test lint check-style check-types check-content format pictures bench lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/run ## Serve on http://127.0.0.1:8000 (PORT=… for another port)
	$(BIN)/coldboard serve --port $(PORT)

test: .venv/dev ## Run every test, real Chromium included
	sh scripts/ensure-chromium
	$(BIN)/python -m pytest --numprocesses logical

lint: .venv/dev ## Check style, types, spelling and content
	$(MAKE) --jobs=2 --output-sync check-types check-content check-style

check-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/typos

check-types:
	$(BIN)/mypy

check-content:
	$(BIN)/coldboard check-content

format: .venv/dev ## Bring Python files into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pictures: .venv/run ## Draw the pictures of the content anew
	sh scripts/draw-pictures

bench: .venv/dev ## Measure ink, round trips, pages and the checker (see bench/README.md)
	sh scripts/ensure-chromium
	$(BIN)/python -m bench.ink
	$(BIN)/python -m bench.roundtrip
	$(BIN)/python -m bench.live
	$(BIN)/python -m bench.page
	$(BIN)/python -m bench.checker
	$(BIN)/python -m bench.progress

lock: ## Renew the lock files; needs uv
	uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-header --no-annotate -o requirements-dev.lock

clean: ## Remove the virtual environment and caches
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results

# The stamps say which lock the environment was made from.
.venv/run: requirements.lock pyproject.toml
	sh scripts/make-venv $(PYTHON) requirements.lock
	touch $@

.venv/dev: requirements-dev.lock pyproject.toml
	sh scripts/make-venv $(PYTHON) requirements-dev.lock
	touch $@ .venv/run
