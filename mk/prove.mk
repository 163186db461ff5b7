# What shows that it does not break, beyond the tests.
#
#   make fuzz [T=SECONDS] [RUNS=N]   each fuzzer for a time, or N inputs
#   make mutants [SEED=S]            break the code; a test must fail

T ?=
RUNS ?= 20000
SEED ?=

fuzz: deps
	MAKE="${MAKE}" sh tests/fuzz/run.sh -t "${T}" -n ${RUNS}

mutants:
	sh tests/mutants/run.sh

.PHONY: fuzz mutants
