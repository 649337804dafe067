# Every target does its own set-up; see scripts/setup.
PY := .venv/bin/python
# A folder of CSV logs for `make listen`, besides the project's own trainings.
LOGS ?= ../shared/logs

.PHONY: demo quick test matrix browsers lint format bench fuzz mutants listen clean

demo: ## train a small network and hear it
	@scripts/setup demo
	@$(PY) -m keras_sonify demo --train

quick: lint ## before each commit: all that needs no program, browser, Keras or second
	$(PY) -m pytest -m "not slow" -n 2

test: lint ## run everything that must hold
	$(PY) -m pytest -m "not slow" -n 2 --cov
	@# Without coverage: it would disturb what is timed.
	KERAS_SONIFY_REQUIRE_CARD=1 $(PY) -m pytest -m "slow and not (timed or alone)" -n 3 --dist loadfile
	KERAS_SONIFY_REQUIRE_CARD=1 $(PY) -m pytest -m "slow and timed" -n 2
	KERAS_SONIFY_REQUIRE_CARD=1 $(PY) -m pytest -m "slow and alone"
	@# The same by JAX; by PyTorch, whose download is gigabytes, in `make matrix`.
	KERAS_BACKEND=jax $(PY) -m pytest -n 2 tests/matrix/test_[hl]*.py
	scripts/smoke

matrix: ## the built wheel on all that is promised: backends, lowest versions, Pythons
	@scripts/setup test
	$(PY) scripts/matrix/try_all.py

browsers: ## the pages in Firefox and WebKitGTK, which Safari is akin to: heard, used, looked at
	@scripts/setup browsers
	KERAS_SONIFY_REQUIRE_CARD=1 $(PY) -m pytest tests/browsers

lint: ## format, lint, types, import contracts, spelling
	@scripts/setup test
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports
	@# It knows nothing of .gitignore; without git it looks at all files.
	git ls-files -z --cached --others --exclude-standard 2>/dev/null | xargs -0 .venv/bin/codespell

format: ## write the format and what the linter can mend
	@scripts/setup test
	.venv/bin/ruff format
	.venv/bin/ruff check --fix

bench: ## measure what docs/measured.md claims
	@scripts/setup test
	$(PY) benchmarks/training_thread.py
	$(PY) benchmarks/batches.py
	$(PY) benchmarks/listeners.py
	$(PY) benchmarks/rendering.py
	$(PY) benchmarks/reading.py
	$(PY) benchmarks/long_runs.py
	$(PY) benchmarks/steps_heard.py
	$(PY) benchmarks/small_loudspeakers.py
	$(PY) benchmarks/comparisons.py
	$(PY) benchmarks/overfitting_heard.py
	$(PY) benchmarks/rooms_heard.py
	$(PY) benchmarks/listener.py
	$(PY) benchmarks/quiz.py

fuzz: ## ten minutes each of damaged logs, event files and hostile requests to the page
	@scripts/setup test
	$(PY) benchmarks/fuzzing.py logs 600
	$(PY) benchmarks/fuzzing.py events 600
	$(PY) benchmarks/fuzzing.py page 600

mutants: ## how many planted faults the quick tests notice; ROOMS="pitch rules" for some rooms
	@scripts/setup test
	@$(PY) -m pip install -q --group mutants
	$(PY) benchmarks/mutants.py $(ROOMS)

listen: ## what a listener who knows only the audio hears, on real logs
	@scripts/setup test
	$(PY) tests/listen.py $(LOGS)

clean:
	rm -rf .venv .matrix build dist .mypy_cache .ruff_cache .pytest_cache .coverage
