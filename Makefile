# twin: build, test, install. `make help` lists the targets.
#
#   make && sudo make install                       into /usr/local
#   make install PREFIX=/usr DESTDIR=debian/twin    for a package

PREFIX     ?= /usr/local
DESTDIR    ?=
BINDIR     ?= $(PREFIX)/bin
DATADIR    ?= $(PREFIX)/share
MANDIR     ?= $(DATADIR)/man
DOCDIR     ?= $(DATADIR)/doc/twin
BASHDIR    ?= $(DATADIR)/bash-completion/completions
ZSHDIR     ?= $(DATADIR)/zsh/site-functions
FISHDIR    ?= $(DATADIR)/fish/vendor_completions.d

SWIFT      ?= swift
SWIFTFLAGS ?= --static-swift-stdlib
INSTALL    ?= install

BINARY      = .build/release/twin
MANPAGES    = $(notdir $(wildcard man/*.1))
DOCUMENTS   = README.md CHANGELOG.md LICENSE

.PHONY: all build test migrations format install install-strip uninstall generate clean help

all: build

build: ## Build the release binary
	$(SWIFT) build -c release $(SWIFTFLAGS) --product twin

test: ## Build and run every test (ARGS="--filter Name" to choose)
	./Tests/run.sh $(ARGS)

# `sudo make install` after `make` must not compile as root, so a binary that is there is installed as it is.
$(BINARY):
	$(MAKE) build

format: ## Give every Swift file the project's form (.swift-format); CI checks it
	$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift

install: $(BINARY) ## Install below $(DESTDIR)$(PREFIX)
	$(INSTALL) -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(MANDIR)/man1" "$(DESTDIR)$(DOCDIR)" \
	  "$(DESTDIR)$(BASHDIR)" "$(DESTDIR)$(ZSHDIR)" "$(DESTDIR)$(FISHDIR)"
	$(INSTALL) -m 755 $(BINARY) "$(DESTDIR)$(BINDIR)/twin"
	$(INSTALL) -m 644 $(MANPAGES:%=man/%) "$(DESTDIR)$(MANDIR)/man1"
	$(INSTALL) -m 644 $(DOCUMENTS) "$(DESTDIR)$(DOCDIR)"
	$(INSTALL) -m 644 completions/twin.bash "$(DESTDIR)$(BASHDIR)/twin"
	$(INSTALL) -m 644 completions/twin.zsh "$(DESTDIR)$(ZSHDIR)/_twin"
	$(INSTALL) -m 644 completions/twin.fish "$(DESTDIR)$(FISHDIR)/twin.fish"

install-strip: install ## The same with a binary without symbols
	strip "$(DESTDIR)$(BINDIR)/twin"

uninstall: ## Remove what install put there; data stays
	rm -f "$(DESTDIR)$(BINDIR)/twin"
	rm -f "$(DESTDIR)$(MANDIR)/man1/twin.1" "$(DESTDIR)$(MANDIR)/man1"/twin-*.1
	rm -f "$(DESTDIR)$(BASHDIR)/twin" "$(DESTDIR)$(ZSHDIR)/_twin" "$(DESTDIR)$(FISHDIR)/twin.fish"
	rm -f $(DOCUMENTS:%="$(DESTDIR)$(DOCDIR)/%")
	if [ -d "$(DESTDIR)$(DOCDIR)" ]; then rmdir "$(DESTDIR)$(DOCDIR)"; fi

generate: build ## Write man/ and completions/ anew from the command table
	$(BINARY) __generate .

migrations: ## After adding a migration: write its database and the schema into Tests/TwinKitTests/Migrations/Databases
	TWIN_WRITE_MIGRATIONS=1 $(SWIFT) test --filter MigrationTests

clean: ## Remove the build folder
	rm -rf .build

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
