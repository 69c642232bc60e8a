# Two commands: `make run` starts everything, `make test` runs every test.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What hangs for so many seconds, a page or a process, fails its test and not the whole run.
PYTEST := $(BIN)/python -m pytest --dist loadfile --timeout 300

.PHONY: run test lint js python-tests tests-without-browser tests-in-browser system-packages clean
.DEFAULT_GOAL := run

run: $(VENV)/run.stamp
	@exec $(BIN)/darksocial serve --demo

test: $(VENV)/test.stamp js_snippet/node_modules/.package-lock.json system-packages
	@$(MAKE) --no-print-directory lint js python-tests

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

js:
	cd js_snippet && npm test --silent

# Apart, since the browser's driver runs an event loop of its own; side by side, since it waits a lot.
python-tests:
	@$(MAKE) --no-print-directory --jobs 2 tests-without-browser tests-in-browser

tests-without-browser:
	$(PYTEST) -m 'not browser' --numprocesses 3

tests-in-browser:
	$(PYTEST) -m browser --numprocesses 1

system-packages:
	@tests/install-system-packages

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null \
	  || { echo "Python 3.10 or newer is missing: install it with 'apt-get install python3'."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python's venv module is missing: install it with 'apt-get install python3-venv'."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: setup.cfg pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/test.stamp: setup.cfg pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/run.stamp

js_snippet/node_modules/.package-lock.json: js_snippet/package.json js_snippet/package-lock.json
	@command -v npm >/dev/null \
	  || { echo "npm is missing: install it with 'apt-get install npm'."; exit 1; }
	cd js_snippet && npm ci --silent --no-audit --no-fund
	@touch $@

clean:
	rm -rf $(VENV) js_snippet/node_modules build dist *.egg-info
