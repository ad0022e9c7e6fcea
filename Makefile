# make demo   the demo show of this repository: narrated, mixed and published to feed/, with nothing but Python and make
# make test   everything that must hold: style, types, import directions, tests
# make search tests of properties, on thousands of new examples
# make docs   docs/commands.md, checks.md and settings.md, from the program's own help, rules and types
# make site   the documentation as a site, in build/site
# make samples   docs/samples/listen-*.mp3, what the program sounds like; make pictures: docs/page.png
# make licences   docs/licences.md, from what the packages say of themselves
# make fuzz   nonsense for everything that reads, as many CPU minutes as you say: make fuzz MINUTES=30
# make lock   the lock files, from pyproject.toml
# make install-check   wheel and sdist, installed without the lock by old and new pip on each Python that is here, and used
# make platforms   for which systems every package that is needed has a wheel

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check search lock clean bench docs site samples pictures licences fuzz faults install-check platforms

demo: .venv/runtime
	$(BIN)/podcast make
	@echo
	@echo "Done. Listen:"
	@echo "  the page    file://$(CURDIR)/feed/index.html    (open it in a browser)"
	@echo "  the feed    $(CURDIR)/feed/feed.xml"
	@for file in audio/*.mp3; do echo "  the sound   $(CURDIR)/$$file"; done

test: .venv/development
	sh tests/setup.sh
	$(MAKE) check
	$(BIN)/pytest -n 2

search: .venv/development
	$(BIN)/pytest -n 2 -m hypothesis --hypothesis-profile=search

check: .venv/development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: .venv/development
	$(BIN)/python docs/commands.py > docs/commands.new && mv docs/commands.new docs/commands.md
	$(BIN)/python docs/checks.py > docs/checks.new && mv docs/checks.new docs/checks.md
	$(BIN)/python docs/settings.py > docs/settings.new && mv docs/settings.new docs/settings.md

site: .venv-site/installed
	.venv-site/bin/python docs/site.py
	@echo "Done: file://$(CURDIR)/build/site/index.html"

samples: .venv/development
	$(BIN)/python docs/samples.py

pictures: .venv/development
	$(BIN)/python docs/pictures.py

licences: .venv/development
	$(BIN)/python docs/licences.py > docs/licences.new && mv docs/licences.new docs/licences.md

MINUTES ?= 10

fuzz: .venv/development
	$(BIN)/python tests/fuzz.py $(MINUTES)

faults: .venv/development
	$(BIN)/python tests/faults/run.py

install-check: .venv/development
	$(BIN)/python tests/install_check.py $(OPTIONS)

platforms: .venv/development
	$(BIN)/python tests/platforms.py

bench: .venv/development
	$(BIN)/python benchmarks/overhead.py

COMPILE = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -q

lock: .venv/python
	$(BIN)/pip install --disable-pip-version-check -q uv
	$(COMPILE) -o requirements.txt
	$(COMPILE) --group dev -c requirements.txt -o requirements-dev.txt
	$(BIN)/uv pip compile --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --custom-compile-command "make lock" -q -c requirements-dev.txt -o requirements-build.txt
	$(BIN)/uv pip compile --group docs --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -q -o requirements-docs.txt

clean:
	rm -rf .venv .venv-site build dist audio/clips audio/*.mp3 audio/*.json feed/*

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "error: Python 3.11 or later is needed; name it: make demo PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

# Everything comes by digest, and nothing is fetched to build with: feedgen, the one package that is no wheel, and the
# program itself are built with what requirements-build.txt pins.
INSTALL = $(BIN)/pip install --disable-pip-version-check -q
LOCKED = $(INSTALL) --require-hashes --only-binary :all:

# the stamps say which lock the environment was last filled from; what pip compiles of a package, it does not of one in place
.venv/runtime: .venv/python requirements-build.txt requirements.txt pyproject.toml
	$(LOCKED) -r requirements-build.txt
	$(LOCKED) --no-binary feedgen --no-build-isolation -r requirements.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q podcast
	@touch $@

.venv/development: .venv/python requirements-build.txt requirements-dev.txt pyproject.toml
	$(LOCKED) -r requirements-build.txt
	$(LOCKED) --no-binary feedgen --no-build-isolation -r requirements-dev.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q podcast
	@touch $@ .venv/runtime

# an environment of its own: the site's tools have nothing to do with the program's packages
.venv-site/installed: requirements-docs.txt
	$(PYTHON) -m venv .venv-site
	.venv-site/bin/pip install --disable-pip-version-check -q --require-hashes -r requirements-docs.txt
	@touch $@
