#!/bin/sh
# SPDX-License-Identifier: ISC
# Build the simulator and run so many seeds, two at a time.
#   run.sh [-n SEEDS] [-s FIRST] [-b BUILD] [-k]
# -k: only build.  Without -s the seeds begin with 1.
set -eu
cd "$(dirname "$0")/../.."
build=build/sim
seeds=1000
first=1
only=
while getopts b:kn:s: opt; do
	case $opt in
	b) build=$OPTARG ;;
	k) only=build ;;
	n) seeds=${OPTARG:-$seeds} ;;
	s) first=${OPTARG:-$first} ;;
	*)
		sed -n 's/^#   run.sh/usage: run.sh/p' "$0" >&2
		exit 2
		;;
	esac
done
san="-fsanitize=undefined -fno-sanitize-recover=undefined"
${MAKE:-make} -s B="$build" HARDEN= CFLAGS="-O2 -g" SAN="$san" \
    "$build/libleased.a"
# shellcheck disable=SC2086
sh tests/sim/build.sh "$build" "${CC:-cc}" -O2 -g $san
[ -z "$only" ] || exit 0
half=$(((seeds + 1) / 2))
log=$build/second.log
"$build/tests/sim/sim" -s $((first + half)) -n $((seeds - half)) >"$log" 2>&1 &
other=$!
rc=0
"$build/tests/sim/sim" -s "$first" -n "$half" || rc=1
wait $other || rc=1
tail -n 20 "$log"
exit $rc
