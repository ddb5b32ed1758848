# Plain targets for people. GNU make 3.81, the one on macOS, is enough.

PORT ?= 8000
WORKERS ?= auto
ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python

# Which Python may lay the floor: the one already in .venv, else uv's, else the first that is new enough.
UV := $(shell command -v uv 2>/dev/null)
FOUND := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then command -v "$$name"; break; fi; done)
ifneq ($(wildcard $(PY)),)
LAUNCH := $(PY)
else ifneq ($(UV),)
LAUNCH := $(UV) run --no-project --quiet --python '>=3.11' python
else
LAUNCH := $(FOUND)
endif

.DEFAULT_GOAL := help
.PHONY: help run test check bench evaluate train soak lock demo-data fmt clean
.PHONY: python runtime dev training browser check-lint check-format check-types check-imports check-structure

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: runtime ## the demo: an invented council with phones on screen (PORT=8000)
	@exec $(VENV)/bin/kit demo --port $(PORT)

test: dev browser ## every test, on SQLite and PostgreSQL (ARGS="-k segments" for some)
	$(PY) -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: check-lint check-format check-types check-imports check-structure ## lint, format, types, import directions, structure

bench: dev ## the measurements behind docs/performance.md
	$(PY) -m tools.bench $(ARGS)

evaluate: dev ## how well replies are understood, beside plain baselines (docs/understanding.md)
	$(PY) -m tools.understanding $(ARGS)

train: training ## make the reader of replies anew from the labelled texts (an hour)
	$(PY) -m tools.understanding.training $(ARGS)

soak: dev ## the long proofs: 5,000 texts, 30 kills, three simulated years (half an hour)
	KIT_TEST_BURST=5000 KIT_TEST_KILLS=30 $(PY) -m pytest tests/processes $(ARGS)
	PYTHONPATH=tests:. $(PY) -m soak.three_years

lock: dev ## renew requirements/*.txt from pyproject.toml (ARGS=--upgrade for newer versions)
	$(PY) -m tools.lock $(ARGS)

demo-data: dev ## rebuild the demo's year of history
	$(PY) -m tools.demo_data $(ARGS)

fmt: dev ## put the code into the house's format, and mend what ruff can mend
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .

clean: ## remove what the other targets made here (data/ is never touched)
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Below: the parts of the targets above.

python:
	@test -n "$(LAUNCH)" || { printf '%s\n' \
	  'Keep in Touch needs Python 3.11 or newer, and none was found.' \
	  '  Debian, Ubuntu:  sudo apt-get install python3 python3-venv' \
	  '  macOS:           brew install python' \
	  '  anywhere:        install uv, which brings its own Python' >&2; exit 1; }

runtime dev: python
	@$(LAUNCH) -m tools.bootstrap $@

training: python
	@$(LAUNCH) -m tools.bootstrap train

browser: dev
	@$(PY) -m tools.browser

check-lint: dev
	$(PY) -m ruff check .

check-format: dev
	$(PY) -m ruff format --check --output-format concise .

check-types: dev
	$(PY) -m mypy

check-imports: dev
	$(VENV)/bin/lint-imports --no-logo

check-structure: dev
	$(PY) -m pytest tests/test_structure.py
