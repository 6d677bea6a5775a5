# Every target starts from a bare checkout: python3 (3.11 or newer) and make are all it takes.
PYTHON ?= python3
PORT ?= 8000
RUN := .venv/bin/python
export PORT
# The processes of the site, and of the tests, import the same modules: one compiles, all read.
unexport PYTHONDONTWRITEBYTECODE

# What `manage.py check --deploy` needs to believe it is in production; nothing here is a secret.
PRODUCTION := SEGUR_ENV=production SITE_URL=https://echeances.example ALLOWED_HOSTS=echeances.example \
  DATABASE_URL=postgres://segur@127.0.0.1/segur REDIS_URL=redis://127.0.0.1/0 EMAIL_URL=smtp://127.0.0.1:25 \
  MAIL_FROM=echeances@segur.example BEHIND_TLS_PROXY=1 \
  SECRET_KEY=only-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuvwxyz

.PHONY: run install test test-sqlite test-services test-everywhere pages pictures sequences races hour faults check bench mutants lock

run:
	@$(PYTHON) -m segur.runner.bootstrap run

install:
	@$(PYTHON) -m segur.runner.bootstrap install

USUAL := not long and not hour and not many and not pictures

test: install
	$(RUN) -m tests.system_packages
	$(MAKE) --no-print-directory test-sqlite test-services

test-sqlite:
	$(RUN) -m pytest -n 2 --dist worksteal --half sqlite -m "$(USUAL)"

# Four processes for two cores: many of these tests wait for a server, a worker or a browser.
test-services:
	$(RUN) -m tests.with_services -- $(RUN) -m pytest -n 4 --dist worksteal --half postgresql -m "$(USUAL)"

# Both halves without what they share out between the databases: every test on each (ADR 0059).
test-everywhere: install
	$(RUN) -m tests.system_packages
	$(RUN) -m pytest -n 2 --dist worksteal -m "$(USUAL) and not distributed and not e2e"
	$(RUN) -m tests.with_services -- $(RUN) -m pytest -n 4 --dist worksteal -m "$(USUAL)"

# Every page as each role, looked at by axe; the API called thousands of times by each role.
pages: install
	$(RUN) -m tests.system_packages
	$(RUN) -m tests.with_services -- $(RUN) -m pytest -n 2 --dist worksteal -m long

# The pictures of the user guide and of the README, from the demonstration as it is now.
pictures: install
	$(RUN) -m tests.system_packages
	$(RUN) -m pytest -m pictures

# Whatever parties do, D_f is never lowered: four hundred sequences of forty acts, a quarter of an hour.
sequences: install
	$(RUN) -m pytest -m "many and not distributed"

# Two people press at the same second, a hundred times for each act, on PostgreSQL.
races: install
	$(RUN) -m tests.with_services -- $(RUN) -m pytest -m "many and distributed"

# A site in use for an hour: robots click, reminders leave, the memory is watched.
HOUR_SECONDS ?= 3600
hour: install
	HOUR_SECONDS=$(HOUR_SECONDS) $(RUN) -m pytest -s -m hour

# Kills, stops and slows each service while mails leave, three times each: writes docs/faults.md.
faults: install
	DJANGO_SETTINGS_MODULE=tests.settings $(RUN) -m tests.faults.table

check: install
	$(RUN) -m ruff format --check
	$(RUN) -m ruff check
	$(RUN) -m mypy .
	.venv/bin/lint-imports
	git ls-files -z 'templates/*.html' | xargs -0 .venv/bin/djade --check
	.venv/bin/hadolint deploy/Dockerfile
	$(RUN) -m pytest -q -p no:randomly tests/deploy/test_processes.py
	$(RUN) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(RUN) manage.py check --deploy --fail-level WARNING

bench:
	@$(PYTHON) -m segur.runner.bootstrap bench
	@$(RUN) -m benchmarks.intervals
	@$(RUN) -m benchmarks.park
	@$(RUN) -m benchmarks.imports
	@$(RUN) -m benchmarks.planning
	@$(RUN) -m benchmarks.scan
	@$(RUN) -m benchmarks.pages
	@$(RUN) -m benchmarks.load
	@$(RUN) -m benchmarks.weights
	@$(RUN) -m benchmarks.mails
	@$(RUN) -m benchmarks.start

# Changes the code in thousands of small ways, and counts those that no test notices: takes hours
# (docs/mutation.md).
mutants:
	@$(PYTHON) -m segur.runner.bootstrap mutants
	@$(RUN) -m tests.mutation rules
	@$(RUN) -m tests.mutation services

# Pins with hashes, for 3.11 to 3.13, without any index address.
LOCK := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header --no-annotate
lock: install
	$(LOCK) requirements/uv.in -o requirements/uv.txt
	$(LOCK) requirements/run.in -o requirements/run.txt
	$(LOCK) requirements/s3.in -c requirements/run.txt -o requirements/s3.txt
	$(LOCK) requirements/dev.in -c requirements/run.txt -c requirements/s3.txt -c requirements/uv.txt -o requirements/dev.txt
	$(LOCK) requirements/bench.in -c requirements/run.txt -c requirements/dev.txt -o requirements/bench.txt
	$(LOCK) requirements/mutants.in -c requirements/run.txt -c requirements/dev.txt -o requirements/mutants.txt
