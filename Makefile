# Three commands for a newcomer: `make demo` runs the main job, `make portal` serves it as a web page, and `make test`
# runs the tests. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FIXTURES := fixtures/svg
RNC ?=
CERTS ?=
COUNT ?= 5000

HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: demo portal test gates format docs site fixtures bench oracle fuzz mutants stale survey clean

$(VENV)/.demo: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[repair]'
	@$(BIN)/python -m compileall -q bimikit
	@touch $@

$(VENV)/.portal: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[portal]'
	@$(BIN)/python -m compileall -q bimikit webapp
	@touch $@ $(VENV)/.demo

$(VENV)/.dev: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@$(BIN)/python -m compileall -q bimikit
	@touch $@ $(VENV)/.demo $(VENV)/.portal

$(VENV)/.bench: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,bench]'
	@$(BIN)/python -m compileall -q bimikit
	@touch $@ $(VENV)/.dev $(VENV)/.demo $(VENV)/.portal

survey: $(VENV)/.dev ## repair a sample of public icons: make survey LOGOS=icons.json ICONS=folder [RNC=path] [COUNT=400]
	$(BIN)/python -m tools.repair_survey $(if $(LOGOS),--logos $(LOGOS)) $(if $(ICONS),--icons $(ICONS)) \
		$(if $(RNC),--rnc $(RNC)) $(if $(findstring file,$(origin COUNT)),,--count $(COUNT)) -v

demo: $(VENV)/.demo ## judge and repair the bundled sample logos, and judge a certificate for one, offline
	@BIMIKIT="$(CURDIR)/$(BIN)/bimikit" PYTHON="$(CURDIR)/$(BIN)/python" sh examples/demo.sh

portal: $(VENV)/.portal ## serve the portal at http://127.0.0.1:8000/: make portal [HOST=address] [PORT=number]
	@exec $(BIN)/bimikit portal --host $(HOST) --port $(PORT)

test: $(VENV)/.dev ## the whole test suite, with branch coverage
	$(BIN)/python -m pytest --cov --cov-report=term

gates: $(VENV)/.dev ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.dev ## write the pages on rules in docs/
	$(BIN)/bimikit rules --format markdown --lang en > docs/rules.md
	$(BIN)/bimikit rules --format markdown --lang ja > docs/rules.ja.md
	$(BIN)/bimikit rules cert --format table --lang en > docs/mark-certificates.md
	$(BIN)/bimikit rules cert --format table --lang ja > docs/mark-certificates.ja.md
	$(BIN)/python -m tools.testing_page
	$(BIN)/python -m tools.providers_page
	$(BIN)/python -m tools.readme_examples
	$(BIN)/python -m tools.repair_page
	$(BIN)/python -m tools.portal_page

site: $(VENV)/.dev ## build the site of guides and API into build/site; broken links end it
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

fixtures: $(VENV)/.dev ## write fixtures/svg and fixtures/certs again
	$(BIN)/python -m fixtures.make_svg
	$(BIN)/python -m fixtures.make_certs
	$(BIN)/python -m fixtures.make_appearance
	$(BIN)/python -m fixtures.make_repair

bench: $(VENV)/.bench ## files per second beside lxml and checkdmarc; RNC=path adds RelaxNG, CERTS=files real certificates
	$(BIN)/python -m benchmarks.svg $(if $(RNC),--rnc $(RNC))
	$(BIN)/python -m benchmarks.cert $(CERTS)
	$(BIN)/python -m benchmarks.domain
	$(BIN)/python -m benchmarks.repair
	$(BIN)/python -m benchmarks.startup
	$(BIN)/python -m benchmarks.plugin
	$(BIN)/python -m benchmarks.hostile
	$(BIN)/python -m benchmarks.portal
	$(BIN)/python -m benchmarks.scan
	$(BIN)/python -m benchmarks.plan
	$(BIN)/python -m benchmarks.cluster
	$(BIN)/python -m benchmarks.reports
	$(BIN)/python -m benchmarks.reports_store

oracle: $(VENV)/.dev ## compare our verdict with jing's on mutants: make oracle RNC=path [COUNT=5000]
	@test -n "$(RNC)" || { echo "usage: make oracle RNC=path/to/SVG_PS-latest.rnc (needs Debian's jing and trang)"; exit 2; }
	$(BIN)/python -m tools.oracle --rnc "$(RNC)" --count $(COUNT)

stale: $(VENV)/.dev ## what was last looked at long ago in the data on mailbox providers
	$(BIN)/python -m tools.stale

$(VENV)/.fuzz: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,fuzz]' || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.dev $(VENV)/.demo $(VENV)/.portal

fuzz: $(VENV)/.fuzz ## hostile input for every parser: make fuzz [TARGET=name] [EXECUTIONS=200000] [SECONDS=600]
	$(BIN)/python -m tools.fuzz $(if $(TARGET),--target $(TARGET)) $(if $(EXECUTIONS),--executions $(EXECUTIONS)) \
		$(if $(SECONDS),--seconds $(SECONDS))

mutants: $(VENV)/.dev ## which small breaks of the rule modules no test notices: make mutants [MODULE=path] [COUNT=7]
	$(BIN)/python -m tools.mutation $(if $(MODULE),--module $(MODULE)) \
		$(if $(findstring file,$(origin COUNT)),,--count $(COUNT))

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage dist build
