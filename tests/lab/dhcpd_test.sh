#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# leased against ISC dhcpd.

lab_load() {
	for lab in "" /../../../tests/lab /../../../../tests/lab; do
		lab=$(atf_get_srcdir)$lab
		[ ! -f "$lab/lab.subr" ] || break
	done
	# shellcheck source=/dev/null
	. "$lab/lab.subr"
	# shellcheck source=/dev/null
	. "$lab/server.subr"
	lab_init "$lab"
}

test_lease() { server_lease dhcpd; }
test_renew() { server_renew dhcpd; }
test_rebind() { server_rebind dhcpd; }
test_nak() { server_nak dhcpd; }
test_decline() { server_decline dhcpd; }
test_release() { server_release dhcpd; }

atf_init_test_cases() {
	lab_load
	lab_case lease "D4-10, D4-14: a lease, its routes and lifetime" dhcpd
	lab_case renew "D4-17: unicast renewal at T1" "dhcpd tcpdump"
	lab_case rebind "D4-18: server moved, rebinding at T2" dhcpd
	lab_case nak "D4-20: NAK after the pool changed" dhcpd 120
	lab_case decline "AC-01, AC-03: DECLINE of a host that is there" dhcpd 90
	lab_case release "D4-23: RELEASE, and silence until renew" "dhcpd tcpdump"
}
