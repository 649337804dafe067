# Every target does its own set-up; see scripts/setup.
PY := .venv/bin/python

.PHONY: demo test check lint format bench clean

demo: ## train a small network and hear it
	@scripts/setup demo
	@$(PY) -m keras_sonify demo

test: lint ## run everything that must hold
	KERAS_SONIFY_REQUIRE_CARD=1 $(PY) -m pytest
	scripts/smoke

lint: ## format, lint, types, import contracts, spelling
	@scripts/setup test
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/codespell

format: ## write the format and what the linter can mend
	@scripts/setup test
	.venv/bin/ruff format
	.venv/bin/ruff check --fix

bench: ## measure what the README claims
	@scripts/setup test
	$(PY) benchmarks/training_thread.py

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache
