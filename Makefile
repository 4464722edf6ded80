# The one door to this project: `make help`.
PYTHON ?= python3
# Each interpreter has an environment of its own: `make test PYTHON=python3.13` makes and uses .venv-3.13.
VENV := $(if $(filter python3,$(PYTHON)),.venv,.venv-$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'))
SCRIPTS := $(if $(filter Windows_NT,$(OS)),Scripts,bin)
BIN := $(VENV)/$(SCRIPTS)
INSTALL := -m pip install --quiet --disable-pip-version-check
# As many processes as there are cores; who has nothing left to do takes over from the others.
PYTEST := -m pytest -q --numprocesses=auto --dist=worksteal
SAMPLE := sample_projects/shop
SEED ?= 1
# Where `make startup` makes its environments: some gigabytes.
STARTUP_ENVS ?= build/startup
STARTUP_PYTHON ?= python3.12
RUNS ?= 2000

.DEFAULT_GOAL := help
.PHONY: help demo test suite lint coverage golden corpus real bench truth startup fixes traps fuzz newest lowest wheel browser clean

help: ## what there is to do
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 10

$(VENV)/installed: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python $(INSTALL) --editable .
	@$(BIN)/python -m compileall -q cycles # an editable install does not, and start-up would pay for it
	@touch $@

# `[dependency-groups]` need pip 25.1; a new environment has the pip of its Python.
$(VENV)/developing: $(VENV)/installed
	$(BIN)/python $(INSTALL) --upgrade 'pip>=25.1'
	$(BIN)/python $(INSTALL) --editable . --group dev
	@touch $@

$(VENV)/benching: $(VENV)/developing
	$(BIN)/python $(INSTALL) --editable . --group bench
	@touch $@

demo: $(VENV)/installed ## install, and show the cycles of a sample project
	cd $(SAMPLE) && ../../$(BIN)/cycles scc shop
	cd $(SAMPLE) && ../../$(BIN)/cycles cuts shop
	@mkdir -p build
	cd $(SAMPLE) && ../../$(BIN)/cycles draw shop -o $(CURDIR)/build/shop.svg
	cd $(SAMPLE) && ../../$(BIN)/cycles draw shop -o $(CURDIR)/build/shop.html
	cd sample_projects/agent_core && ../../$(BIN)/cycles draw ee.hogai -o $(CURDIR)/build/agent_core.svg
	cd sample_projects/agent_core && ../../$(BIN)/cycles draw ee.hogai -o $(CURDIR)/build/agent_core.html

test: lint suite ## format, lint, types, architecture and all tests; PYTHON=python3.13 for another interpreter

suite: $(VENV)/developing browser ## the tests alone
	$(BIN)/python $(PYTEST)

lint: $(VENV)/developing ## format, lint, types, architecture
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/cycles scc cycles --graph all

coverage: $(VENV)/developing browser ## all tests again, measured: it takes twice as long, and fails below the limit
	$(BIN)/python $(PYTEST) --cov --cov-report=term-missing:skip-covered

newest: browser ## the tests with the newest versions of all dependencies, in an environment of their own
	@test -x $(VENV)-newest/$(SCRIPTS)/python || $(PYTHON) -m venv $(VENV)-newest
	$(VENV)-newest/$(SCRIPTS)/python $(INSTALL) --upgrade pip
	$(VENV)-newest/$(SCRIPTS)/python $(INSTALL) --upgrade --upgrade-strategy eager --editable . --group dev
	$(VENV)-newest/$(SCRIPTS)/python $(PYTEST)

lowest: browser ## the tests with the lowest versions of the dependencies that pyproject.toml allows, likewise
	@test -x $(VENV)-lowest/$(SCRIPTS)/python || $(PYTHON) -m venv $(VENV)-lowest
	$(VENV)-lowest/$(SCRIPTS)/python $(INSTALL) --upgrade 'pip>=25.1' packaging
	$(VENV)-lowest/$(SCRIPTS)/python tests/lowest.py > $(VENV)-lowest/constraints.txt
	@# In two steps: a tool of the developers may also be a dependency, and is pinned for them to another version.
	$(VENV)-lowest/$(SCRIPTS)/python $(INSTALL) --editable . --group dev
	$(VENV)-lowest/$(SCRIPTS)/python $(INSTALL) --constraint $(VENV)-lowest/constraints.txt --editable .
	$(VENV)-lowest/$(SCRIPTS)/python $(PYTEST)

wheel: $(VENV)/developing ## build wheel and sdist into dist/, and use the wheel in a bare environment
	$(BIN)/python tests/wheel.py

browser: ## see to a Chromium for the tests of the HTML page: the system's, installed where there is none
	@test -n "$$CYCLES_CHROMIUM" && exit; \
	for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do command -v $$name >/dev/null && exit; done; \
	if test $$(id -u) = 0; then as_root=; else as_root="sudo -n"; fi; \
	{ $$as_root apt-get -qq update && $$as_root apt-get -qq install -y --no-install-recommends chromium; } || \
	echo "NO BROWSER: Chromium cannot be installed from the system's packages; the HTML page is not tested" >&2

golden: $(VENV)/developing ## rewrite the expected outputs of the samples; read the diff like code
	$(BIN)/python tests/golden.py

corpus: $(VENV)/developing ## download the real packages of benchmarks/corpus.txt into corpus/
	$(BIN)/python benchmarks/download.py
	$(BIN)/python benchmarks/releases.py

real: corpus ## the tests that need the corpus
	$(BIN)/python -m pytest -m real -q

bench: corpus $(VENV)/benching ## speed and memory beside other tools, into benchmarks/RESULTS.md
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/check.py
	$(BIN)/python benchmarks/groups.py

truth: $(VENV)/developing ## predicted first imports beside the truth on real packages, into benchmarks/TRUTH.md
	$(BIN)/python benchmarks/truth.py

startup: $(VENV)/developing ## what pinned applications load beside real imports, and what plans save, into benchmarks/STARTUP.md
	STARTUP_ENVS=$(STARTUP_ENVS) STARTUP_PYTHON=$(STARTUP_PYTHON) $(BIN)/python benchmarks/startup.py

fixes: $(VENV)/developing ## every promised fix made on real packages, packages taken apart as a whole, into benchmarks/FIXES.md; needs beside interpreters
	$(BIN)/python benchmarks/fixes.py
	$(BIN)/python benchmarks/whole_fixes.py
	$(BIN)/python benchmarks/definitions.py

traps: $(VENV)/developing ## small packages that are hard to follow: how many first imports are predicted right
	$(BIN)/python benchmarks/traps.py

fuzz: $(VENV)/developing ## every command on hostile packages: SEED=1 RUNS=2000; what fails is kept in build/fuzz
	$(BIN)/python tests/fuzz.py --seed $(SEED) --runs $(RUNS)

clean: ## remove what make has made
	rm -rf .venv .venv-* build dist corpus .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* *.egg-info
