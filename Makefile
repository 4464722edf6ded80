# The one door to this project: `make help`.
PYTHON ?= python3
BIN := .venv/bin
SAMPLE := sample_projects/shop
SEED ?= 1
RUNS ?= 2000

.DEFAULT_GOAL := help
.PHONY: help demo test lint golden corpus real bench truth fuzz clean browser

help: ## what there is to do
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 10

.venv/installed: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@$(BIN)/python -m compileall -q cycles # an editable install does not, and start-up would pay for it
	@touch $@

.venv/developing: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

.venv/benching: .venv/developing
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

demo: .venv/installed ## install, then look at the cycles of a sample project
	cd $(SAMPLE) && ../../$(BIN)/cycles scc shop
	cd $(SAMPLE) && ../../$(BIN)/cycles cuts shop
	@mkdir -p build
	cd $(SAMPLE) && ../../$(BIN)/cycles draw shop -o $(CURDIR)/build/shop.svg
	cd $(SAMPLE) && ../../$(BIN)/cycles draw shop -o $(CURDIR)/build/shop.html
	cd sample_projects/agent_core && ../../$(BIN)/cycles draw ee.hogai --root posthog -o $(CURDIR)/build/agent_core.svg
	cd sample_projects/agent_core && ../../$(BIN)/cycles draw ee.hogai --root posthog -o $(CURDIR)/build/agent_core.html

lint: .venv/developing
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/cycles scc cycles --graph all

test: lint browser ## everything that CI runs: format, lint, types, architecture, tests with coverage
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered -q

browser: ## see to a Chromium for the tests of the HTML page: the system's, installed where there is none
	@test -n "$$CYCLES_CHROMIUM" && exit; \
	for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do command -v $$name >/dev/null && exit; done; \
	if test $$(id -u) = 0; then as_root=; else as_root="sudo -n"; fi; \
	{ $$as_root apt-get -qq update && $$as_root apt-get -qq install -y --no-install-recommends chromium; } || \
	echo "NO BROWSER: Chromium cannot be installed from the system's packages; the HTML page is not tested" >&2

golden: .venv/developing ## rewrite the expected outputs of the samples; read the diff like code
	$(BIN)/python tests/golden.py

corpus: .venv/developing ## download the real packages of benchmarks/corpus.txt into corpus/
	$(BIN)/python benchmarks/download.py

real: corpus ## the tests that need the corpus
	$(BIN)/python -m pytest -m real -q

bench: corpus .venv/benching ## speed and memory beside other tools, into benchmarks/RESULTS.md
	$(BIN)/python benchmarks/run.py

truth: .venv/developing ## predicted first imports beside the truth on real packages, into benchmarks/TRUTH.md
	$(BIN)/python benchmarks/truth.py

fuzz: .venv/developing ## every command on hostile packages: SEED=1 RUNS=2000; what fails is kept in build/fuzz
	$(BIN)/python tests/fuzz.py --seed $(SEED) --runs $(RUNS)

clean: ## remove what make has made
	rm -rf .venv build corpus .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage *.egg-info
