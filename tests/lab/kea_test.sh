#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# leased against ISC Kea.

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

test_lease() { server_lease kea; }
test_renew() { server_renew kea; }
test_rebind() { server_rebind kea; }
test_nak() { server_nak kea; }
test_decline() { server_decline kea; }
test_release() { server_release kea; }

atf_init_test_cases() {
	lab_load
	lab_case lease "D4-10, D4-14: a lease, its routes and lifetime" kea-dhcp4
	lab_case renew "D4-17: unicast renewal at T1" "kea-dhcp4 tcpdump"
	lab_case rebind "D4-18: server moved, rebinding at T2" kea-dhcp4
	lab_case nak "D4-20: NAK after the pool changed" kea-dhcp4 120
	lab_case decline "AC-01, AC-03: DECLINE of a host that is there" kea-dhcp4 90
	lab_case release "D4-23: RELEASE, and silence until renew" "kea-dhcp4 tcpdump"
}
