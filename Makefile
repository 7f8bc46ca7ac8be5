# Each command sets up what it needs by itself: see README.md.
PYTHON ?= python3
DEV = $(PYTHON) scripts/dev.py

.PHONY: run test lint bench shots clean
run:   ; @$(DEV) run
test:  ; @$(DEV) test $(if $(T),-k '$(T)')
lint:  ; @$(DEV) lint
bench: ; @$(DEV) bench $(T)
shots: ; @$(DEV) shots
clean: ; @$(DEV) clean
