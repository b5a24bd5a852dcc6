# `make run` starts the product, `make test` proves it; both do their own set-up.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.PHONY: help run test lint format messages

PYTHON ?= python3
export PORT ?= 8000
# Compiled modules are kept whatever the shell says: a start without them takes three times longer.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
# Modules are compiled when they are first used: that saves seconds of the first start.
PIP := $(BIN)/python -m pip --disable-pip-version-check install -q --require-hashes --no-compile

# A stamp carries the hash of what it stands for, so that a second start skips what is done.
hash = $(shell { $(PYTHON) --version; cat $(1); } 2>&1 | sha256sum | cut -c1-16)
READY := .venv/ready-$(call hash,requirements.txt)
READY_TO_TEST := .venv/ready-to-test-$(call hash,requirements.txt requirements-dev.txt)

RUN_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
TEST_PACKAGES := chromium gettext poppler-utils qpdf

TEST_DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/test
TEST_REDIS_URL ?= redis://127.0.0.1:6379/9
PYTEST := $(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile

# packages PURPOSE NAME…: install what is missing, where that may be done without asking.
# Where it may not, print the exact line and go on.
define SHELL_FUNCTIONS
packages() {
    local purpose=$$1 missing="" may="sudo -n" line name
    for name in "$${@:2}"; do
        dpkg-query -W -f '$${Status}' "$$name" 2>/dev/null | grep -q "ok installed" \
            || missing+=" $$name"
    done
    [ -n "$$missing" ] || return 0
    [ "$$(id -u)" != 0 ] || may=""
    line="apt-get install -y --no-install-recommends$$missing"
    if command -v apt-get >/dev/null && $$may true 2>/dev/null; then
        echo "Installing$$missing"
        may+=" env DEBIAN_FRONTEND=noninteractive"
        # The lists of packages may be there already, and may be too old.
        $$may $$line -qq >/dev/null 2>&1 && return 0
        $$may apt-get update -qq >/dev/null && $$may $$line -qq >/dev/null && return 0
    fi
    echo "$$purpose will be missing until this is run as root:"
    echo "    apt-get update && $$line"
}
endef

help:
	@echo "make run       start the product (PORT=8123 make run: elsewhere than at 8000)"
	echo "make test      check everything: linters, types, tests on both databases"
	echo "make lint      linters and types alone"
	echo "make format    format the code"
	echo "make messages  collect and compile the texts to translate"

# Started by setpriv, the server ends with make, however make ends.
run: $(READY)
	@with=$$(command -v setpriv || true)
	exec $${with:+$$with --pdeathsig TERM} $(BIN)/python -m config.serve

$(READY):
	@$(SHELL_FUNCTIONS)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
	    echo "Python 3.11 or newer is needed; PYTHON=python3.12 make run names another."
	    exit 1
	}
	venv=python3-venv
	if $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then venv=""; fi
	packages "PDF documents" $(RUN_PACKAGES) $$venv
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || {
	    echo "Nothing can start without python3-venv."
	    exit 1
	}
	echo "Installing the Python packages (half a minute)"
	$(PYTHON) -m venv --clear .venv
	$(PIP) -r requirements.txt
	touch $@

$(READY_TO_TEST): $(READY)
	@$(SHELL_FUNCTIONS)
	packages "Some of the tests" $(TEST_PACKAGES)
	echo "Installing the Python packages of the tests"
	$(PIP) -r requirements-dev.txt
	touch $@

lint: $(READY_TO_TEST)
	@failed=0
	$(BIN)/ruff check . || failed=1
	$(BIN)/ruff format --check . || failed=1
	$(BIN)/djlint templates --lint --quiet || failed=1
	$(BIN)/mypy || failed=1
	env -u DATABASE_URL DATA_DIR=$$(mktemp -d) $(BIN)/python manage.py makemigrations --check --dry-run \
	    || failed=1
	exit $$failed

test: lint
	@echo "SQLite and the broker in a folder:"
	env -u DATABASE_URL -u REDIS_URL $(PYTEST)
	export DATABASE_URL="$(TEST_DATABASE_URL)" REDIS_URL="$(TEST_REDIS_URL)"
	if $(BIN)/python -m tests.servers; then
	    echo "PostgreSQL and Redis:"
	    $(PYTEST) -m "not once"
	elif [ "$${CI:-}" = true ]; then
	    exit 1
	fi

format: $(READY_TO_TEST)
	@$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(READY_TO_TEST)
	@$(BIN)/python manage.py makemessages --locale en --no-location --no-obsolete --no-wrap \
	    --ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*' --ignore 'benchmarks/*'
	$(BIN)/python manage.py compilemessages --locale en
