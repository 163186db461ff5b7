#!/bin/sh
# SPDX-License-Identifier: ISC
# Build the fuzzers with clang's libFuzzer, or with AFL++ (-a), and run each.
#
#   run.sh [-a] [-t SECONDS] [-n RUNS] [-b BUILD] [-k] [TARGET ...]
#
# A target is a file TARGET.c here; a new one needs nothing else.  Seeds are in
# corpus/TARGET; what is found on the way is kept in BUILD/corpus/TARGET, and
# an input that breaks something in BUILD/found, to be run again with
# BUILD/TARGET FILE.  -k: only build.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=
time=
runs=
only=
afl=
while getopts ab:kn:t: opt; do
	case $opt in
	a) afl=1 ;;
	b) build=$OPTARG ;;
	k) only=build ;;
	n) runs=$OPTARG ;;
	t) time=$OPTARG ;;
	*)
		sed -n 's/^#   run.sh/usage: run.sh/p' "$0" >&2
		exit 2
		;;
	esac
done
shift $((OPTIND - 1))
cd "$root"

CLANG=${CLANG:-clang}
nolink=fuzzer-no-link,
if [ -n "$afl" ]; then
	# Its compiler has a main for libFuzzer's targets.
	CLANG='afl-clang-fast'
	nolink=
	build=${build:-build/afl}
	AFL_QUIET=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1
	AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
	export AFL_QUIET AFL_NO_UI AFL_SKIP_CPUFREQ AFL_NO_AFFINITY \
	    AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES
fi
build=${build:-build/fuzz}
if ! command -v "$CLANG" >/dev/null; then
	echo "fuzz: no $CLANG (make deps; apt-get install afl++)" >&2
	exit 1
fi
san="-fsanitize=address,undefined -fno-sanitize-recover=undefined"
cflags="-O1 -g -fno-omit-frame-pointer ${FUZZ_CFLAGS:-}"
pkgs="libevent_core libbsd-overlay libmd libmnl libseccomp"

${MAKE:-make} -s B="$build" CC="$CLANG" HARDEN= WARN=-Wall CFLAGS="$cflags" \
    SAN="-fsanitize=${nolink}address,undefined -fno-sanitize-recover=undefined" "$build/libleased.a"

# shellcheck disable=SC2046,SC2086
compile() { # target
	if [ -z "$(find "$here/$1.c" "$build/libleased.a" \
	    -newer "$build/$1" 2>/dev/null)" ] && [ -x "$build/$1" ]; then
		return 0
	fi
	wrap=$(sed -n 's/^\(__wrap_\([a-z0-9_]*\)\)(.*/-Wl,--wrap=\2/p' \
	    "$here/$1.c" | sort -u)
	$CLANG -std=c17 -D_GNU_SOURCE $(pkg-config --cflags $pkgs) -Isrc \
	    -Itests/sim -I"$build" -Wall -Wextra $cflags -fsanitize=fuzzer $san \
	    -o "$build/$1" "$here/$1.c" $wrap "$build/libleased.a" \
	    $(pkg-config --libs $pkgs)
}

# run_afl TARGET SECONDS: what it finds is in BUILD/out/TARGET.
run_afl() {
	out=$build/out/$1
	mkdir -p "$out"
	in=$here/corpus/$1
	# It goes on where it stopped.
	[ ! -d "$out/default" ] || in=-
	if ! ASAN_OPTIONS=abort_on_error=1:symbolize=0:detect_leaks=0 \
	    afl-fuzz -i "$in" -o "$out" -V "${2:-60}" -t 2000 -m none \
	    -- "$build/$1" >"$build/$1.log" 2>&1; then
		tail -n 40 "$build/$1.log"
		return 1
	fi
	stat() {
		sed -n "s/^$1 *: *//p" "$out/default/fuzzer_stats"
	}
	printf 'afl %s: %s runs, edges %s, %s crashes, %s hangs\n' "$1" \
	    "$(stat execs_done)" "$(stat edges_found)" \
	    "$(stat saved_crashes)" "$(stat saved_hangs)"
	[ "$(stat saved_crashes)" = 0 ] && [ "$(stat saved_hangs)" = 0 ]
}

mkdir -p "$build/found"
[ $# -gt 0 ] || for c in "$here"/*.c; do
	set -- "$@" "$(basename "$c" .c)"
done
bad=0
for t; do
	compile "$t"
	[ -z "$only" ] || continue
	if [ -n "$afl" ]; then
		run_afl "$t" "$time" || bad=1
		continue
	fi
	mkdir -p "$build/corpus/$t"
	seeds=
	[ ! -d "$here/corpus/$t" ] || seeds=$here/corpus/$t
	limit="-runs=${runs:-20000}"
	[ -z "$time" ] || limit="-max_total_time=$time"
	# shellcheck disable=SC2086
	if ! UBSAN_OPTIONS=print_stacktrace=1 "$build/$t" $limit \
	    -max_len=8192 -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
	    -artifact_prefix="$build/found/$t-" "$build/corpus/$t" \
	    ${seeds:+"$seeds"} >"$build/$t.log" 2>&1; then
		bad=1
		tail -n 40 "$build/$t.log"
		echo "fuzz $t: FAILED, input in $build/found"
		continue
	fi
	printf 'fuzz %s: %s runs, %s\n' "$t" \
	    "$(sed -n 's/.*executed_units: *//p' "$build/$t.log")" \
	    "$(sed -n 's/.*\(cov: [0-9]*\).*/\1/p' "$build/$t.log" | tail -n 1)"
done
exit $bad
