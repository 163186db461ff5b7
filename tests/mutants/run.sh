#!/bin/sh
# SPDX-License-Identifier: ISC
# Break the code, one small thing at a time, and expect a test to fail.
#
#   run.sh [-n N] [-s seed] [ID ...]
#
# Two kinds of mutants:
#   policy         every comparison of src/policy*.c, flipped in turn (flip.py)
#   ID-name        patches/ID-name.patch, which breaks the requirement ID; its
#                  first line says which test must fail (patches.py):
#                  Test: PROGRAM[:CASE]
# Without an ID all are run; an ID chooses the patches that begin with it, or
# the word policy.  -n takes N of each kind at random, -s makes that choice
# repeatable.  The tree itself is not touched: everything is done in a copy.
set -eu

count=0
seed=$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')
while getopts n:s: opt; do
	case $opt in
	n) count=${OPTARG:-0} ;;
	s) seed=${OPTARG:-$seed} ;;
	*)
		sed -n 's/^#   run.sh/usage: run.sh/p' "$0" >&2
		exit 2
		;;
	esac
done
shift $((OPTIND - 1))

root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/tests/mutants
failed=0

# Is any of the IDs that were asked for a prefix of this name?
wanted() { # name, id ...
	name=$1
	shift
	[ $# -gt 0 ] || return 0
	for id; do
		case $name in
		"$id" | "$id"-*) return 0 ;;
		esac
	done
	return 1
}

flip_policy() {
	if [ "$(uname -s)" = Linux ]; then
		MUTANT_CFLAGS="-D_GNU_SOURCE $(pkg-config --cflags libbsd-overlay)"
		MUTANT_LIBS=$(pkg-config --libs atf-c libbsd-overlay)
	else
		MUTANT_CFLAGS=
		MUTANT_LIBS=-lprivateatf-c
	fi
	export MUTANT_CFLAGS MUTANT_LIBS
	t=tests/unit
	(cd "$root" && python3 "$here/flip.py" -n "$count" -s "$seed" \
	    src/policy.c $t/policy_test.c $t/policy_route_test.c \
	    $t/policy_lease_test.c $t/policy_util.c) || return 1
	(cd "$root" && python3 "$here/flip.py" -n "$count" -s "$seed" \
	    src/policy6.c $t/policy6_test.c) || return 1
}

run_patches() { # id ...
	python3 "$here/patches.py" -n "$count" -s "$seed" "$@"
}

if [ "$count" -gt 0 ]; then echo "seed $seed"; fi
if wanted policy "$@"; then flip_policy || failed=1; fi
run_patches "$@" || failed=1
exit $failed
