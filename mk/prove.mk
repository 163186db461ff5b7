# What shows that it does not break, beyond the tests.
#
#   make fuzz [T=SECONDS] [RUNS=N]   each fuzzer for a time, or N inputs
#   make sim [SEEDS=N] [SEED=FIRST]  simulated worlds with all kinds of trouble
#   make load                        docs/load.md: 100,000 clients, power cut
#   make mutants                     break the code; a test must fail

T ?=
RUNS ?= 20000
SEED ?=
SEEDS ?= 1000

fuzz: deps
	MAKE="${MAKE}" sh tests/fuzz/run.sh -t "${T}" -n ${RUNS}

sim: deps
	MAKE="${MAKE}" sh tests/sim/run.sh -n "${SEEDS}" -s "${SEED}"

load: deps
	MAKE="${MAKE}" sh tests/sim/run.sh -k
	python3 tests/sim/curve.py build/sim/tests/sim/load

mutants:
	sh tests/mutants/run.sh

.PHONY: fuzz sim load mutants
