#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# The manual says what the program does, and is well-formed.

manual_load() {
	src=${LEASED_SRC:-$(atf_get_srcdir)/../..}
	[ -f "$src/man/leased.8" ] || src=$(atf_get_srcdir)/../../..
}

manual_case() { # NAME DESCR PROGS
	atf_test_case "$1"
	eval "$1_head() {
		atf_set descr '$2'
		atf_set require.progs '$3'
	}
	$1_body() { test_$1; }"
	atf_add_test_case "$1"
}

# Warnings, and style but for what depends on which manuals are installed.
test_lint() {
	manual_load
	mandoc -Tlint -W style "$src"/man/*.[58] >lint.out 2>&1
	grep -v -e 'referenced manual not found' -e 'outdated mandoc.db' \
	    -e 'lacks .* entry' lint.out >bad.out
	[ ! -s bad.out ] || atf_fail "$(cat bad.out)"
	for _p in leased.8 leasectl.8 leased.conf.5; do
		mandoc -Tascii "$src/man/$_p" >"$_p.txt" || atf_fail "$_p"
		[ "$(wc -l <"$_p.txt")" -gt 50 ] || atf_fail "$_p is short"
	done
}

# Each keyword of the grammar stands in leased.conf(5).
test_keywords() {
	manual_load
	mandoc -Tascii "$src/man/leased.conf.5" | col -bx >manual.txt
	sed -n '/statement statements\[\] = {/,/^};/p
	    /char \*const keywords\[\] = {/,/^};/p' "$src/src/conf_stmt.c" |
	    tr -s '\n\t' '  ' |
	    grep -Eo '([A-Z_]+\(|\{|,) ?"[a-z0-9-]+",' |
	    sed 's/^[^"]*"//; s/".*//' | sort -u >keywords.txt
	[ "$(wc -l <keywords.txt)" -gt 30 ] ||
	    atf_fail "only $(wc -l <keywords.txt) keywords found"
	while read -r _k; do
		grep -qw -e "$_k" manual.txt || echo "$_k"
	done <keywords.txt >missing.txt
	[ ! -s missing.txt ] || atf_fail "not in leased.conf(5): $(cat missing.txt)"
}

# Each command of the control protocol stands in leasectl(8).
test_commands() {
	manual_load
	mandoc -Tascii "$src/man/leasectl.8" | col -bx >manual.txt
	sed -n '/define CTL_COMMANDS/,/^$/s/.*X([A-Z]*, "\(.*\)").*/\1/p' \
	    "$src/src/ipc.h" >commands.txt
	[ "$(wc -l <commands.txt)" -ge 9 ] || atf_fail "no commands found"
	while read -r _c; do
		grep -qw -e "$_c" manual.txt || echo "$_c"
	done <commands.txt >missing.txt
	[ ! -s missing.txt ] || atf_fail "not in leasectl(8): $(cat missing.txt)"
}

# Each member of the JSON output stands in leasectl(8).
test_json() {
	manual_load
	grep -ohE 'json_set[a-z_]*\([a-z]+, "[a-z0-9_]+"' "$src"/ctl/json*.c |
	    sed 's/^[^"]*"//; s/"$//' | sort -u >members.txt
	[ "$(wc -l <members.txt)" -gt 100 ] || atf_fail "few members found"
	sed -n 's/^\.Va \([a-z0-9_]*\).*/\1/p' "$src/man/leasectl.8" |
	    sort -u >manual.txt
	comm -23 members.txt manual.txt >missing.txt
	[ ! -s missing.txt ] ||
	    atf_fail "not in leasectl(8): $(cat missing.txt)"
}

atf_init_test_cases() {
	manual_case lint "Y-13: mandoc -Tlint has nothing to say" mandoc
	manual_case keywords "Y-13: every keyword is documented" "mandoc col"
	manual_case commands "Y-13: every command is documented" "mandoc col"
	manual_case json "Y-13: every member of the JSON is documented" ""
}
