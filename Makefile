# make demo: one problem, end to end, into demo.mp4.   make test: everything but the slow tests, alike in every run.
# Both install what is missing first.
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
PROJECTS := pyproject.toml $(wildcard adapters/*/pyproject.toml plugins/*/pyproject.toml)

.DEFAULT_GOAL := help
.PHONY: help setup demo serve lint format test test-all catalogues bench docs lock clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: .venv/.ready ## install what is missing: Debian packages (as root), virtual environment, this workspace

.venv/.ready: requirements.lock $(PROJECTS) scripts/setup.sh
	@PYTHON="$(PYTHON)" scripts/setup.sh

demo: setup ## solve one equation and leave the video in demo.mp4
	$(BIN)/botcore render "solve x^2 - 5x + 6 = 0" -o demo.mp4

serve: setup ## start the server on http://127.0.0.1:8080
	$(BIN)/botcore serve

lint: setup ## style, strict types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## write the style into the files
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: lint ## lint, then all tests but the slow ones; the same examples and the same order of sets every time
	PYTHONHASHSEED=0 $(PYTEST) -m "not slow" -n 2 --dist loadfile

test-all: lint ## lint, then all tests: kills, corpora, wheels; and new examples every time
	$(PYTEST) -n 2 --dist loadfile --hypothesis-profile exploring

catalogues: setup ## bring the translations up to date with the sentences in the code
	$(BIN)/python -m scripts.catalogues

bench: setup ## the figures, as one JSON in bench.json
	$(BIN)/python -m tests.bench $(FIGURES)

docs: setup ## build the documentation into site/
	$(BIN)/mkdocs build --strict

lock: setup ## write requirements.lock anew
	scripts/lock.sh

clean: ## remove what was built
	rm -rf .venv site dist build demo.mp4 bench.json
