#!/bin/sh
# The rules of what the red team and the fault tests run: leased with one of
# its processes replaced.  Part of rules.sh; prints them.
#   rules-prove.sh BUILD
# The ${...} below are for make, not for this shell.
# shellcheck disable=SC2016
set -eu
b=$1
t=tests/redteam
mkdir -p "$b/$t"

compile() { # object, source, flags
	printf '%s: %s ${HDRS}\n\t${CC} ${ALL_CFLAGS} %s -c -o $@ %s\n' \
	    "$1" "$2" "${3:-}" "$2"
}
program() { # name, flags of the linker, objects
	p=$1
	flags=$2
	shift 2
	printf '%s: %s %s/libleased.a\n' "$p" "$*" "$b"
	printf '\t${CC} ${ALL_LDFLAGS} %s -o $@ %s %s/libleased.a ${OS_LIBS}\n' \
	    "$flags" "$*" "$b"
}

printf 'PROVE_PROGS = %s/%s/leased-engine %s/%s/leased-frontend ' \
    "$b" $t "$b" $t
printf '%s/%s/client\n' "$b" $t
compile "$b/$t/engine.o" $t/hostile.c
compile "$b/$t/frontend.o" $t/hostile.c -DHOSTILE_FRONTEND
compile "$b/$t/policy.o" $t/policy.c
# A table with what is not 0.
compile "$b/$t/policy6.o" $t/policy6.c -Wno-missing-field-initializers
compile "$b/$t/client.o" $t/client.c
program "$b/$t/leased-engine" '' "$b/src/leased.o" "$b/$t/engine.o" \
    "$b/$t/policy.o" "$b/$t/policy6.o"
program "$b/$t/leased-frontend" '' "$b/src/leased.o" "$b/$t/frontend.o" \
    "$b/$t/policy.o" "$b/$t/policy6.o"
program "$b/$t/client" '' "$b/$t/client.o"

t=tests/faults
mkdir -p "$b/$t"
wraps=$(sed -n 's/^	X([A-Za-z_ ]*\**, \([a-z0-9_]*\),.*/-Wl,--wrap=\1/p' \
    $t/faults.c | tr '\n' ' ')
printf 'PROVE_PROGS += %s/%s/leased-faults\n' "$b" $t
compile "$b/$t/faults.o" $t/faults.c
program "$b/$t/leased-faults" "$wraps" "$b/src/leased.o" "$b/$t/faults.o"
