# Every target works as the first command after a clone: each builds .venv when it needs it.
PYTHON ?= python3
BIN := .venv/bin
# More than cores: tests wait more than they compute.
JOBS ?= 4
NODE_PACKAGES := $(or $(SKEWCHECK_TEST_NODE),.ci/node)

.PHONY: setup software fix check test cover covered conformance demo bench package tutorial screens clean

setup: .venv/ready

.venv/ready: pyproject.toml expose/pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' --editable ./expose
	$(BIN)/python -m compileall -q .venv/lib skewcheck >/dev/null || true
	touch $@

# Other people's software, old and new, that tests talk to; without it they are skipped.
# websockify goes without its dependencies: it needs none of them to bridge.
software: $(NODE_PACKAGES)/.ready .ci/websockify/0.8.0/.ready .ci/websockify/0.12.0/.ready

$(NODE_PACKAGES)/.ready: tests/software/package.json
	mkdir -p $(@D)
	cp $< $(@D)/package.json
	npm install --prefix $(@D) --no-audit --no-fund --no-package-lock --ignore-scripts --silent
	touch $@

.ci/websockify/%/.ready: | setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade \
	  --target $(@D) websockify==$*
	touch $@

fix: setup
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

check: setup
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# With COVER=1 it measures coverage as it goes, for `make covered` to judge.
test: setup
	$(if $(COVER),$(BIN)/coverage erase)
	$(if $(COVER),$(BIN)/coverage run -m pytest -q,$(BIN)/pytest) -n $(JOBS) --dist loadfile $(ARGS)

# What every engine and platform adapter must survive: kills, crowds, faults. Prints its counts.
conformance: setup
	$(BIN)/pytest conformance -n $(JOBS) --dist loadgroup $(ARGS)

cover:
	$(MAKE) test COVER=1
	$(MAKE) covered

# The core and what renders it are covered whole; the rest at nine tenths.
covered: setup
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include='skewcheck/core/*,skewcheck/render/*' --fail-under=100 --skip-covered --show-missing
	$(BIN)/coverage report --fail-under=90 --skip-covered

demo: setup
	@$(BIN)/skewcheck demo

# Some peers are libraries: without them the benchmarks say so and go on.
bench: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m benchmarks

# What a release is: wheels and sources of both distributions, and what an installation of the command
# brings with it. TAG=vX.Y.Z has to name the version.
package: setup
	rm -rf dist sbom
	$(BIN)/python -m build --outdir dist .
	$(BIN)/python -m build --outdir dist expose
	$(if $(TAG),test -f dist/skewcheck-$(TAG:v%=%).tar.gz)
	$(BIN)/python -m venv --without-pip sbom/venv
	$(BIN)/python -m pip --python sbom/venv install --quiet "$$(echo dist/skewcheck-*.whl)[serve]"
	$(BIN)/cyclonedx-py environment --validate --output-reproducible \
	  --output-file sbom/skewcheck.cdx.json sbom/venv/bin/python
	rm -rf sbom/venv

# Follows docs/tutorial.md word by word, and writes down what came of it.
tutorial: setup
	$(BIN)/python -m tests.tutorial

screens: setup
	$(BIN)/python docs/screens.py

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage dist sbom .ci/node .ci/websockify
