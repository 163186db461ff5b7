#!/bin/sh
# Every id that docs/conformance.md marks done is named by a test, and a patch
# of tests/mutants/patches breaks it.
set -u
cd "$(dirname "$0")/.." || exit 1
bad=0
ids=$(sed -n 's/^| \([A-Z0-9]*-[0-9]*\) |.*| done |.*/\1/p' \
    docs/conformance.md)
for id in $ids; do
	grep -rqw -e "$id" tests/unit tests/lab tests/redteam tests/faults || {
		echo "conformance: $id is done, but no test names it"
		bad=1
	}
	set -- tests/mutants/patches/"$id"-*.patch
	[ -f "$1" ] || {
		echo "conformance: $id is done, but no mutant breaks it"
		bad=1
	}
done
exit $bad
