#!/bin/sh
# SPDX-License-Identifier: ISC
# The FreeBSD scenarios without atf: each in a shell and a directory of its
# own; the last line is "N passed, N failed".
#   [LEASED_BUILD=dir] freebsd_run.sh [scenario ...]
here=$(cd "$(dirname "$0")" && pwd)
LEASED_BUILD=$(realpath "${LEASED_BUILD:-$here/../../build}")
LEASED_SRC=${LEASED_SRC:-$(realpath "$here/../..")}
export LEASED_BUILD LEASED_SRC
# shellcheck source=/dev/null
. "$here/freebsd.subr"
top=$(mktemp -d /tmp/leased-lab.XXXXXX) || exit 1
# shellcheck disable=SC2086,SC2154 # a list, of freebsd.subr
[ $# -gt 0 ] || set -- $lab_scenarios
passed=0 failed=0
for name; do
	mkdir "$top/$name"
	if (
		cd "$top/$name" || exit 1
		LAB_DIR=$top/$name
		export LAB_DIR
		exec sh -c '. "$1/freebsd.subr"
		    trap "c=\$?; trap - EXIT; lab_cleanup; exit \$c" EXIT
		    trap "exit 1" INT TERM
		    scenario_$2' sh "$here" "$name"
	) >"$top/$name.out" 2>&1; then
		passed=$((passed + 1))
		[ -z "${SHOW:-}" ] || cat "$top/$name.out"
		echo "$name: passed"
	else
		failed=$((failed + 1))
		echo "$name: FAILED"
		cat "$top/$name.out"
	fi
done
[ -n "${KEEP:-}" ] || rm -rf "$top"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
