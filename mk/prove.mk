# What shows that it does not break, beyond the tests.
#
#   make fuzz [T=SECONDS] [RUNS=N]   each fuzzer for a time, or N inputs
#   make afl [T=SECONDS]             the same with AFL++ (apt install afl++)
#   make sim [SEEDS=N] [SEED=FIRST]  simulated worlds with all kinds of trouble
#   make faults                      all points where something can fail
#   make chaos [SEED=S] [ROUNDS=N]   random trouble around a real leased
#   make coverage                    of proto/ and policy*.c, by unit tests,
#                                    simulator and fuzz corpora together
#   make valgrind                    unit tests and simulator under memcheck
#   make load                        docs/load.md: 100,000 clients, power cut
#   make mutants [N=20] [SEED=S]     break the code, a test must fail; N of
#                                    each kind at random

T ?=
RUNS ?= 20000
SEED ?=
N ?= 0
SEEDS ?= 1000
ROUNDS ?= 100

fuzz: deps
	MAKE="${MAKE}" sh tests/fuzz/run.sh -t "${T}" -n ${RUNS}

afl: deps
	MAKE="${MAKE}" sh tests/fuzz/run.sh -a -t "${T}"

sim: deps
	MAKE="${MAKE}" sh tests/sim/run.sh -n "${SEEDS}" -s "${SEED}"

load: deps
	MAKE="${MAKE}" sh tests/sim/run.sh -k
	python3 tests/sim/curve.py build/sim/tests/sim/load

mutants: deps
	MAKE="${MAKE}" sh tests/mutants/run.sh -n "${N}" -s "${SEED}"

# Every call of every process fails, and the parent dies at each, once.
faults: deps
	${MAKE} tests
	FAULTS=0 sh tests/run.sh ${B} tests/faults

# The links, servers, administrators and deaths that machines do not see.
chaos: deps
	${MAKE} all
	sh tests/lab/chaos.sh -b ${B} -n "${ROUNDS}" -s "${SEED}"

valgrind: deps
	${MAKE} programs
	sh tests/valgrind.sh -b ${B}

coverage: deps
	MAKE="${MAKE}" sh tests/coverage.sh

.PHONY: fuzz afl sim load mutants faults chaos valgrind coverage
