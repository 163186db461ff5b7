#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# Random trouble of a few fixed seeds around a real leased: chaos.py.  More of
# it with make chaos.

lab_load() {
	for lab in "" /../../../tests/lab /../../../../tests/lab; do
		lab=$(atf_get_srcdir)$lab
		[ ! -f "$lab/lab.subr" ] || break
	done
	# shellcheck source=/dev/null
	. "$lab/lab.subr"
	lab_init "$lab"
}

chaos() { # SEED
	lab_host c s
	CHAOS_BOUND=60 python3 "$LAB_SRC/chaos.py" "$LAB_DIR" "$LAB_BUILD" \
	    "$1" 6 || lab_die "seed $1: see what it says above"
}

test_few() { chaos 1; }
test_renewals() { chaos 5; }
test_prefix() { chaos 11; }

atf_init_test_cases() {
	lab_load
	_what="Y-01, Y-10, Y-26: what is left is right after random trouble"
	lab_case few "$_what" "dnsmasq radvd" 240
	lab_case renewals "$_what, leases renewed every 3 s" \
	    "dnsmasq radvd" 240
	lab_case prefix "$_what, with a delegated prefix" \
	    "dnsmasq radvd kea-dhcp6" 240
}
