# Each command sets up what it needs by itself: see README.md.
PYTHON ?= python3
DEV = $(PYTHON) scripts/dev.py

.PHONY: run test journeys core-tests lint bench shots clean
run:   ; @$(DEV) run
test:  ; @$(DEV) test $(if $(T),-k '$(T)')
journeys: ; @$(DEV) journeys $(J)
core-tests: ; @$(DEV) core-tests
lint:  ; @$(DEV) lint
bench: ; @$(DEV) bench $(T)
shots: ; @$(DEV) shots
clean: ; @$(DEV) clean
