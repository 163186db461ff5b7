#!/bin/sh
# Cross-compile and link daemon, leasectl and unit tests for FreeBSD, warnings
# as errors, and look at what came out.
#   freebsd.sh ARCH ...
# Result: build-freebsd/ARCH
set -eu
deps=$(pwd)/build-freebsd/deps
for arch; do
	b=build-freebsd/$arch
	# libevent, jansson and libatf are linked in: nothing but the base
	# system is needed to run the result.
	PKG_CONFIG_LIBDIR=$deps/$arch/lib/pkgconfig
	export PKG_CONFIG_LIBDIR
	# A compiler that also links is given options that only one of them
	# uses.
	${MAKE:-make} OS=FreeBSD B="$b" CC="$deps/bin/$arch-cc" \
	    AR="$deps/bin/ar" YACC="${YACC:-byacc}" \
	    PKG_CONFIG="pkg-config --static" \
	    TEST_LIBS="-latf-c" \
	    CFLAGS="-O2 -g -Wno-unused-command-line-argument -I$deps/$arch/include" \
	    LDFLAGS="-L$deps/$arch/lib" all programs
	sh mk/freebsd-check.sh "$arch" "$b/leased" "$b/leasectl"
	# shellcheck disable=SC2046
	sh mk/freebsd-check.sh "$arch" $(find "$b/tests" -name '*_test' \
	    -type f -perm -100 ! -path '*/lab/*' | sort)
done
