# Two commands do everything: `make demo` shows PM Campus, `make test` checks it.
# Needs Python 3.11 or 3.12, git and make; all else goes into .venv, pinned by constraints.txt.

PYTHON ?= $(firstword $(foreach p,python3.12 python3.11 python3,$(shell $(p) -c "import sys; 3.11 <= float('%d.%d' % sys.version_info[:2]) <= 3.12 and print('$(p)')" 2>/dev/null)))
SERVE ?= 1
BIN := .venv/bin

.PHONY: demo test site lint prove bench clean

demo: .venv/ready
	@$(BIN)/pmcampus demo $(if $(filter 0,$(SERVE)),--no-serve)

test: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pmcampus lint
	$(BIN)/pmcampus prove
	$(BIN)/pytest -n 2 --dist loadgroup

site: .venv/ready
	$(BIN)/pmcampus site

lint: .venv/ready
	$(BIN)/pmcampus lint

prove: .venv/ready
	$(BIN)/pmcampus prove

bench: .venv/ready
	$(BIN)/python benchmarks/run.py

.venv/ready: pyproject.toml constraints.txt share/jupyter/kernels/pmcampus/kernel.json
	@test -n "$(PYTHON)" || { echo "PM Campus needs Python 3.11 or 3.12; install one, or name it: make demo PYTHON=/path/to/python3.12"; exit 2; }
	@echo "Setting up the environment in .venv (once; a few minutes)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[all]"
	@touch $@

clean:
	rm -rf build .venv
