# make run    serves the form on http://127.0.0.1:8000; with HOST=0.0.0.0 for phones in the same
#             network too, and PORT=8080 on another port
# make test   runs every check
# Both set themselves up. PYTHON names another interpreter (3.11 or newer).

PYTHON ?= python3
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
APT = $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -qq
ENV = .venv
BIN = $(ENV)/bin
TOOLS = chromium-headless-shell lynx pdftoppm nginx openssl curl systemd-analyze nft caddy
PACKAGES = chromium-headless-shell lynx poppler-utils nginx openssl curl systemd nftables \
	caddy fonts-liberation
FONT = /usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf

# A variable of the command line as a setting: a shell may have a HOST of its own.
given = $(if $(filter command,$(origin $1)),FLASK_$1=$($1))

.PHONY: run test format tools screenshots clean

run: $(ENV)/run
	@$(call given,HOST) $(call given,PORT) $(BIN)/python app.py

test: $(ENV)/test tools
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto

format: $(ENV)/test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

%/bin/python:
	@$(PYTHON) -c "import ensurepip" 2>/dev/null || { $(APT) update && $(APT) install -y python3-venv; }
	$(PYTHON) -m venv $*

$(ENV)/run: requirements.txt | $(ENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt
	@touch $@

$(ENV)/test: requirements-dev.txt | $(ENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-dev.txt
	@touch $@

# The pictures of the README and of the guide for authors.
screenshots: $(ENV)/test tools
	$(BIN)/python -m docs.screenshots
	$(BIN)/python -m docs.body_map

# What the tests start is Debian's: browsers, a PDF reader, the proxy and the judge of its unit;
# and the font whose widths are Arial's, which the pages are printed in.
tools:
	@PATH="$$PATH:/usr/sbin"; \
	for tool in $(TOOLS); do command -v $$tool >/dev/null || missing=1; done; \
	[ -e $(FONT) ] || missing=1; [ -z "$$missing" ] || \
	{ $(APT) update && $(APT) install -y --no-install-recommends $(PACKAGES); }

clean:
	rm -rf $(ENV) .bench .pytest_cache .mypy_cache .ruff_cache .hypothesis

# make load    loads, overloads and breaks the site behind nginx, and writes docs/reports/load.md;
#              MINUTES=10 is how long the steady load lasts
.PHONY: load
MINUTES = 10
load: TOOLS += h2load
load: PACKAGES += nghttp2-client
load: $(ENV)/test tools
	$(BIN)/python -m bench.load --minutes $(MINUTES)

# make bench    measures how fast it is beside a constant page and its peers, which have an
#               environment of their own, and writes docs/reports/performance.md;
#               ROUNDS=9 is how often
.PHONY: bench
ROUNDS = 9
bench: TOOLS = wrk
bench: PACKAGES = wrk
bench: FONT = /
bench: .bench/run tools
	.bench/bin/python -m bench --rounds $(ROUNDS)

.bench/run: requirements.txt bench/requirements-peers.txt | .bench/bin/python
	.bench/bin/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: \
		-r requirements.txt -r bench/requirements-peers.txt
	@touch $@

# make lock    writes every requirements .txt from its .in file, with the hash of every file of
# every package. Versions stay as they are; delete the .txt to get the newest.
.PHONY: lock
LOCK = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"
lock: $(ENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --only-binary :all: uv==0.13.9
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt
	$(LOCK) bench/requirements-peers.in -o bench/requirements-peers.txt

# make messages    finds the sentences of templates and code, and brings the catalogues in locale/ up
#                  to date; NEW=it starts one for another language
.PHONY: messages
NEW =
POT = /tmp/messages.pot
messages: $(ENV)/test
	$(BIN)/pybabel -q extract -F pyproject.toml -k _ -k Message -k gettext_noop --sort-by-file \
		--add-location file --project self-assessment --version 1 --copyright-holder "" -o $(POT) .
	[ -z "$(NEW)" ] || $(BIN)/pybabel -q init -i $(POT) -d locale -l $(NEW)
	$(BIN)/pybabel -q update -i $(POT) -d locale --no-wrap --ignore-pot-creation-date --ignore-obsolete
	@rm $(POT)

# make fuzz    tries 1,000,000 inputs on everything that reads what strangers send (half an hour);
#              RUNS=20000 tries fewer, SECONDS=600 stops after that time
.PHONY: fuzz
RUNS = 1000000
SECONDS = 0
fuzz: $(ENV)/test
	$(BIN)/python -m tests.fuzz --inputs $(RUNS) --seconds $(SECONDS)

# make firefox    compares the pages, on a phone and printed, in Debian's Firefox and Chromium, and
#                 goes Back; Firefox is 80 MB, so `make test` does without it
.PHONY: firefox
firefox: TOOLS += firefox-esr
firefox: PACKAGES += firefox-esr
firefox: $(ENV)/test tools
	$(BIN)/pytest -n0 tests/firefox

# make image    builds the container image and tries it, with Debian's podman, as root; where no
#               registry of images can be reached, on a base that mmdebstrap makes. BASE names another.
.PHONY: image
BASE =
image: TOOLS = podman runc mmdebstrap
image: PACKAGES = podman runc uidmap mmdebstrap
image: FONT = /
image: $(ENV)/test tools
	$(SUDO) env BASE=$(BASE) PIP_CERT=$(PIP_CERT) $(BIN)/pytest -n0 -s tests/image

# make mutants    breaks each promise of tests/mutants in a copy, one at a time, and names those that
#                 no test notices (half an hour); ONLY=nginx tries those of one file
.PHONY: mutants
ONLY =
mutants: $(ENV)/test tools
	$(BIN)/python -m tests.mutants $(ONLY)
