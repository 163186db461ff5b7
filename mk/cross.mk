# For FreeBSD, built elsewhere.
#
#   make deps-freebsd     fetch and build the compiler and the libraries
#   make freebsd          compile and link everything, and check the result

FREEBSD_ARCHS ?= x86_64 aarch64

deps-freebsd:
	sh mk/freebsd-deps.sh build-freebsd/deps ${FREEBSD_ARCHS}

freebsd: deps-freebsd
	MAKE="${MAKE}" sh mk/freebsd.sh ${FREEBSD_ARCHS}

.PHONY: deps-freebsd freebsd
