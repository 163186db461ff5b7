#!/bin/sh
# Write BUILD/rules.mk: the lists of objects and one explicit rule for each,
# which both GNU make and BSD make understand.
#   rules.sh BUILD OS
# The ${...} below are for make, not for this shell.
# shellcheck disable=SC2016
set -eu
b=$1
# Tests of the other system's part are not built; what is not named here needs
# network namespaces.
case $2 in
Linux)
	os=linux other=freebsd
	scripts=$(find tests -name '*_test.sh' ! -name 'freebsd_*' | sort)
	;;
*)
	os=freebsd other=linux
	scripts='tests/lab/freebsd_test.sh tests/lab/manual_test.sh
	    tests/lab/rc_test.sh'
	;;
esac
unit=$(find tests/unit -name '*.c' ! -name "os_${other}*" | sort)
mkdir -p "$b"
out=$b/rules.mk.$$
hdrs=$(find src ctl tests -name '*.h' | sort | tr '\n' ' ')

obj() { # source -> object
	printf '%s/%s.o' "$b" "${1%.c}"
}
compile() { # source, extra prerequisites
	o=$(obj "$1")
	mkdir -p "$(dirname "$o")"
	printf '%s: %s ${HDRS}\n\t${CC} ${ALL_CFLAGS} -c -o $@ %s\n' \
	    "$o" "$1" "$1"
}

{
	printf 'HDRS = %s\n' "$hdrs"
	printf 'LIB_OBJS ='
	for c in src/*.c src/proto/*.c src/compat/*.c src/os/*.c \
	    src/os/"$os"/*.c; do
		case $c in
		src/leased.c | *\**) continue ;;
		esac
		printf ' %s' "$(obj "$c")"
	done
	if [ -f src/parse.y ]; then printf ' %s/parse.o' "$b"; fi
	printf '\nCTL_OBJS ='
	for c in ctl/*.c; do
		case $c in
		ctl/leasectl.c | *\**) continue ;;
		esac
		printf ' %s' "$(obj "$c")"
	done
	# Helpers of tests: sources in tests/unit that are no test themselves.
	printf '\nTEST_OBJS ='
	for c in $unit; do
		case $c in
		*_test.c | *\**) continue ;;
		esac
		printf ' %s' "$(obj "$c")"
	done
	printf '\nTEST_PROGS ='
	for c in $unit; do
		case $c in
		*_test.c) ;;
		*) continue ;;
		esac
		printf ' %s/%s' "$b" "${c%.c}"
	done
	# Programs that the lab's scripts run: one source each.
	printf '\nTEST_TOOLS ='
	for c in tests/tools/*.c; do
		[ -f "$c" ] || continue
		printf ' %s/%s' "$b" "${c%.c}"
	done
	printf '\nTEST_SCRIPTS ='
	for s in $scripts; do
		printf ' %s/%s' "$b" "${s%.sh}"
	done
	printf '\n'
	for c in src/*.c src/proto/*.c src/compat/*.c src/os/*.c \
	    src/os/"$os"/*.c \
	    ctl/*.c $unit; do
		[ -f "$c" ] || continue
		compile "$c"
	done
	# It includes what it tests.
	printf '%s: src/engine.c\n' "$(obj tests/unit/engine_test.c)"
	if [ -f src/parse.y ]; then
		printf '%s/parse.o: %s/parse.c ${HDRS}\n' "$b" "$b"
		# byacc counts errors that nobody reads.
		printf '\t${CC} ${ALL_CFLAGS} -Wno-unused-but-set-variable '
		printf -- '-c -o $@ %s/parse.c\n' "$b"
	fi
	for c in $unit; do
		case $c in
		*_test.c) ;;
		*) continue ;;
		esac
		p=$b/${c%.c}
		printf '%s: %s.o ${TEST_OBJS} %s/libleased.a %s/libctl.a\n' \
		    "$p" "$p" "$b" "$b"
		printf '\t${CC} ${ALL_LDFLAGS} -o $@ %s.o ${TEST_OBJS} ' "$p"
		printf '%s/libctl.a %s/libleased.a ${TEST_LIBS} ' "$b" "$b"
		printf '${CTL_LIBS} ${OS_LIBS}\n'
	done
	if [ "$os" = linux ]; then sh mk/rules-prove.sh "$b"; fi
	for c in tests/tools/*.c; do
		[ -f "$c" ] || continue
		p=$b/${c%.c}
		mkdir -p "$(dirname "$p")"
		printf '%s: %s\n\t${CC} ${ALL_CFLAGS} ${ALL_LDFLAGS} ' "$p" "$c"
		printf -- '-o $@ %s ${OS_LIBS}\n' "$c"
	done
	for s in $scripts; do
		p=$b/${s%.sh}
		mkdir -p "$(dirname "$p")"
		printf '%s: %s\n\tcp %s $@ && chmod 755 $@\n' "$p" "$s" "$s"
	done
} >"$out"
if cmp -s "$out" "$b/rules.mk"; then
	rm -f "$out"
else
	mv "$out" "$b/rules.mk"
fi
