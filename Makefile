.DEFAULT_GOAL := help
.PHONY: help setup report fast test lab demo check lint lock clean
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PYTHON ?= python3
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)

# install(LOCK): the exact versions in LOCK, hash-checked; uv when it is there, else pip
define install
	@test -x $(BIN)/python || $(if $(UV),$(UV) venv -q --python $(PYTHON) .venv,$(PYTHON) -m venv .venv)
	$(if $(UV),$(UV) pip install -q --python $(BIN)/python --compile-bytecode --require-hashes -r $(1),$(BIN)/python -m pip install -q --require-hashes -r $(1))
	$(if $(UV),$(UV) pip install -q --python $(BIN)/python --no-deps -e .,$(BIN)/python -m pip install -q --no-deps -e .)
endef

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

setup: .venv/report.lock  ## the environment of the reports (no JupyterLab), locked and hash-checked

.venv/report.lock: requirements.lock pyproject.toml $(wildcard helpers/template/*)
	@mkdir -p .venv && sed '/^# extras/,$$d' requirements.lock > .venv.lock
	$(call install,.venv.lock)
	@mv .venv.lock $@

.venv/all.lock: requirements.lock pyproject.toml $(wildcard helpers/template/*)
	$(call install,requirements.lock)
	@cp requirements.lock $@

report: .venv/report.lock  ## the main job: code the articles, run the notebooks, write reports/index.html
	$(BIN)/python -m helpers report

demo: .venv/report.lock  ## the same on a small invented study, with its sentences: reports/demo/index.html
	$(BIN)/python -m helpers report --study tests/study --out reports/demo

test: .venv/all.lock lint  ## all tests
	$(BIN)/python -m pytest -n auto --dist loadfile

check: .venv/all.lock  ## rerun twice and compare bytes, recode the texts, gold gates, lint of the pages
	$(BIN)/python -m helpers check

fast: .venv/all.lock  ## for archives: the coders compiled (needs a C compiler); the same tables, sooner
	$(BIN)/python -m helpers compile

lab: .venv/all.lock  ## JupyterLab on the notebooks
	$(BIN)/python -m jupyterlab --notebook-dir=notebooks --LabApp.default_url=/lab/tree/start.ipynb

lint: .venv/all.lock  ## ruff: style and format, notebooks included
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lock:  ## resolve the versions anew (needs uv)
	$(UV) pip compile pyproject.toml --all-extras -q -o .all.lock $(LOCKFLAGS)
	$(UV) pip compile pyproject.toml -c .all.lock -q -o .report.lock $(LOCKFLAGS)
	@{ echo "# report: what rendering the reports needs"; cat .report.lock; echo "# extras: JupyterLab, clusters, other inputs, tests"; \
	   awk 'NR==FNR{if(/^[a-z]/)have[$$0];next} /^[a-z]/{skip=($$0 in have)} !skip' .report.lock .all.lock; } > requirements.lock
	@rm -f .all.lock .report.lock
LOCKFLAGS := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header

clean:  ## remove everything that can be made again
	rm -rf .venv reports helpers/compiled .pytest_cache .ruff_cache .hypothesis
