#!/bin/sh
# SPDX-License-Identifier: ISC
# How much of what parses and decides is reached by unit tests, simulator and
# fuzz corpora together: lines and branches of src/proto and src/policy*.c.
#   coverage.sh [-s SEEDS]
# clang's source-based coverage in build/coverage; the report is printed and
# kept in build/coverage/report.txt, uncovered lines in build/coverage/html.
set -eu
cd "$(dirname "$0")/.."
b=build/coverage
seeds=60
while getopts s: opt; do
	case $opt in
	s) seeds=$OPTARG ;;
	*) exit 2 ;;
	esac
done
CLANG=${CLANG:-clang}
dir=$(dirname "$(readlink -f "$(command -v "$CLANG")")")
PATH=$PATH:$dir
export PATH
prof="-fprofile-instr-generate -fcoverage-mapping"
flags="-O1 -g $prof"
profiles=$(pwd)/$b/profiles
rm -rf "$profiles"
mkdir -p "$profiles"
export LLVM_PROFILE_FILE="$profiles/%m.profraw"

# shellcheck disable=SC2086
${MAKE:-make} -s B=$b CC="$CLANG" HARDEN=-fPIE WARN= \
    CFLAGS="-O1 -g" SAN="$prof" programs
echo "coverage: unit tests"
for t in "$b"/tests/unit/*_test; do
	case $t in
	*/os_*) continue ;; # the system's side
	esac
	for c in $("$t" -l | sed -n 's/^ident: //p'); do
		rm -rf "$b/work"
		mkdir "$b/work"
		(cd "$b/work" && timeout 120 "../../../$t" -s "../../../$b/tests/unit" \
		    -r /dev/null "$c" >/dev/null 2>&1) || echo "  failed: $t:$c"
	done
done
echo "coverage: simulator"
# shellcheck disable=SC2086
sh tests/sim/build.sh $b "$CLANG" $flags
"$b/tests/sim/sim" -n "$seeds"
echo "coverage: fuzz corpora"
# shellcheck disable=SC2046,SC2086
for c in tests/fuzz/*.c; do
	t=$(basename "$c" .c)
	wrap=$(sed -n 's/^\(__wrap_\([a-z0-9_]*\)\)(.*/-Wl,--wrap=\2/p' "$c")
	$CLANG -std=c17 -D_GNU_SOURCE $(pkg-config --cflags libbsd-overlay) \
	    -Isrc -Itests/sim -I$b $flags -fsanitize=fuzzer -o "$b/fuzz-$t" "$c" \
	    $wrap $b/libleased.a $(pkg-config --libs libevent_core \
	    libbsd-overlay libmd libmnl libseccomp)
	for d in "tests/fuzz/corpus/$t" "build/fuzz/corpus/$t"; do
		[ -d "$d" ] || continue
		"$b/fuzz-$t" -runs=0 "$d" >/dev/null 2>&1 ||
		    echo "  failed: $t $d"
	done
done
llvm-profdata merge -o "$b/all.profdata" "$profiles"/*.profraw
objects=
for o in "$b"/tests/unit/*_test "$b"/fuzz-*; do
	objects="$objects -object $o"
done
# shellcheck disable=SC2086
set -- "$b/tests/sim/sim" $objects -instr-profile="$b/all.profdata" src/proto/*.c src/policy*.c
llvm-cov report "$@" -show-region-summary=0 >"$b/report.txt" 2>&1 || {
	cat "$b/report.txt"
	exit 1
}
llvm-cov show "$@" -format=html -output-dir="$b/html" >/dev/null 2>&1 || :
cat "$b/report.txt"
awk '$1 == "TOTAL" { print "coverage: lines " $7 ", branches " $10 }' \
    "$b/report.txt"
