# Every target works as the first command after a clone: each builds .venv when it needs it.
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2

.PHONY: setup fix check test cover demo bench screens clean

setup: .venv/ready

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(BIN)/python -m compileall -q .venv/lib skewcheck >/dev/null || true
	touch $@

fix: setup
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

check: setup
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

test: setup
	$(BIN)/pytest -n $(JOBS) --dist loadfile $(ARGS)

# The core and what renders it are covered whole; the rest at nine tenths.
cover: setup
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q $(ARGS)
	$(BIN)/coverage report --include='skewcheck/core/*,skewcheck/render/*' --fail-under=100 --skip-covered --show-missing
	$(BIN)/coverage report --fail-under=90 --skip-covered

demo: setup
	@$(BIN)/skewcheck demo

bench: setup
	$(BIN)/python -m benchmarks

screens: setup
	$(BIN)/python docs/screens.py

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage dist
