#!/bin/sh
# Run every test that was built with kyua; the last line is
# "N passed, N failed", skips stand on the line before.
#   run.sh BUILD
set -eu
b=$(realpath "$1")
src=$(cd "$(dirname "$0")/.." && pwd)

# kyua_file DIR: names the test programs of a directory.  A flood fills a
# table of the whole machine; it has it for itself.
kyua_file() {
	printf 'syntax(2)\ntest_suite("leased")\n'
	for t in "$b/$1"/*_test; do
		[ -x "$t" ] || continue
		alone=
		[ "${t##*/}" != flood_test ] || alone=', is_exclusive=true'
		printf 'atf_test_program{name="%s"%s}\n' "${t##*/}" "$alone"
	done
}
printf 'syntax(2)\ntest_suite("leased")\n' >"$b/Kyuafile"
for d in unit lab redteam faults; do
	mkdir -p "$b/tests/$d"
	kyua_file tests/$d >"$b/tests/$d/Kyuafile"
	printf 'include("tests/%s/Kyuafile")\n' $d >>"$b/Kyuafile"
done
for d in lab wire redteam faults; do
	mkdir -p "$b/tests/$d"
	cp "$src/tests/$d"/*.py "$src/tests/$d"/*.sh "$src/tests/$d"/*.subr \
	    "$b/tests/$d/" 2>/dev/null || true
done

export LEASED_BUILD="$b" LEASED_SRC="$src"
export CORPUS="${CORPUS:-$src/../shared/corpus}"
export LSAN_OPTIONS="suppressions=$src/tests/lsan.supp:print_suppressions=0"
results="$b/kyua.db"
rm -f "$results"
# shellcheck disable=SC2086
kyua -v parallelism=2 test -k "$b/Kyuafile" -r "$results" ${2:-} |
    grep -v -- '->  passed' || true
summary=$(kyua report -r "$results" --results-filter= | tail -n 20)
count() {
	printf '%s\n' "$summary" | sed -n "s/.*[ ,]\([0-9][0-9]*\) $1.*/\1/p" |
	    tail -n 1
}
passed=$(count passed)
passed=${passed:-$(printf '%s\n' "$summary" |
    sed -n 's/^Test cases: .* total, //p')}
failed=$(count failed)
broken=$(count broken)
skipped=$(count skipped)
xfail=$(count 'expected failures')
total=$(printf '%s\n' "$summary" |
    sed -n 's/^Test cases: \([0-9]*\) total.*/\1/p')
passed=$((${total:-0} - ${failed:-0} - ${broken:-0} - ${skipped:-0}))
bad=$((${failed:-0} + ${broken:-0}))
kyua report -r "$results" --results-filter=skipped | grep -- '->' || true
if [ "$bad" -gt 0 ]; then
	kyua report -r "$results" --verbose \
	    --results-filter=failed,broken | tail -n 400
fi
[ "${xfail:-0}" -eq 0 ] || echo "${xfail} expected failures"
echo "${skipped:-0} skipped"
# In CI every server and privilege is there: a skip is a failure.
if [ "${CI:-}" = true ]; then
	bad=$((bad + ${skipped:-0}))
fi
echo "$passed passed, $bad failed"
[ "$bad" -eq 0 ] && [ "$passed" -gt 0 ]
