# leased: one Makefile for GNU make and BSD make.
#
#   make deps      install what building and testing needs (apt or pkg)
#   make           build/leased and build/leasectl
#   make test      build and run every test; last line: N passed, N failed
#   make demo      a lease from a real dnsmasq in two network namespaces
#   make asan      the same tests under AddressSanitizer and UBSan
#   make asan-unit only the unit tests of that
#   make lint      formatting, static analysis, manual pages, shell scripts
#   make fuzz, sim, load, mutants, ...    see mk/prove.mk
#   make freebsd   cross-compile and link for FreeBSD; see mk/cross.mk
#   make install   DESTDIR, PREFIX
#
# CC, AR, CFLAGS, LDFLAGS, PKG_CONFIG, OS and SYSROOT may be given.

OS != uname -s
B ?= build
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= cc
AR ?= ar
YACC = byacc
PKG_CONFIG ?= pkg-config
SYSROOT ?=
CFLAGS ?= -O2 -g -pipe
WARN ?= -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
	-Wpointer-arith -Wcast-qual -Werror
HARDEN ?= -fstack-protector-strong -D_FORTIFY_SOURCE=3 -fPIE
LDHARDEN ?= -pie -Wl,-z,relro,-z,now
SAN ?=
# The sanitizers turn off optimizations that some warnings rely on.
ASAN_BUILD = B=build/asan HARDEN="-fPIE" WARN="-Wall -Wextra" \
	CFLAGS="-O1 -g -fno-omit-frame-pointer -Wno-format-truncation" \
	SAN="-fsanitize=address,undefined -fno-sanitize-recover=undefined"

include mk/${OS}.mk

ALL_CFLAGS = -std=c17 ${OS_CPPFLAGS} -Isrc -I${B} ${WARN} ${HARDEN} ${CFLAGS} \
	${SAN}
ALL_LDFLAGS = ${LDHARDEN} ${LDFLAGS} ${SAN}

# First, for the rules below must not be what `make` alone means.
all: ${B}/leased ${B}/leasectl

# Explicit rules for every object, made from what is in the tree.
RULES != sh mk/rules.sh ${B} ${OS}
include ${B}/rules.mk

${B}/leased: ${B}/src/leased.o ${B}/libleased.a
	${CC} ${ALL_LDFLAGS} -o $@ ${B}/src/leased.o ${B}/libleased.a ${OS_LIBS}

${B}/leasectl: ${B}/ctl/leasectl.o ${B}/libctl.a ${B}/libleased.a
	${CC} ${ALL_LDFLAGS} -o $@ ${B}/ctl/leasectl.o ${B}/libctl.a \
	    ${B}/libleased.a ${CTL_LIBS} ${OS_LIBS}

${B}/libleased.a: ${LIB_OBJS}
	rm -f $@
	${AR} rcs $@ ${LIB_OBJS}

${B}/libctl.a: ${CTL_OBJS}
	rm -f $@
	${AR} rcs $@ ${CTL_OBJS}

${B}/parse.c: src/parse.y
	@mkdir -p ${B}
	${YACC} -o $@ src/parse.y

tests: programs ${TEST_SCRIPTS} ${PROVE_PROGS}

# What runs without a source tree beside it.
programs: all ${TEST_PROGS} ${TEST_TOOLS}

deps:
	sh mk/deps.sh ${OS}

test check: deps
	${MAKE} B=${B} tests
	sh tests/run.sh ${B}

demo: deps
	${MAKE} B=${B} all
	LEASED_BUILD=${B} sh tests/demo.sh

asan: deps
	${MAKE} ${ASAN_BUILD} tests
	sh tests/run.sh build/asan

# What CI has the time for.
asan-unit: deps
	${MAKE} ${ASAN_BUILD} tests
	sh tests/run.sh build/asan tests/unit

lint: deps
	sh mk/lint.sh

install: all
	sh mk/install.sh ${OS} "${B}" "${DESTDIR}" "${PREFIX}"

clean:
	rm -rf ${B}

.PHONY: all tests programs deps test check demo asan asan-unit \
	lint install clean

include mk/prove.mk
include mk/cross.mk
