# `make run` starts the desk, `make` lists what else there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The example with a build of its own.
REACT := examples/orders-react
# Processes that the tests are spread over.
WORKERS ?= 2
# Each has a stretch of its own, and takes from another's when it is done: what a stretch shares is made once.
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
APT_GET := DEBIAN_FRONTEND=noninteractive apt-get

# A virtual environment whose Python is gone (the system was upgraded) is made anew.
ifneq ($(wildcard $(VENV)),)
ifneq ($(shell $(BIN)/python -c 'print("works")' 2>/dev/null),works)
$(shell rm -rf $(VENV))
endif
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demo test check lint fix bench screenshot routes lock tools

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

run: $(VENV)/.run ## Install, migrate and serve: the one command for a desk
	@exec $(BIN)/python -m dashboard.server.supervisor

demo: $(VENV)/.run ## The same with sample data, apart from yours in var/demo
	@unset DATABASE_URL; export DATA_DIR=var/demo; \
	$(BIN)/flask --app wsgi demo && exec $(BIN)/python -m dashboard.server.supervisor

test: $(VENV)/.test tools tests/node_modules/.done $(REACT)/node_modules/.done ## All tests on SQLite, those of the database on PostgreSQL too (DATABASE=postgresql: all; ONLY: marks)
	@$(call pytest,$(if $(ONLY),-m "$(ONLY)"))
	node --test tests/js/*.test.mjs
ifeq ($(DATABASE)$(DATABASE_URL),)
	@export DATABASE=postgresql; $(call pytest,-m database)
endif

check: lint test ## Format, lint, types and tests: what must hold before a change is shared

lint: $(VENV)/.test ## Format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

fix: $(VENV)/.test ## Format, and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.test ## Measure against a floor (SIZE=1k, 10k, 100k or 1m)
	$(BIN)/python -m bench $(SIZE)

screenshot: $(VENV)/.test ## Make the README's pictures anew
	$(BIN)/python -m docs.screenshot

routes: $(VENV)/.run ## The map of addresses
	@$(BIN)/flask --app wsgi routes

lock: $(VENV)/.uv ## Pin what pyproject.toml asks for, with hashes
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --group pyproject.toml:test \
		-c requirements.txt -o tests/requirements.txt

# Stories of browsers and processes share one machine with all the others: what failed is told, and gets a second
# try by itself. What passes only then depends on chance, which is a defect to be mended like any other.
define pytest
echo "$(PYTEST) $(1)"; $(PYTEST) $(1) || { [ $$? -eq 1 ] && echo "What failed above, once more by itself:" && \
$(PYTEST) $(1) --last-failed --last-failed-no-failures none; }
endef

# Where a step is done, a file in the virtual environment says so: a second run finds nothing to do.

$(VENV)/.venv:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed; there is no $(PYTHON)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { missing=python3-venv; $(apt); }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.uv: $(VENV)/.venv .ci/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/uv.txt || \
		echo "Without uv, pip installs: it takes a little longer."
	@touch $@

$(VENV)/.run: $(VENV)/.uv requirements.txt
	@$(call install,-r requirements.txt)
	@touch $@

$(VENV)/.test: $(VENV)/.run tests/requirements.txt
	@$(call install,-r requirements.txt -r tests/requirements.txt)
	@touch $@

# Published clients that the tests let loose on the desk; whoever only runs it needs none of them.
tests/node_modules/.done: tests/package.json tests/package-lock.json | tools
	@echo "Installing: clients for the tests"
	@npm ci --prefix tests --silent --ignore-scripts --no-audit --no-fund
	@touch $@

# What builds the example, so that a test can say whether the built files are those of the source.
$(REACT)/node_modules/.done: $(REACT)/package.json $(REACT)/package-lock.json | tools
	@echo "Installing: what builds $(REACT)"
	@npm ci --prefix $(REACT) --silent --ignore-scripts --no-audit --no-fund
	@touch $@

# uv asks the index that pip is set to; where it cannot, pip does the same itself.
define install
echo "Installing: $(1)"; \
export UV_NATIVE_TLS=1 UV_INDEX_URL="$${UV_INDEX_URL:-$$($(BIN)/python -m pip config get global.index-url 2>/dev/null)}"; \
[ -n "$$UV_INDEX_URL" ] || unset UV_INDEX_URL; \
{ [ -x $(BIN)/uv ] && $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes $(1); } || \
$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes $(1)
endef

# Root installs what is $$missing, others are told what to type.
define apt
if [ "$$(id -u)" != 0 ]; then echo "Please type: sudo apt-get install $${missing# }" >&2; exit 1; fi; \
echo "Installing from the system's packages: $${missing# }"; \
$(APT_GET) update -qq && $(APT_GET) install -y -qq --no-install-recommends $$missing >/dev/null
endef

# What the tests need from the system. Ubuntu's Chromium is a snap, which cannot be driven from here.
tools:
	@missing=""; \
	[ -n "$(CHROMIUM)" ] || case "$$(command -v chromium)" in ""|/snap/*) missing="$$missing chromium";; esac; \
	[ -n "$(DATABASE_URL)" ] || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
		command -v initdb >/dev/null || missing="$$missing postgresql"; \
	command -v curl >/dev/null || missing="$$missing curl"; \
	command -v redis-server >/dev/null || missing="$$missing redis-server"; \
	command -v node >/dev/null || missing="$$missing nodejs"; \
	command -v npm >/dev/null || missing="$$missing npm"; \
	case "$$missing" in *chromium*) if grep -qs '^ID=ubuntu' /etc/os-release; then \
		echo "The tests need a browser that is no snap: make test CHROMIUM=/path/to/chrome" >&2; exit 1; fi;; esac; \
	[ -z "$$missing" ] || { $(apt); }
