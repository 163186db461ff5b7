#!/bin/sh
# make lint: formatting, manual pages, shell scripts, platform #ifdefs.
set -u
bad=0
say() {
	echo "lint: $*"
	bad=1
}
ifdefs=$(grep -rnE '^#.*(__FreeBSD__|__linux__)' src ctl |
    grep -v -e '^src/os/' -e '^src/compat/')
[ -z "$ifdefs" ] || say "platform #ifdef: $ifdefs"
for m in man/*.[58]; do
	out=$(mandoc -Tlint "$m" 2>&1 |
	    grep -v -e 'referenced manual not found' -e 'outdated mandoc.db')
	[ -z "$out" ] || say "$m: $out"
done
for s in mk/*.sh tests/*.sh tests/*/*.sh tests/*/*.subr; do
	[ -f "$s" ] || continue
	shellcheck -s sh -x "$s" >/dev/null 2>&1 || say "shellcheck $s"
done
find src ctl tests/unit tests/sim tests/redteam tests/faults tests/fuzz \
    -name '*.[ch]' | while read -r f; do
	clang-format --dry-run -Werror "$f" >/dev/null 2>&1 || echo "$f"
done >"${TMPDIR:-/tmp}/leased-lint.$$"
[ ! -s "${TMPDIR:-/tmp}/leased-lint.$$" ] ||
    say "clang-format: $(tr '\n' ' ' <"${TMPDIR:-/tmp}/leased-lint.$$")"
rm -f "${TMPDIR:-/tmp}/leased-lint.$$"
exit $bad
