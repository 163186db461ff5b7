#!/bin/sh
# SPDX-License-Identifier: ISC
# Build the simulator.
#   build.sh BUILD CC [CFLAG...]
# BUILD has libleased.a, made with the same flags.
set -eu
cd "$(dirname "$0")/../.."
b=$1
cc=$2
shift 2
pkgs="libevent_core libbsd-overlay libmd libmnl libseccomp"
mkdir -p "$b/tests/sim"
objs=
for c in tests/sim/*.c; do
	o=$b/${c%.c}.o
	# shellcheck disable=SC2046,SC2086
	$cc -std=c17 -D_GNU_SOURCE $(pkg-config --cflags $pkgs) -Isrc \
	    -I"$b" -Wall -Wextra -Wshadow -Wmissing-prototypes \
	    -Wstrict-prototypes -Wpointer-arith -Wcast-qual -Werror "$@" \
	    -c -o "$o" "$c"
	case $c in
	*/load.c) ;;
	*/sim.c | */frame4.c) ;;
	*) objs="$objs $o" ;;
	esac
done
frame=$b/tests/sim/frame4.o
wrap=$(sed -n 's/^\(_Noreturn \)*[a-z0-9_]* *__wrap_\([a-z0-9_]*\)(.*/-Wl,--wrap=\2/p' \
    tests/sim/sim_engine.c | sort -u)
for p in sim load; do
	[ -f "$b/tests/sim/$p.o" ] || continue
	# shellcheck disable=SC2046,SC2086
	$cc "$@" -o "$b/tests/sim/$p" "$b/tests/sim/$p.o" "$frame" \
	    $([ $p = load ] || echo $wrap $objs) "$b/libleased.a" \
	    $(pkg-config --libs $pkgs)
done
