# Every command of the project. `make` alone lists them; each is a small script in bin/.
.DEFAULT_GOAL := help
.PHONY: help run setup test test-services bench lock env clean
export PORT

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

run: ## Start the demonstration on 127.0.0.1:8000 (PORT=8001 for another port)
	@exec bin/run

setup: ## Make the virtual environment with everything for development
	@exec bin/setup dev

test: ## Linters, types, contracts and the fast tests
	@exec bin/test

test-services: ## Tests against real PostgreSQL, Redis and Elasticsearch
	@exec bin/test-services

bench: ## Benchmarks, as ratios to the plainest view
	@exec bin/bench

lock: ## Resolve requirements/*.txt again from pyproject.toml
	@exec bin/lock

env: ## Write .env with fresh secrets for docker compose (PUBLIC_URL=https://…)
	@exec bin/new-env

clean: ## Remove the environment and caches; the data in var/ stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks test-results
	find coalitions knowledge portal search tests -name __pycache__ -type d -prune -exec rm -rf {} +
