.DEFAULT_GOAL := help
.PHONY: help setup run test check fix demo clean
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

help: ## この一覧を出す / show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

setup: $(VENV)/ready ## 仮想環境を作り、固定された版を入れる / make the environment and install the locked versions

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 以降が必要です / Python 3.11 or later is needed"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "python3-venv を入れてください / install python3-venv"; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: $(VENV)/ready ## 見本の市を動かす / run the demo town (PORT=8000)
	@PORT=$(PORT) $(BIN)/madoguchi demo

test: $(VENV)/ready-dev ## CI と同じ試験 / everything CI runs
	@BIN=$(BIN) ./tests/run_all

check: $(VENV)/ready-dev ## 書式・型・階の決まり / style, types and floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fix: $(VENV)/ready-dev ## 書式を直す / mend the style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## 作ったものを消す（データも） / remove what was made, data included
	rm -rf $(VENV) var
