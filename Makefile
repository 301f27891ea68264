# The commands of developers and operators. They need Rust with cargo, Python 3.11 or newer with venv, make and a
# C compiler; make installs all other tools below .venv and target/tools.

FUNCTIONS := webhooks ingest deliver deliveries replay eraser stats accounts authorizer console
ROOT      := $(CURDIR)
PYTHON    ?= python3
VENV      := $(ROOT)/.venv
BIN       := $(VENV)/bin
TOOLS     := $(ROOT)/target/tools
# Folders of the built functions: for AWS (CodeUri in the template), for the local cloud, and for measurements.
LAMBDA    := $(ROOT)/target/lambda
LOCAL_LAMBDA := $(ROOT)/target/lambda-local
MEASURED  := $(ROOT)/target/lambda-release
# CARGO_TARGET_DIR changes where cargo puts binaries.
BUILT     := $(or $(CARGO_TARGET_DIR),$(ROOT)/target)

LOCAL_CLOUD := cd infra && exec $(BIN)/python -m local
DENY      := $(TOOLS)/bin/cargo-deny
DENY_VERSION := 0.20.2
CYCLONEDX := $(TOOLS)/bin/cargo-cyclonedx
CYCLONEDX_VERSION := 0.5.9
CONTRACT  := $(TOOLS)/contract
CHECKOV   := $(TOOLS)/checkov
CHECKS    := $(ROOT)/infra/checks
PYTHON_CODE := infra tests/contract tests/examples examples
TEMPLATES := $(sort $(wildcard infra/*.yaml))
CONSOLE   := functions/console
# The lists name all packages with their hashes; no dependencies are resolved.
PINNED    := --quiet --no-deps --require-hashes --requirement
# Installs a list ($(2)) into an environment ($(1)): by uv, in seconds, or else by pip, which reads pip.conf.
install_list = $(BIN)/uv pip install --python $(1)/bin/python $(PINNED) $(2) 2>/dev/null || $(1)/bin/pip install $(PINNED) $(2)
# `make requirements` writes each <name>.txt from <name>.in.
REQUIREMENTS := infra/local/requirements infra/requirements-aws infra/requirements-checkov infra/requirements-lint infra/requirements-uv tests/contract/requirements tests/verify/requirements
FUZZ      := $(TOOLS)/bin/cargo-fuzz
FUZZ_VERSION := 0.13.2
# Some shells set ENV to the path of a start-up file.
ifneq ($(findstring /,$(ENV)),)
override ENV :=
endif
# An environment is a section of infra/samconfig.toml; its name is part of the stack's.
STACK     ?= callhook$(if $(ENV),-$(ENV))
STACK_IS_GIVEN := $(filter command environment,$(origin STACK))
# LOCAL=1 selects the local cloud of `make run`.
WHERE     := $(if $(LOCAL),--local,--stack $(STACK))
SAM       := SAM_CLI_TELEMETRY=0 $(BIN)/sam
# sam ignores AWS_REGION.
ifdef AWS_REGION
export AWS_DEFAULT_REGION := $(AWS_REGION)
endif
# `sam validate` requires a region, although it calls no service.
LINT_ENV  := AWS_DEFAULT_REGION=$(or $(AWS_DEFAULT_REGION),us-east-1)

# cargo-nextest runs the tests if it is installed, else cargo's own runner. Tests are built for the whole workspace: a
# single package has other features, for which cargo would build the dependencies again.
NEXTEST   := $(shell cargo nextest --version >/dev/null 2>&1 && echo yes)
UNIT_TESTS := $(if $(NEXTEST),cargo nextest run --workspace -E 'not package(callhook-tests)',cargo test --workspace --exclude callhook-tests)
E2E_TESTS := $(if $(NEXTEST),cargo nextest run --workspace --profile e2e,cargo test -p callhook-tests)
E2E_CLOUD := --faults --restartable --parameter WebhookFailingAfterMinutes=0.1 --parameter ReportsEventBusName=default
E2E_TEST  := cargo test --workspace --test

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PORT GATEWAY_PORT RECEIVER_PORT SAM_PORT

.DEFAULT_GOAL := help
.PHONY: help run env demo test test-unit test-e2e test-stack test-alone test-guard test-names test-restore test-events test-upgrade record-fixtures test-console console-figures screenshots contract openapi chaos figures bench cost hello kept keep fuzz check check-fast check-slow lint lint-imports lint-sizes lint-python lint-licences lint-security console console-check sbom advisories requirements build build-release build-aws deploy destroy prepare-restored platform-key dead-letters find-dead-letter redrive clean venv verifiers need-cargo need-cc need-node need-valgrind sam-local sam-invoke test-sam-local import lint-templates lint-crates lint-docs lint-shell test-examples tools

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

## ---- local

run: build venv ## Run Callhook locally with a demo account and receiver until Ctrl-C (PORT=8080, GATEWAY_PORT=4566, RECEIVER_PORT=9000)
	@$(LOCAL_CLOUD) run

env: venv ## Print the URL, key and receiver of `make run` for another terminal: eval "$(make -s env)"
	@$(LOCAL_CLOUD) env

demo: build venv ## Send a report through a local Callhook and check the delivery
	@$(LOCAL_CLOUD) demo

sam-local: build venv ## Run the API in containers with `sam local start-api` until Ctrl-C (needs Docker; SAM_PORT=3000)
	@$(LOCAL_CLOUD) sam-api

sam-invoke: build venv ## Invoke a function in a container with an event (needs Docker; FN=deliver EVENT=infra/events/deliver-reports.json)
	@$(LOCAL_CLOUD) sam-invoke $(if $(FN),--function '$(FN)') --event '$(EVENT)'

# Tests wait most of the time, so two targets run at a time. None runs beside test-names, which measures delays.
BESIDE = echo "• Running $(1) two at a time; each prints its output when it ends …" && $(MAKE) --no-print-directory --jobs=2 --output-sync=target $(1)

test: ALSO = test-console test-examples test-sam-local
test: test-unit test-e2e ## Run all tests

test-unit: need-cargo need-cc venv ## Run the unit and handler tests
	$(UNIT_TESTS)
	cd infra && $(BIN)/python -W error -m unittest discover -q --top-level-directory . --start-directory local/tests

test-examples: build venv need-node ## Run the programs of examples/ against a local cloud
	@$(LOCAL_CLOUD) exec -- $(BIN)/python -W error $(ROOT)/tests/examples/run.py

test-e2e: build venv verifiers ## Run the end-to-end tests on local clouds of their own
	@$(call BESIDE,test-stack test-alone)
	@$(MAKE) --no-print-directory test-names
	@$(call BESIDE,$(ALSO) test-guard test-restore test-events test-upgrade)

test-stack: build venv verifiers ## Run the end-to-end tests that share a local cloud, and audit its logs, metrics and permissions
	@$(LOCAL_CLOUD) exec --audit all $(E2E_CLOUD) -- $(E2E_TESTS)

# Without nextest, test-stack runs them.
test-alone: build venv ## Run the end-to-end tests that disturb others of a local cloud, one after the other, and audit its logs and metrics
	$(if $(NEXTEST),@$(LOCAL_CLOUD) exec --audit logs $(E2E_CLOUD) -- cargo nextest run --workspace --profile alone)

test-guard: build venv ## Test that webhooks reach no forbidden address, by the guard of the default parameters
	@$(LOCAL_CLOUD) exec --parameter AllowPrivateNetworks=false --parameter HttpsOnly=true -- $(E2E_TEST) guard -- --ignored --nocapture

test-names: build venv ## Test that an account with slow name servers does not delay others
	@$(LOCAL_CLOUD) exec --faults --parameter DeliverMaxConcurrency=2 -- $(E2E_TEST) names -- --ignored --nocapture

test-events: build venv ## Test all sample events of infra/events/ through the runtime interface emulator
	@$(LOCAL_CLOUD) events

test-restore: build venv ## Restore both tables on a local cloud and switch its stack to them (half a minute)
	@$(LOCAL_CLOUD) restore

test-sam-local: build venv ## Test all routes and sample events in containers with `sam local`, if Docker is installed
	@$(LOCAL_CLOUD) sam-test

test-upgrade: build venv ## Test the functions with items and messages of earlier releases (tests/fixtures; a minute)
	@$(LOCAL_CLOUD) upgrade

record-fixtures: build venv ## Record the stored items and queued messages into tests/fixtures (RELEASE=<name>; two minutes)
	@$(LOCAL_CLOUD) record $(RELEASE)

test-console: build venv $(CONSOLE)/web/node_modules/.package-lock.json tests/console/node_modules/.package-lock.json ## Run the console's unit tests and its browser tests (CHROME=<path> for another browser)
	@npm test --prefix $(CONSOLE)/web --silent -- --test-reporter=dot
	@$(LOCAL_CLOUD) exec -- node $(ROOT)/tests/console/run.mjs

console-figures: build-release venv tests/console/node_modules/.package-lock.json ## Measure the console's downloads, and its filters with 100,000 reports (minutes)
	@export CALLHOOK_BINARIES=$(MEASURED); $(LOCAL_CLOUD) exec -- node $(ROOT)/tests/console/measure.mjs

screenshots: build venv tests/console/node_modules/.package-lock.json ## Take the screenshots of docs/console/
	@$(LOCAL_CLOUD) exec -- node $(ROOT)/tests/console/screenshots.mjs

chaos: build venv ## Inject every fault and write docs/reliability.md (minutes)
	@$(LOCAL_CLOUD) exec --faults --restartable --visibility-seconds 6 --parameter DeliverTimeoutSeconds=5 \
		--parameter DisableAfterDays=0.001 --parameter MaxReceiveCount=50 -- $(E2E_TEST) faults -- --ignored --nocapture
	@$(LOCAL_CLOUD) exec -- $(E2E_TEST) replay -- --ignored --nocapture
	@$(LOCAL_CLOUD) exec --faults --parameter DeliverMaxConcurrency=50 -- \
		$(E2E_TEST) neighbours -- --ignored --nocapture --test-threads 1

contract: build venv $(CONTRACT)/stamp ## Test the API against its OpenAPI document with schemathesis (CONTRACT_EXAMPLES=25)
	@$(LOCAL_CLOUD) exec -- $(CONTRACT)/bin/python $(ROOT)/tests/contract/run.py

figures: build venv ## Measure size, idle memory and permissions of the functions, and 9,000 deliveries
	@$(LOCAL_CLOUD) exec -- $(E2E_TEST) functions --test reports -- \
		--nocapture --test-threads 1 all_functions no_function three_hundred deliver_stays

# Without -p, the packages have the same features as in a build of the whole workspace.
OPENAPI := cargo run --quiet --bin callhook-openapi

openapi: need-cargo need-cc ## Write docs/openapi.json, the OpenAPI document, from the code
	$(OPENAPI) > target/openapi.json
	mv target/openapi.json docs/openapi.json

check: check-fast check-slow kept ## Run every check

check-fast: lint lint-imports lint-sizes lint-python lint-templates ## Run the checks for each change: format, lints, imports, templates, OpenAPI document (a minute)

check-slow: lint-licences lint-security lint-crates lint-docs lint-shell console-check sbom ## Run checks of dependencies and releases: licences, security, docs, console, bill of materials

lint: need-cargo need-cc ## Check the format and lints of the Rust code, and that docs/openapi.json is current
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	@$(OPENAPI) | cmp -s - docs/openapi.json || { echo "callhook: docs/openapi.json differs from the code: run 'make openapi'." >&2; exit 1; }

lint-imports: venv ## Check that imports follow the layers of shared, and have no cycles
	@cd infra && $(BIN)/python -m checks.imports

lint-sizes: venv ## Count the lines of the Rust files, and check their limit
	@cd infra && $(BIN)/python -m checks.sizes

lint-python: venv $(VENV)/lint.stamp ## Check the format, lints and types of the Python programs
	$(BIN)/ruff format --config $(CHECKS)/ruff.toml --check --quiet $(PYTHON_CODE)
	$(BIN)/ruff check --config $(CHECKS)/ruff.toml --quiet $(PYTHON_CODE)
	cd infra && $(BIN)/mypy --config-file $(CHECKS)/mypy.ini .

lint-templates: venv ## Check the templates with sam and cfn-lint, and their policies against AWS's reference (infra/checks/)
	cd infra && $(LINT_ENV) $(SAM) validate --lint --template template.yaml
	$(BIN)/cfn-lint --config-file $(CHECKS)/cfnlint.yaml $(TEMPLATES)
	cd infra && $(BIN)/python -m checks.iam $(TEMPLATES:%=$(ROOT)/%)

lint-licences: need-cargo venv $(DENY) ## Check the licences and sources of crates, and that Python packages are compatible
	$(DENY) check licenses bans sources
	$(BIN)/pip check

# checkov has a venv of its own: its packages conflict with SAM's.
lint-security: $(CHECKOV)/stamp ## Check the templates for insecure settings with checkov
	$(CHECKOV)/bin/checkov --config-file $(CHECKS)/checkov.yaml $(TEMPLATES:%=--file %)

lint-crates: need-cargo $(VENV)/lint.stamp ## Check the crates' dependencies and their features, and build the docs
	@cd infra && $(BIN)/python -m checks.features
	$(BIN)/cargo-shear --locked
	$(BIN)/cargo-shear --locked fuzz
	RUSTDOCFLAGS="-D warnings" cargo doc --quiet --workspace --no-deps --document-private-items

lint-docs: $(VENV)/lint.stamp ## Check the links in README.md and docs/
	$(BIN)/rumdl check --no-cache --config $(CHECKS)/rumdl.toml .

lint-shell: $(VENV)/lint.stamp ## Check scripts, the recipes of the Makefile and shell blocks of the docs with shellcheck
	cd infra && $(BIN)/python -m checks.shell $(BIN)/shellcheck

# The built console is committed, so building the functions needs no Node.js.
console: $(CONSOLE)/web/node_modules/.package-lock.json ## Build the console's pages from functions/console/web into functions/console/dist
	node $(CONSOLE)/web/build.mjs

console-check: $(CONSOLE)/web/node_modules/.package-lock.json ## Check that functions/console/dist is built from functions/console/web
	@mkdir -p target
	@node $(CONSOLE)/web/build.mjs --out target/console-check >target/console-check.log
	@diff -rq target/console-check $(CONSOLE)/dist || \
		{ echo "callhook: $(CONSOLE)/dist is not what $(CONSOLE)/web builds: run 'make console' and commit both." >&2; exit 1; }

sbom: need-cargo venv $(CYCLONEDX) ## Write the bills of materials of the functions into target/sbom/ (CycloneDX; ARCH=arm64 or x86_64)
	@$(BIN)/python infra/sbom.py $(CYCLONEDX) --arch $(or $(ARCH),arm64) $(FUNCTIONS)

advisories: need-cargo venv $(DENY) ## Check the functions' dependencies for known vulnerabilities, if github.com answers
	@$(BIN)/python infra/advisories.py $(DENY)

# With the profile of tests, so that both share the compiled dependencies. Without symbols, since the deployment packs
# each binary.
build: need-cargo need-cc ## Build the functions for the local cloud into target/lambda-local/ (fast build, slower functions)
	cargo build $(FUNCTIONS:%=-p callhook-%)
	@set -e; for function in $(FUNCTIONS); do strip -o $(BUILT)/debug/stripped $(BUILT)/debug/callhook-$$function; \
		$(call place,$(BUILT)/debug/stripped,$(LOCAL_LAMBDA)); done

build-release: need-cargo need-cc ## Build the functions for measurements into target/lambda-release/ (minutes)
	cargo build --release $(FUNCTIONS:%=-p callhook-%)
	@set -e; for function in $(FUNCTIONS); do $(call place,$(BUILT)/release/callhook-$$function,$(MEASURED)); done

# The benchmark driver is built with the workspace's features, each measured function with its own.
BENCH := cargo run --quiet --profile driver --bin callhook-bench --

bench: build-release hello ## Measure CPU, cold starts, memory and scale, and write docs/benchmarks.md (minutes)
	$(BENCH) figures
	cargo test --quiet --release -p callhook --test compose_hostile -- --nocapture

cost: build-release ## Measure the AWS costs of a million reports, and write docs/cost.md
	$(BENCH) cost

hello: need-cargo
	cargo build --release -p callhook-hello
	@function=hello; $(call place,$(BUILT)/release/callhook-hello,$(MEASURED))

# With the driver and the functions of the tests, which are usually built already. What grows in them grows in a release.
KEPT := CALLHOOK_BINARIES=$(LOCAL_LAMBDA) cargo run --quiet --bin callhook-bench --

kept: build need-valgrind ## Check that sizes, AWS calls and instructions have not grown (bench/kept.json)
	$(KEPT) kept

keep: build need-valgrind ## Record the baseline of `make kept`
	$(KEPT) keep

FUZZ_SECONDS ?= 60
FUZZ_TARGETS := compose retry_after report url_guard
FUZZING   := $(FUZZ_TARGETS:%=fuzz-%)
# Each target gets an equal share of the time.
FUZZ_SHARE    = $(shell echo $$(($(FUZZ_SECONDS) / $(words $(FUZZ_TARGETS)))))
fuzz: $(FUZZING) ## Fuzz templates, reports, URLs and `Retry-After` (FUZZ_SECONDS=60)

.PHONY: $(FUZZING)
$(FUZZING): fuzz-%: need-cargo $(FUZZ)
	@mkdir -p target/fuzz-corpus/$*
	@cd fuzz && PATH="$(TOOLS)/bin:$$PATH" CARGO_TARGET_DIR=$(ROOT)/target/fuzz cargo fuzz run -s none $* \
		$(ROOT)/target/fuzz-corpus/$* corpus/$* -- -max_total_time=$(FUZZ_SHARE) -max_len=4096 -timeout=5 -verbosity=0 -print_funcs=0 -print_final_stats=1

clean: ## Remove build outputs, the Python environment and the data of the local cloud
	rm -rf target .venv .local-cloud

## ---- on AWS

build-aws: need-cargo venv $(VENV)/aws.stamp ## Build the functions for AWS (ARCH=arm64 or x86_64) into target/lambda/
	PATH="$(BIN):$$PATH" cargo lambda build --release $(if $(filter x86_64,$(ARCH)),--x86-64,--arm64) \
		--lambda-dir $(ROOT)/target/cargo-lambda $(FUNCTIONS:%=--bin callhook-%)
	@set -e; for function in $(FUNCTIONS); do $(call place,$(ROOT)/target/cargo-lambda/callhook-$$function/bootstrap,$(LAMBDA)); done

deploy: build-aws ## Build for AWS and deploy (ENV=dev, staging, prod or new, or STACK=callhook; ARCH=arm64, PARAMETERS="LogLevel=debug …", CONFIRM=no)
	@$(BIN)/python infra/binaries.py --arch $(or $(ARCH),arm64) $(FUNCTIONS)
	@$(BIN)/python infra/deploy.py --arch $(or $(ARCH),arm64) $(if $(ENV),--env $(ENV)) $(if $(STACK_IS_GIVEN),--stack $(STACK)) $(if $(CONFIRM),--confirm $(CONFIRM)) $(PARAMETERS)

destroy: venv ## Show the contents of a stack, and delete it if DESTROY names it (STACK=callhook or LOCAL=1; DESTROY=<name of the stack>)
	@$(BIN)/python infra/destroy.py $(WHERE) $(if $(DESTROY),--confirm '$(DESTROY)')

prepare-restored: venv ## Apply the template's settings to restored tables (CONFIG_TABLE=<name>, DELIVERIES_TABLE=<name>; STACK=callhook or LOCAL=1)
	@$(BIN)/python infra/restored.py $(WHERE) $(if $(CONFIG_TABLE),--config-table $(CONFIG_TABLE)) $(if $(DELIVERIES_TABLE),--deliveries-table $(DELIVERIES_TABLE))

platform-key: venv ## Create a platform key and show it once (STACK=callhook, or LOCAL=1 for that of `make run`)
	@$(BIN)/python infra/platform_key.py $(WHERE)

dead-letters: venv ## List the dead letters (STACK=callhook, or LOCAL=1 for those of `make run`)
	@$(BIN)/python infra/dead_letters.py list $(WHERE)

find-dead-letter: venv ## Find a report among the dead letters (REPORT=<id>; STACK=callhook or LOCAL=1)
	@$(BIN)/python infra/dead_letters.py find $(WHERE) --report '$(REPORT)'

redrive: venv ## Redrive the dead letters to their source queues (STACK=callhook or LOCAL=1; DRY_RUN=1 only counts them)
	@$(BIN)/python infra/dead_letters.py redrive $(WHERE) $(if $(DRY_RUN),--dry-run)

import: venv ## Import webhooks of another platform (FILE=<its list>, SUBSCRIPTIONS=<its list>; URL, KEY or LOCAL=1; ACCOUNT=<id>, VERIFY=1, DRY_RUN=1)
	@$(BIN)/python infra/import_webhooks.py '$(FILE)' --subscriptions '$(SUBSCRIPTIONS)' --account '$(ACCOUNT)' $(if $(LOCAL),--local) \
		$(if $(VERIFY),--verify) $(if $(DRY_RUN),--dry-run)

## ---- tools

# An unchanged binary keeps its modification time, so that an unchanged function is not deployed again.
# $(1) is the binary, $(2) the folder; the shell variable `function` is the name of the function.
place = mkdir -p $(2)/$$function; \
	cmp -s $(1) $(2)/$$function/bootstrap || install -m 755 $(1) $(2)/$$function/bootstrap

venv: $(VENV)/local.stamp

$(VENV)/local.stamp: infra/local/requirements.txt infra/requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "callhook: Python 3.11 or newer is needed: install it, or name it with PYTHON=<path>." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "callhook: Python's venv module is missing: install it (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@echo "• Installing the local cloud into .venv (once) …"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/pip install $(PINNED) infra/requirements-uv.txt && $(call install_list,$(VENV),$<) || \
		{ echo "callhook: the Python packages could not be installed; the lines above say why." >&2; exit 1; }
	@touch $@

$(VENV)/aws.stamp: infra/requirements-aws.txt | $(VENV)/local.stamp
	@$(call install_list,$(VENV),$<)
	@touch $@

$(VENV)/lint.stamp: infra/requirements-lint.txt | $(VENV)/local.stamp
	@$(call install_list,$(VENV),$<)
	@touch $@

# Public packages from PyPI and npm that verify signatures in the end-to-end tests.
verifiers: $(VENV)/verify.stamp tests/verify/node_modules/.package-lock.json

$(VENV)/verify.stamp: tests/verify/requirements.txt | $(VENV)/local.stamp
	@$(call install_list,$(VENV),$<)
	@touch $@

tests/verify/node_modules/.package-lock.json: tests/verify/package.json tests/verify/package-lock.json | need-node
	@npm ci --prefix tests/verify --silent --no-audit --no-fund
	@touch $@

$(CONSOLE)/web/node_modules/.package-lock.json: $(CONSOLE)/web/package.json $(CONSOLE)/web/package-lock.json | need-node
	@npm ci --prefix $(CONSOLE)/web --silent --no-audit --no-fund --ignore-scripts
	@touch $@

# Packages of the console's tests, from npm: a browser and an accessibility checker.
tests/console/node_modules/.package-lock.json: tests/console/package.json tests/console/package-lock.json | need-node
	@npm ci --prefix tests/console --silent --no-audit --no-fund --ignore-scripts
	@touch $@

# Keeps the versions unless the .in file or UPGRADE requires others.
requirements: venv ## Write the lists of Python packages from their .in files (UPGRADE=1 for later versions of their dependencies)
	@set -e; for list in $(REQUIREMENTS); do UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate $(if $(UPGRADE),--upgrade) $$list.in --output-file $$list.txt >/dev/null; done

$(CONTRACT)/stamp: tests/contract/requirements.txt | $(VENV)/local.stamp
	@echo "• Installing schemathesis into target/tools (once) …"
	@$(PYTHON) -m venv --clear $(CONTRACT)
	@$(call install_list,$(CONTRACT),$<)
	@touch $@

$(CHECKOV)/stamp: infra/requirements-checkov.txt | $(VENV)/local.stamp
	@echo "• Installing checkov into target/tools (once) …"
	@$(PYTHON) -m venv --clear $(CHECKOV)
	@$(call install_list,$(CHECKOV),$<)
	@touch $@

# Without optimization these are built in a third of the time; they run for seconds.
INSTALL_TOOL := CARGO_PROFILE_DEV_DEBUG=0 cargo install --locked --debug --root $(TOOLS)

# What checks and the console's tests install outside .venv.
tools: need-cargo $(DENY) $(CYCLONEDX) $(FUZZ) $(CONTRACT)/stamp $(CHECKOV)/stamp \
	$(CONSOLE)/web/node_modules/.package-lock.json tests/console/node_modules/.package-lock.json

$(DENY):
	@echo "• Building cargo-deny $(DENY_VERSION) into target/tools (once) …"
	$(INSTALL_TOOL) cargo-deny@$(DENY_VERSION)

$(CYCLONEDX):
	@echo "• Building cargo-cyclonedx $(CYCLONEDX_VERSION) into target/tools (once) …"
	$(INSTALL_TOOL) cargo-cyclonedx@$(CYCLONEDX_VERSION)

$(FUZZ):
	@echo "• Building cargo-fuzz $(FUZZ_VERSION) into target/tools (once) …"
	$(INSTALL_TOOL) cargo-fuzz@$(FUZZ_VERSION)

need-cargo:
	@command -v cargo >/dev/null || { echo "callhook: cargo is missing: install Rust from https://rustup.rs." >&2; exit 1; }

need-cc:
	@command -v cc >/dev/null || { echo "callhook: a C compiler is missing: install one (on Debian and Ubuntu: apt install gcc)." >&2; exit 1; }

need-valgrind:
	@command -v valgrind >/dev/null || { echo "callhook: valgrind is missing: install it (on Debian and Ubuntu: apt install valgrind)." >&2; exit 1; }

need-node:
	@command -v npm >/dev/null || { echo "callhook: Node.js is missing: install it with npm (on Debian and Ubuntu: apt install nodejs npm)." >&2; exit 1; }
