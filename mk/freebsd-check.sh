#!/bin/sh
# Are FreeBSD programs what they should be: dynamic PIE with full RELRO that
# need the C library alone, and call nothing that is not on the list?
#   freebsd-check.sh ARCH PROGRAM ...
# Programs under tests/ are not held to the list.  A new name belongs into
# mk/freebsd-symbols when it is meant to be there: it is also what a reviewer
# reads to see what the daemon asks of the system.
set -u
arch=$1
shift
bad=0
say() {
	echo "freebsd-check: $*" >&2
	bad=1
}
case $arch in
x86_64) machine=X86-64 ;;
*) machine=AArch64 ;;
esac
for p; do
	header=$(readelf -hW "$p") || {
		say "$p: not there"
		continue
	}
	# The note by which the kernel knows its own.
	readelf -nW "$p" | grep -q FreeBSD || say "$p: not for FreeBSD"
	case $header in
	*"$machine"*) ;;
	*) say "$p: not for $arch" ;;
	esac
	dynamic=$(readelf -dW "$p")
	needed=$(echo "$dynamic" |
	    sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p' | tr '\n' ' ')
	for lib in $needed; do
		case $lib in
		libc.so.7 | libm.so.5 | libthr.so.3) ;;
		*) say "$p: needs $lib" ;;
		esac
	done
	case $dynamic in
	*NOW*PIE*) ;;
	*) say "$p: not PIE with immediate binding" ;;
	esac
	readelf -lW "$p" | grep -q GNU_RELRO || say "$p: no RELRO"
	case $p in
	*/tests/*) continue ;;
	esac
	symbols=$(readelf --dyn-syms -W "$p" |
	    awk '$7 == "UND" && $8 != "" { sub(/@.*/, "", $8); print $8 }' |
	    sort -u)
	for s in $symbols; do
		grep -qx "$s" mk/freebsd-symbols ||
		    say "$p: asks for $s, which is not in mk/freebsd-symbols"
	done
done
[ "$bad" -ne 0 ] || echo "freebsd-check: $arch: $# programs"
exit "$bad"
