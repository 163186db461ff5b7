#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# A packet filter of the host's own drops what leased sends.
# shellcheck disable=SC2086,SC2034,SC2154 # PREFIX has no blanks; lab*.subr

lab_load() {
	for lab in "" /../../../tests/lab /../../../../tests/lab; do
		lab=$(atf_get_srcdir)$lab
		[ ! -f "$lab/lab.subr" ] || break
	done
	for _f in lab lab6 server6; do
		# shellcheck source=/dev/null
		. "$lab/$_f.subr"
	done
	lab_init "$lab"
}

# Drop on c what matches on its way out.
filter() {
	lab_on c nft add table inet lab
	lab_on c nft add chain inet lab out \
	    '{ type filter hook output priority 0; }'
	lab_on c nft add rule inet lab out "$@" drop
}

unfilter() {
	lab_on c nft delete table inet lab
}

counted() { # COUNTER
	[ "$(lab_counter "$1")" -ge 1 ]
}

# Said once and with what to let pass, counted, and tried again.
test_dhcp6() {
	lab6_pair
	lab6_server kea
	filter udp dport 547
	server6_conf
	lab_leased
	lab_expect leased.log 'eth0: dhcp6: .*packet filter.*54[67]'
	lab_until 10 counted dhcp6_send_filtered
	lab_until 10 twice
	lab_nothing leased.log 'packet filter'
	lab_eq "addresses" '' "$(lab6_addresses)"
	unfilter
	lab6_bound eth0 20 >/dev/null
}

twice() {
	[ "$(lab_counter dhcp6_send_filtered)" -ge 2 ]
}

test_solicitation() {
	lab6_pair
	filter icmpv6 type nd-router-solicit
	lab_conf <<-'END'
	interface "eth0" {
		dhcp4 no
		dhcp6 no
	}
	END
	lab_leased
	lab_expect leased.log 'eth0: slaac: .*packet filter'
	lab_until 10 counted nd_send_filtered
	unfilter
	# Advertisements come without being asked for.
	lab6_ra s srv0 --prefix $PREFIX::/64
	lab6_bound >/dev/null
}

# The unicast renewal is dropped; at T2 the packet socket, which no filter of
# the IP layer sees, gets it all the same.
test_dhcp4() {
	lab_pair
	lab_script --lease 60 --t1 2 --t2 6
	lab_conf <<-'END'
	interface "eth0" { slaac no
		dhcp6 no
	}
	END
	lab_leased
	lab_bound >/dev/null
	lab_events
	filter udp dport 67
	lab_expect leased.log 'eth0: dhcp4: .*packet filter'
	lab_event renewed 15
	counted dhcp4_send_filtered || lab_die "not counted"
}

# What was not sent is not called released.
test_release4() {
	lab_pair
	lab_script
	lab_conf <<-'END'
	interface "eth0" { slaac no
		dhcp6 no
	}
	END
	lab_leased
	lab_bound >/dev/null
	filter udp dport 67
	lab_ctl release eth0
	lab_expect leased.log 'eth0: dhcp4: .*packet filter.*port 67'
	lab_expect leased.log 'eth0: dhcp4: .*server does not know'
	lab_nothing leased.log 'lease released'
	lab_eq "address" '' "$(lab_address)"
}

test_release6() {
	lab6_pair
	server6_bound kea
	filter udp dport 547
	lab_ctl release eth0
	lab_expect leased.log 'eth0: dhcp6: .*filter dropped the Release' 30
	lab_nothing leased.log 'leases released'
	lab_eq "addresses" '' "$(lab6_addresses)"
}

# The filter is gone, and `leasectl renew` waits for no retransmission.
test_renew() {
	lab6_pair
	server6_bound kea 30 60 2 25
	filter udp dport 547
	lab_events
	lab_until 10 counted dhcp6_send_filtered
	lab_eq state renewing "$(dhcp6 '["state"]')"
	unfilter
	lab_ctl renew eth0
	lab_event renewed 2
}

atf_init_test_cases() {
	lab_load
	lab_case dhcp6 "Y-15: DHCPv6 dropped by a packet filter" \
	    "nft kea-dhcp6"
	lab_case solicitation "Y-15: solicitations dropped by a packet filter" \
	    nft
	lab_case release4 "D4-23, Y-15: RELEASE dropped by a packet filter" nft
	lab_case release6 "D6-17, Y-15: Release dropped by a packet filter" \
	    "nft kea-dhcp6" 90
	lab_case renew "D6-14: renew at once when the filter is gone" \
	    "nft kea-dhcp6" 60
	lab_case dhcp4 "Y-15: the unicast renewal dropped by a packet filter" \
	    nft
}
