# Each target makes what it lacks and skips what is there.

# A Python that the pinned packages have wheels for.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$p && break; done)
VENV := .venv
# One runtime may serve several checkouts: SPRINGBOARD_RUNTIME=/opt/springboard-runtime make demo
RUNTIME := $(or $(SPRINGBOARD_RUNTIME),.runtime)
RUN := $(VENV)/bin/python
PORT ?= 8000

# What of the tests runs, and beside which services.
DATABASE ?= sqlite
ifeq ($(DATABASE),postgresql)
SERVICES := $(VENV)/bin/python -m tests.services postgresql redis --
MARKS := database$(if $(filter 1,$(QUICK)), and not slow and not services)$(if $(ONLY), and ($(ONLY)))
else ifeq ($(DATABASE),sqlite)
SERVICES :=
MARKS := $(if $(filter 1,$(QUICK)),not slow and not services,$(ONLY))
else
$(error DATABASE is $(DATABASE): write sqlite or postgresql)
endif

SERVER := $(VENV)/.server-ready
DEV := $(VENV)/.dev-ready
MODELS := $(RUNTIME)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo tasks classroom serve client worker test test-fast attacks chaos check check-tasks format runtime setup doctor image images engine ci-fast clean

help: ## show this
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(SERVER) $(MODELS) ## judge the baselines and show them on boards (ONCE=1: then stop; TASK=: of one task)
	@$(RUN) manage.py demo --port $(PORT) $(if $(filter 1,$(ONCE)),--once) $(if $(TASK),--task $(TASK))

classroom: $(SERVER) $(MODELS) ## let a class of 80 submit at once, against a database of its own
	@rm -rf var/classroom
	@SPRINGBOARD_VAR=var/classroom $(RUN) manage.py classroom --port $(PORT) --students $(or $(STUDENTS),80)

serve: $(SERVER) ## the web server, on PORT
	@$(RUN) manage.py migrate --verbosity 0
	@$(RUN) manage.py tasks sync
	@$(RUN) manage.py client
	BIND=127.0.0.1:$(PORT) $(RUN) -m gunicorn -c server/gunicorn_conf.py server.wsgi

tasks: $(SERVER) $(MODELS) ## prepare tasks that are new or have changed, and make them known to the server
	@$(RUN) manage.py migrate --verbosity 0
	@$(RUN) manage.py tasks load

client: $(SERVER) ## the students' package as a wheel
	@$(RUN) manage.py client

worker: $(SERVER) $(MODELS) ## a worker that judges, with the sweep (SLOTS=: at once; QUEUE=gpu DEVICES=auto: on GPUs)
	$(RUN) manage.py worker --beat --queue $(or $(QUEUE),cpu) $(if $(SLOTS),--slots $(SLOTS)) $(if $(DEVICES),--devices $(DEVICES))

test: $(DEV) $(MODELS) ## all tests (QUICK=1: without those that take minutes or start databases and brokers; ONLY=: an expression of pytest's marks; DATABASE=postgresql: those that use a database, on PostgreSQL and Redis; TESTS=: folders)
	@scripts/need_chromium.sh
	$(SERVICES) $(RUN) -m pytest $(if $(MARKS),-m "$(MARKS)") $(TESTS)

test-fast: $(DEV) ## the tests that need no runtime, no sandbox and no browser
	$(RUN) -m pytest -m "not sandbox and not docker and not runtime and not e2e and not browser and not slow and not services"

chaos: $(DEV) $(MODELS) ## break running installations; writes docs/chaos-table.md (STACK=: sqlite or postgresql; SOAK=1: minutes of random kills; ARGS=: more)
	@$(RUN) -m tests.chaos $(if $(STACK),--stack $(STACK)) $(if $(filter 1,$(SOAK)),--soak) $(ARGS)

attacks: $(DEV) $(MODELS) ## hostile submissions against every sandbox in reach; writes docs/attack-table.md
	@$(RUN) -m tests.attacks

check: $(DEV) ## format, lint, types, import rules, schema, migrations
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy .
	PYTHONPATH=client $(VENV)/bin/lint-imports
	@$(RUN) manage.py makemigrations --check --dry-run
	@$(RUN) manage.py spectacular --validate --fail-on-warn --file /dev/null

check-tasks: $(SERVER) $(MODELS) ## prove every task and its kit (TASK=: one of them)
	@set -e; for task in $(or $(TASK),$(notdir $(patsubst %/,%,$(dir $(wildcard tasks/*/task.toml))))); do \
		$(RUN) -m evaluators check $$task; done

format: $(DEV) ## put the code in order
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

doctor: $(SERVER) ## what this machine can and can't enforce
	@$(RUN) manage.py doctor

setup: $(DEV) $(MODELS) ## both virtual environments

runtime: $(MODELS) ## the machine-learning runtime

image: $(SERVER) $(MODELS) ## the runtime as an image in a Docker engine, without a registry
	@scripts/make_image.sh

images: $(SERVER) ## the images of server and CPU runtime (BASE=: on a base that the engine has)
	@BASE=$(BASE) scripts/make_images.sh

engine: ## a Docker engine for tests, beside the machine's own (STOP=1: stop it)
	@scripts/engine.sh $(if $(filter 1,$(STOP)),stop,start)

ci-fast: ## what .ci/run does, in a quarter of an hour
	CI_FAST=1 bash .ci/run

clean: ## remove both virtual environments; var/ with its grades stays
	rm -rf $(VENV) .runtime

$(SERVER): requirements/server.txt requirements/constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed: install it, or say where it is with PYTHON=..."; exit 1; }
	@echo "setting up the server's environment in $(VENV) with $(PYTHON)"
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip --disable-pip-version-check --quiet install -r requirements/server.txt
	@touch $@

$(DEV): $(SERVER) requirements/dev.txt
	@echo "setting up the tools for tests and checks"
	@$(RUN) -m pip --disable-pip-version-check --quiet install -r requirements/dev.txt
	@touch $@

$(MODELS): requirements/runtime.txt scripts/make_runtime.sh
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed: install it, or say where it is with PYTHON=..."; exit 1; }
	@echo "setting up the machine-learning runtime in $(RUNTIME)"
	@scripts/make_runtime.sh $(PYTHON) $(RUNTIME)
	@touch $@
