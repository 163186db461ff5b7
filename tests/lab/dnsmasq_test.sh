#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# leased against dnsmasq.

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

test_lease() { server_lease dnsmasq; }
test_renew() { server_renew dnsmasq; }
test_rebind() { server_rebind dnsmasq; }
test_nak() { server_nak dnsmasq; }
test_decline() { server_decline dnsmasq; }
test_release() { server_release dnsmasq; }

test_rapid_commit() {
	lab_pair
	lab_capture s srv0 "udp port 67 or udp port 68"
	lab_dnsmasq "$POOL" --dhcp-rapid-commit
	lab_conf <<-END
	interface "eth0" { rapid-commit yes }
	END
	lab_leased
	address=$(lab_bound)
	lab_eq "rapid commit" true \
	    "$(lab_show 'i("eth0")["dhcp4"]["lease"]["rapid_commit"]')"
	lab_expect capture.log "Discover"
	lab_expect capture.log "ACK"
	lab_eq "requests" 0 "$(lab_counter dhcp4_sent_request)"
}

# The server can, the client is told not to.
test_no_rapid_commit() {
	lab_pair
	lab_dnsmasq "$POOL" --dhcp-rapid-commit
	lab_conf <<-END
	interface "eth0" { rapid-commit no }
	END
	lab_leased
	address=$(lab_bound)
	lab_eq "rapid commit" false \
	    "$(lab_show 'i("eth0")["dhcp4"]["lease"]["rapid_commit"]')"
	lab_eq "requests" 1 "$(lab_counter dhcp4_sent_request)"
}

# A host whose option 61 is 01 + MAC keeps its address across clients.
test_client_id() {
	lab_pair
	lab_conf <<-END
	interface "eth0" {
		client-id "lab-id"
		host-name "www"
		vendor-class "leased lab"
		user-class { "a", "bc" }
	}
	END
	lab_dnsmasq "$POOL"
	lab_leased
	address=$(lab_bound)
	lab_expect server.log "vendor class: leased lab"
	lab_match "lease" "$address www .*:?6c:61:62:2d:69:64" \
	    "$(cat dnsmasq.leases)"
}

atf_init_test_cases() {
	lab_load
	lab_case lease "D4-10, D4-14: a lease, its routes and lifetime" dnsmasq
	lab_case renew "D4-17: unicast renewal at T1" "dnsmasq tcpdump"
	lab_case rebind "D4-18: server moved, rebinding at T2" dnsmasq
	lab_case nak "D4-20: NAK after the pool changed" dnsmasq 120
	lab_case decline "AC-01, AC-03: DECLINE of a host that is there" dnsmasq 90
	lab_case release "D4-23: RELEASE, and silence until renew" "dnsmasq tcpdump"
	lab_case rapid_commit "D4-15: bound by two messages" "dnsmasq tcpdump"
	lab_case no_rapid_commit "D4-15: rapid-commit no" dnsmasq
	lab_case client_id "D4-05: identifiers the server sees" dnsmasq
}
