#!/bin/sh
# SPDX-License-Identifier: ISC
# Break the code, one small thing at a time, and expect a test to fail.
#
#   run.sh [-n N] [-s seed] [ID ...]
#
# Two kinds of mutants:
#   policy         every comparison of src/policy*.c, flipped in turn (flip.py)
#   ID-name        patches/ID-name.patch, which breaks the requirement ID; its
#                  first line says which test must fail:
#                  Test: PROGRAM[:CASE]
# Without an ID all are run; an ID chooses the patches that begin with it, or
# the word policy.  -n takes N of each kind at random, -s makes that choice
# repeatable.  The tree itself is not touched: everything is done in a copy.
set -eu

count=0
seed=$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')
while getopts n:s: opt; do
	case $opt in
	n) count=$OPTARG ;;
	s) seed=$OPTARG ;;
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
	for p in policy policy6; do
		(cd "$root" && python3 "$here/flip.py" -n "$count" -s "$seed" \
		    "src/$p.c" "tests/unit/${p}_test.c") || return 1
	done
}

# Run the cases of a test program until one fails; 0: all pass.
passes() { # program, case or ""
	cases=${2:-$("$1" -l | sed -n 's/^ident: //p')}
	for c in $cases; do
		rm -rf "$copy/work"
		mkdir "$copy/work"
		(cd "$copy/work" && timeout 120 "$1" -r /dev/null "$c") \
		    >/dev/null 2>&1 || return 1
	done
}

build() { # program
	(cd "$copy" && ${MAKE:-make} B=build "build/tests/unit/$1") \
	    >"$copy/log" 2>&1
}

try_patch() { # file
	name=$(basename "$1" .patch)
	spec=$(sed -n 's/^Test: *//p' "$1" | head -n 1)
	prog=${spec%%:*}
	case $spec in
	*:*) only=${spec#*:} ;;
	*) only= ;;
	esac
	if [ -z "$prog" ]; then
		echo "$name: has no line \"Test: PROGRAM:CASE\""
		return 1
	fi
	if ! build "$prog" || ! passes "$copy/build/tests/unit/$prog" "$only"
	then
		echo "$name: $spec fails without the patch"
		tail -n 5 "$copy/log"
		return 1
	fi
	if ! patch -d "$copy" -p1 -s -F0 <"$1"; then
		echo "$name: does not apply"
		return 1
	fi
	result=0
	if ! build "$prog"; then
		echo "$name: does not compile"
		tail -n 5 "$copy/log"
		result=1
	elif passes "$copy/build/tests/unit/$prog" "$only"; then
		echo "SURVIVED $name: $spec passes"
		result=1
	fi
	patch -d "$copy" -p1 -s -R -F0 <"$1"
	return $result
}

run_patches() { # id ...
	list=
	for p in "$here"/patches/*.patch; do
		[ -f "$p" ] || continue
		if wanted "$(basename "$p" .patch)" "$@"; then
			list="$list $p"
		fi
	done
	[ -n "$list" ] || return 0
	if [ "$count" -gt 0 ]; then
		# shellcheck disable=SC2086
		list=$(printf '%s\n' $list | awk -v s="$seed" \
		    'BEGIN { srand(s) } { print rand() "\t" $0 }' | sort |
		    cut -f 2 | head -n "$count")
	fi
	copy=$(mktemp -d "${TMPDIR:-/tmp}/mutants.XXXXXX")
	trap 'rm -rf "$copy"' EXIT
	(cd "$root" && tar -cf - --exclude ./build --exclude ./.git .) |
	    tar -xf - -C "$copy"
	n=0
	killed=0
	for p in $list; do
		n=$((n + 1))
		if try_patch "$p"; then killed=$((killed + 1)); fi
	done
	echo "patches: $n mutants, $killed killed, $((n - killed)) not"
	[ "$killed" -eq "$n" ]
}

if [ "$count" -gt 0 ]; then echo "seed $seed"; fi
if wanted policy "$@"; then flip_policy || failed=1; fi
run_patches "$@" || failed=1
exit $failed
