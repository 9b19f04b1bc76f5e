# What developers type. `make help` lists it.

CARGO ?= cargo
PREFIX ?= $(HOME)/.cargo
VSCODE := editors/vscode
NEOVIM := editors/neovim
# Every shell script of ours; what tests read or run as examples is not.
SCRIPTS = $(shell grep -rlE -m1 '^(\#!.*[/ ](ba)?sh( |$$)|\# shellcheck shell=)' .ci benches editors examples tests packaging --exclude-dir=node_modules --exclude-dir=fixtures --exclude-dir=apps)

.DEFAULT_GOAL := build
# Every target is one, but for the files of npm.
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*/\1/p' $(firstword $(MAKEFILE_LIST)))

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## the binary, optimised: target/release/port-manager
	$(CARGO) build --release --locked

install: ## the binary into PREFIX/bin (~/.cargo/bin), and its manual pages into PREFIX/share/man
	$(CARGO) install --path server --locked --root "$(PREFIX)"
	"$(PREFIX)/bin/port-manager" man --out "$(PREFIX)/share/man/man1"

man: build ## the manual pages: target/man
	target/release/port-manager man --out target/man

# The packages of a release, in the directory OUT or else in dist/. BINARY=FILE packs a binary that is built already; TARGET is the
# system that it is for, as Rust names it, and RUNS_HERE=FILE a port-manager that this machine can run where that one is for another.
# PORTABLE=1 packs what `make portable` builds.
GLIBC := 2.17
TRIPLE = $(or $(TARGET),$(shell rustc -vV | sed -n 's/^host: //p'))
BINARY ?= $(or $(CARGO_TARGET_DIR),target)/$(if $(PORTABLE)$(TARGET),$(TRIPLE)/)dist/port-manager$(if $(filter Windows_NT,$(OS)),.exe)
GIVEN := $(if $(filter file,$(origin BINARY)),,$(BINARY))
BUILT := $(if $(GIVEN),,$(if $(PORTABLE),portable,small))
PACK = PYTHONPATH=packaging python3 -m pack
PACK_OPTIONS = --binary "$(BINARY)" $(if $(TARGET),--target $(TARGET)) $(if $(RUNS_HERE),--runs-here "$(RUNS_HERE)") $(if $(OUT),--out "$(OUT)")

# Messages of a panic name source files: those of crates are in the home of who builds. An array, as a home may have a space in its
# name; RUSTFLAGS in the environment goes before it.
WITHOUT_HOME = --config "build.rustflags=['--remap-path-prefix=$(if $(filter Windows_NT,$(OS)),$(USERPROFILE),$(HOME))=~']"

small: ## the binary of a release, smaller than that of `build`: target/dist/port-manager (a longer build); TARGET=TRIPLE for another system
	$(CARGO) build --profile dist --locked --bin port-manager $(if $(TARGET),--target $(TARGET)) $(WITHOUT_HOME)

portable: ## the binary of a release for Linux: it needs glibc 2.17 (of 2012) or newer; TARGET=aarch64-unknown-linux-gnu for arm64
	$(CARGO) zigbuild --profile dist --locked --bin port-manager --target $(TRIPLE).$(GLIBC) $(WITHOUT_HOME)

dist: $(BUILT) ## the archives of a release: binary, manual pages, completions, licences; their checksums and list of crates
	$(PACK) archive $(PACK_OPTIONS)
	$(PACK) bill $(PACK_OPTIONS)

wheel: $(BUILT) ## the wheel for pip and uv; maturin has to be installed
	$(PACK) wheel $(PACK_OPTIONS)

npm: npm-platform npm-launcher ## the packages for npm: the launcher, and this system's binary

npm-platform: $(BUILT) ## of these the one with the binary, which each system has of its own
	$(PACK) npm-platform $(PACK_OPTIONS)

npm-launcher: ## of these the launcher, which all systems have in common
	$(PACK) npm-launcher $(if $(OUT),--out "$(OUT)")

deb: $(BUILT) ## the package for Debian and its like; cargo-deb has to be installed
	$(PACK) deb $(PACK_OPTIONS)

test-dist: $(BUILT) ## make each package, install it into an empty home, use it and remove it; installs what makes them (minutes, once); TESTS=test_npm.py for some
	GLIBC=$(if $(PORTABLE),$(GLIBC)) tests/dist/run "$(BINARY)" $(TESTS)

# BINARIES is a directory with a binary for each machine, as VS Code names them: linux-x64/port-manager,
# darwin-arm64/port-manager, win32-x64/port-manager.exe. PRE_RELEASE=1 packs for the channel of pre-releases, and REPOSITORY
# (https://github.com/OWNER/port-manager) goes into the manifest. BINARY=FILE packs that one for this machine, and VSIX names its file.
vsix: $(if $(or $(BINARIES),$(GIVEN)),,build) $(VSCODE)/node_modules/.package-lock.json ## the VS Code extension with this machine's binary in it; BINARIES=DIR: one for each machine
	cd $(VSCODE) && REPOSITORY="$(REPOSITORY)" npm run package -- $(if $(PRE_RELEASE),--pre-release) \
	  $(if $(BINARIES),--binaries "$(abspath $(BINARIES))",--binary "$(abspath $(or $(GIVEN),$(or $(CARGO_TARGET_DIR),target)/release/port-manager$(if $(filter Windows_NT,$(OS)),.exe)))") \
	  $(if $(VSIX),--out "$(abspath $(VSIX))")

HAS_NPM := $(shell command -v npm)

# The Rust tests come last, so that their summary closes the output. The editors' are left out where what they run in is
# missing; .ci/run sees to it that npm is there.
.NOTPARALLEL:
test: $(if $(HAS_NPM),test-vscode,no-npm) test-neovim test-editors test-rust ## everything that can be run here

no-npm:
	@echo "npm is not installed: the VS Code extension and the form of the Neovim plugin are left out"

# Where the tests of tests/running write which applications this machine lacks a tool for.
LEFT_OUT := $(or $(CARGO_TARGET_DIR),target)/tmp/left-out

test-rust: ## unit and end-to-end tests of the binary
	@tests/fixes/missing | while read -r command package; do \
	  echo "MISSING: $$command (package $$package); fixes of its language are checked with our grammar only"; \
	done
	$(CARGO) test --locked --doc
	@rm -f $(LEFT_OUT)
	@if $(CARGO) nextest --version >/dev/null 2>&1; then \
	  set -x; $(CARGO) nextest run --locked --no-fail-fast; \
	else \
	  set -x; $(CARGO) test --locked --all-targets --no-fail-fast; \
	fi; \
	status=$$?; { set +x; } 2>/dev/null; \
	[ ! -e $(LEFT_OUT) ] || cat $(LEFT_OUT); exit $$status

test-vscode: test-vscode-unit ## the VS Code extension in a real VS Code, which is installed for it (minutes, once)
	$(VSCODE)/e2e/run test

test-vscode-unit: $(VSCODE)/node_modules/.package-lock.json ## the parts of the extension that need no editor
	npm --prefix $(VSCODE) test

try: $(VSCODE)/node_modules/.package-lock.json ## a VS Code with the extension on a copy of examples/shop; prints its address
	$(VSCODE)/e2e/run try

screenshots: $(VSCODE)/node_modules/.package-lock.json ## take the pictures of the READMEs again
	$(VSCODE)/e2e/run screenshots

test-neovim: ## the Neovim plugin in Neovim 0.12 and 0.10, which are installed for it (a minute or two, once); NVIM_PROGRAM=... in another
	$(CARGO) build --locked
	$(NEOVIM)/tests/run $(or $(CARGO_TARGET_DIR),target)/debug/port-manager $(NVIM_PROGRAM)

test-editors: ## the server in Helix and Emacs, which are installed for it (a minute, once); EDITORS=helix for one
	$(CARGO) build --locked
	tests/editors/run $(or $(CARGO_TARGET_DIR),target)/debug/port-manager $(EDITORS)

test-lsp: ## every request of the language server by an independent client, pytest-lsp, which is installed for it
	$(CARGO) build --locked
	tests/protocol/run $(or $(CARGO_TARGET_DIR),target)/debug/port-manager $(ARGUMENTS)

test-windows: ## port-manager.exe, built here and used under Wine; installs what that needs (a quarter of an hour, once); PATTERN=test_free.py for one file
	tests/windows/run $(PATTERN)

soak: ## the long forms of the tests: half an hour (PROPTEST_CASES sets how many sequences)
	PORT_MANAGER_SOAK=1 PROPTEST_CASES=$${PROPTEST_CASES:-5000} $(CARGO) test --locked --lib --no-fail-fast -- registry:: operations:: ports_env:: analysis::
	PORT_MANAGER_SOAK=1 $(CARGO) test --locked --test reliability --no-fail-fast

lint: lint-rust lint-scripts $(if $(HAS_NPM),lint-vscode lint-neovim,no-npm) ## formatting, clippy, documentation, scripts, types

lint-rust:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --document-private-items

lint-scripts:
	@for script in $(SCRIPTS); do bash -n "$$script" || exit 1; done
	@if command -v shellcheck >/dev/null; then set -x; shellcheck $(SCRIPTS); \
	else echo "shellcheck is not installed: only the scripts' syntax was checked"; fi

lint-vscode: $(VSCODE)/node_modules/.package-lock.json
	npm --prefix $(VSCODE) run lint

lint-neovim: ## the plugin's Lua, by stylua and, where it is installed, selene
	$(NEOVIM)/tests/lint

# npm writes this file last, so it is as new as the installation.
$(VSCODE)/node_modules/.package-lock.json: $(VSCODE)/package.json $(VSCODE)/package-lock.json
	npm --prefix $(VSCODE) ci --no-audit --no-fund
	@touch $@

bench: build ## `check` against a plain search over the same generated tree; a large registry; a keystroke; the port map
	$(CARGO) bench --locked --bench registry --bench typing --bench port_map
	benches/check.sh

# The labels and the scorer are kept beside the project, the labelled repositories wherever CORPUS says.
LABELS ?= ../shared/corpus
accuracy: build ## precision and recall on labelled public code: make accuracy CORPUS=DIR [LABELS=DIR]
	@test -d "$(CORPUS)" || { echo "usage: make accuracy CORPUS=DIR [LABELS=DIR]" >&2; exit 2; }
	@target/release/port-manager check --quiet --format jsonl --only hardcoded-port "$(CORPUS)" > target/findings.jsonl || [ $$? -eq 1 ]
	@python3 "$(LABELS)/score.py" dev target/findings.jsonl --list 0

decisions: ## every decision about a tree of code, one a line, and what decided it: make decisions CORPUS=DIR > FILE
	@test -d "$(CORPUS)" || { echo "usage: make decisions CORPUS=DIR" >&2; exit 2; }
	@$(CARGO) run --quiet --locked --release --example decisions -- "$(CORPUS)"

prove-fixes: ## every fix in a tree of code, one at a time and all together, parsed as before: make prove-fixes CORPUS=DIR
	@test -d "$(CORPUS)" || { echo "usage: make prove-fixes CORPUS=DIR" >&2; exit 2; }
	CORPUS="$(abspath $(CORPUS))" $(CARGO) test --locked --test fixes -- --ignored --nocapture every_fix_of_a_corpus

prove-running: ## small applications, each started before and after its fixes; installs what they need (minutes)
	INSTALL_TOOLS=1 $(CARGO) test --locked --test running -- --include-ignored --skip support:: --skip bundlers::

prove-bundlers: ## what each bundler puts into a page, by building one with the variable set, unset and empty (minutes)
	INSTALL_TOOLS=1 $(CARGO) test --locked --test running -- --include-ignored bundlers::

prove-advice: ## does what `check` advises, with the programs that it is about; installs them by apt, pip and npm (minutes)
	$(CARGO) build --locked
	tests/advice/run target/debug/port-manager $(CASES)

prove-adoption: ## `init`, `check --fix` and `adopt` on each checkout below CORPUS, for people to read: make prove-adoption CORPUS=DIR
	@test -d "$(CORPUS)" || { echo "usage: make prove-adoption CORPUS=DIR" >&2; exit 2; }
	$(CARGO) build --locked
	tests/adoption/run target/debug/port-manager "$(CORPUS)" target/adoption
	@echo "Each project's variables (ports.txt), changes (fixes.patch) and findings before and after are in target/adoption."

prove-ci: ## what docs/ci.md shows: every format against its schema, pre-commit, the steps of the GitHub action and the GitLab job
	$(CARGO) build --locked
	tests/ci/run $(or $(CARGO_TARGET_DIR),target)/debug/port-manager

prove-integrate: ## what `integrate` writes, with the real tools; installs them by apt, pip and npm (a minute)
	$(CARGO) build --locked
	tests/integrate/run $(or $(CARGO_TARGET_DIR),target)/debug/port-manager $(CASES)
