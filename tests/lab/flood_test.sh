#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# Floods of router advertisements.  Linux notes each sender as a neighbour,
# whatever accept_ra says, and the table is one for all namespaces: while it
# is full nobody can send to a new neighbour or group (EINVAL).  So these run
# while no other test does: is_exclusive in run.sh.
# shellcheck disable=SC2086,SC2034,SC2154 # PREFIX has no blanks; lab*.subr

lab_load() {
	for lab in "" /../../../tests/lab /../../../../tests/lab; do
		lab=$(atf_get_srcdir)$lab
		[ ! -f "$lab/lab.subr" ] || break
	done
	# shellcheck source=/dev/null
	. "$lab/lab.subr"
	# shellcheck source=/dev/null
	. "$lab/lab6.subr"
	lab_init "$lab"
}

start() {
	lab_conf
	lab_leased
}

slaac() { # EXPRESSION over i("eth0")["slaac"]
	lab_show "i('eth0')['slaac']$1"
}

# The router of before stays, memory is bounded, IPv4 goes on.
flooded() { # RATE SECONDS
	lab6_pair
	lab_addr s srv0 10.9.0.1/24
	lab6_usual
	lab_script --lease 20 --t1 2 --t2 15
	start <<-'END'
	interface "eth0" { dhcp6 no }
	END
	lab6_bound >/dev/null
	lab_bound >/dev/null
	router=$(lab6_link_local s srv0)
	lab_events
	before=$(lab_memory)
	lab6_ra s srv0 --flood "$1" "$2"
	lab_event renewed 5
	after=$(lab_memory)
	echo "memory before $before kB, after $after kB"
	# A sanitizer keeps what was freed.
	lab_processes >/dev/null
	grep -q '"sanitizer": *true' show.json ||
	    [ $((after - before)) -lt 512 ] ||
	    lab_die "memory grew: $before $after"
	lab_match "the router stays" "via $router " "$(lab6_default)"
	lab_eq "routers" true "$(slaac '["routers"].__len__() <= 8')"
	lab_eq "prefixes" true "$(slaac '["prefixes"].__len__() <= 16')"
	lab_eq "routes" true "$(slaac '["routes"].__len__() <= 32')"
	[ "$(lab6_addresses | wc -l)" -le 24 ] || lab_die "too many addresses"
	lab_ctl show >/dev/null || lab_die "leased is gone"
}

# Private memory of the daemon's processes, kB.
lab_memory() {
	for _p in $(lab_processes | awk '{ print $2 }'); do
		cat "/proc/$_p/smaps_rollup"
	done | awk '/^Private_Dirty/ { n += $2 } END { print n }'
}

test_flood() {
	flooded 1000 10
}

test_flood_fast() {
	flooded 20000 10
}

atf_init_test_cases() {
	lab_load
	lab_case flood "S-16: 1,000 advertisements a second" radvd
	lab_case flood_fast "S-16: 20,000 advertisements a second" radvd
}
