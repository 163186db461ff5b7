#!/bin/sh
# Every id that docs/conformance.md marks done is named by the test programs of
# its row, and a patch of tests/mutants/patches breaks it.
set -u
cd "$(dirname "$0")/.." || exit 1
bad=0
sed -n 's/^| \([A-Z0-9]*-[0-9]*\) |.*| done | \(.*\) |$/\1 \2/p' \
    docs/conformance.md >conformance.tmp
while read -r id programs; do
	[ -n "$programs" ] || {
		echo "conformance: $id is done, but no test names it"
		bad=1
	}
	for program in $programs; do
		files=$(ls tests/*/"$program".c tests/*/"$program".sh 2>/dev/null)
		# Its scenarios are in a file of their own.
		[ "$program" != freebsd_test ] || files="$files tests/lab/freebsd.subr"
		# shellcheck disable=SC2086
		grep -qw -e "$id" /dev/null $files || {
			echo "conformance: $program does not name $id"
			bad=1
		}
	done
	set -- tests/mutants/patches/"$id"-*.patch
	[ -f "$1" ] || {
		echo "conformance: $id is done, but no mutant breaks it"
		bad=1
	}
done <conformance.tmp
rm -f conformance.tmp
exit $bad
