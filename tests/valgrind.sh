#!/bin/sh
# SPDX-License-Identifier: ISC
# Unit tests and simulator under valgrind's memcheck: what sanitizers do not
# see, values that were never set.
#   valgrind.sh [-b BUILD] [-n SEEDS] [-t HOURS] [FILTER]
# BUILD has the tests, built without sanitizers.  FILTER: only the unit tests of
# whose name it is a part.  The tests of the system's side (os_*) need what
# valgrind does not know; they run under ASan.
set -eu
cd "$(dirname "$0")/.."
b=build
seeds=6
hours=1
while getopts b:n:t: opt; do
	case $opt in
	b) b=$OPTARG ;;
	n) seeds=$OPTARG ;;
	t) hours=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
filter=${1:-}
b=$(realpath "$b")
supp=$PWD/tests/valgrind.supp
memcheck="valgrind -q --error-exitcode=99 --leak-check=full \
    --errors-for-leak-kinds=definite --child-silent-after-fork=yes \
    --suppressions=$supp"

[ "$seeds" -eq 0 ] || sh tests/sim/build.sh "$b" "${CC:-cc}" -O2 -g -fPIE -pie
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# one TEST CASE: its own directory; what valgrind says is kept.
cat >"$work/one" <<END
d=\$(mktemp -d "$work/case.XXXXXX")
cd "\$d"
$memcheck --log-file="\$d/log" "\$1" -s "$b/tests/unit" \
    -r /dev/null "\$2" >/dev/null 2>&1 || true
[ -s "\$d/log" ] || exit 0
echo "== \$1 \$2" >>"$work/found"
cat "\$d/log" >>"$work/found"
END
for t in "$b"/tests/unit/*"$filter"*_test; do
	case $t in
	*/os_*) continue ;;
	esac
	for c in $("$t" -l | sed -n 's/^ident: //p'); do
		printf '%s %s\n' "$t" "$c"
	done
done >"$work/cases"
xargs -P 2 -n 2 sh "$work/one" <"$work/cases"
cases=$(wc -l <"$work/cases")
if [ -s "$work/found" ]; then
	cat "$work/found"
	echo "valgrind: $cases test cases, with errors"
	exit 1
fi
echo "valgrind: $cases test cases, no error"
[ "$seeds" -eq 0 ] || $memcheck "$b/tests/sim/sim" -n "$seeds" -t "$hours"
