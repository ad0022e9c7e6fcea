# make demo            make the demo show of this repository in feed/; needs only Python and make
# make test            run all checks and tests
# make check           check style, types, import directions and the size of functions, modules and folders
# make search          run the property tests on thousands of new examples
# make coverage        run the tests and list the lines and branches that are not run
# make mutants         change the code and list the changes that no test notices: make mutants BASE=main~1 COUNT=100
# make fuzz            feed random input to every reader; CPU minutes: make fuzz MINUTES=30
# make faults          test runs that are killed, out of disk space or given damaged files (as root)
# make docs            regenerate docs/commands.md, checks.md and settings.md
# make site            build the documentation site in build/site
# make samples         make docs/samples/listen-*.mp3, the audio samples of the README
# make pictures        make docs/page.png, the screenshot of the README
# make licences        regenerate docs/licences.md from the metadata of the packages
# make lock            update the lock files from pyproject.toml
# make install-check   install wheel and sdist without the lock files, with old and new pip and each Python found here
# make platforms       list the systems for which every required package has a wheel
# make bench           measure the CPU time of the program besides the voice
# make clean           remove everything that make and the demo show have created

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check search lock clean bench docs site samples pictures licences fuzz faults coverage mutants install-check platforms

demo: .venv/runtime
	$(BIN)/podcast make
	@echo
	@echo "Done. Listen:"
	@echo "  the page    file://$(CURDIR)/feed/index.html    (open it in a browser)"
	@echo "  the feed    $(CURDIR)/feed/feed.xml"
	@for file in audio/*.mp3; do echo "  the audio   $(CURDIR)/$$file"; done

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
	$(BIN)/pytest -q tests/project/test_house.py

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

# The data say which test has run which line; tests.xml says how long each test takes.
build/coverage/data: .venv/development $(shell find podcast tests -name '*.py')
	rm -rf $(@D) && mkdir -p $(@D)
	COVERAGE_FILE=$(CURDIR)/$@ COVERAGE_PROCESS_START=$(CURDIR)/pyproject.toml $(BIN)/pytest -n 2 --junitxml=$(@D)/tests.xml
	$(BIN)/coverage combine -q --data-file=$@ $(@D)

coverage: build/coverage/data
	$(BIN)/coverage report --data-file=$< --sort=cover --show-missing --skip-covered

COUNT ?= 100

mutants: build/coverage/data
	$(BIN)/python tests/mutants.py --count $(COUNT) $(if $(BASE),--base $(BASE)) $(OPTIONS)

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
		{ echo "error: Python 3.11 or later is needed; choose one: make demo PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

# Every download is verified by its hash. feedgen, the only package without a wheel, and the program itself are built with
# the packages that requirements-build.txt pins.
INSTALL = $(BIN)/pip install --disable-pip-version-check -q
LOCKED = $(INSTALL) --require-hashes --only-binary :all:

# These files record when the environment was last installed. pip does not compile an editable package, so compileall does.
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

# The site has its own environment, because its tools do not need the program's packages.
.venv-site/installed: requirements-docs.txt
	$(PYTHON) -m venv .venv-site
	.venv-site/bin/pip install --disable-pip-version-check -q --require-hashes -r requirements-docs.txt
	@touch $@
