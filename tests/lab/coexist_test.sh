#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# Other clients, static addresses, hosts that have our address.

lab_load() {
	for lab in "" /../../../tests/lab /../../../../tests/lab; do
		lab=$(atf_get_srcdir)$lab
		[ ! -f "$lab/lab.subr" ] || break
	done
	# shellcheck source=/dev/null
	. "$lab/lab.subr"
	lab_init "$lab"
}

# Y-17: named with its owner, and taken over when it goes.
test_port_in_use() {
	lab_pair
	lab_script
	lab_bg c holder python3 "$LAB_PY" hold 0.0.0.0 68
	lab_expect holder.log ready
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_expect leased.log 'port 68.*uid 0|68.*in use.*uid 0'
	lab_kill holder KILL
	lab_bound eth0 60 >/dev/null
}

# D4-24: the address is the administrator's, DHCP gives the rest.
test_inform() {
	lab_pair
	lab_addr c eth0 10.9.0.77/24
	lab_script
	lab_conf <<-'END'
	resolv-conf "/etc/resolv.conf"
	interface "eth0" { dhcp4 inform }
	END
	lab_leased
	lab_expect server.log 'got 8 .* ciaddr 10\.9\.0\.77'
	lab_until 10 grep -q '^nameserver 10\.9\.0\.1$' c.etc/resolv.conf
	lab_eq "address" 10.9.0.77 "$(lab_address)"
	lab_eq "no routes of ours" '' "$(lab_on c ip route show default)"
	lab_ctl wait -4 -t 5 eth0 || lab_die "wait"
	lab_ctl stop --withdraw
	lab_exit leased
	lab_eq "address stays" 10.9.0.77 "$(lab_address)"
}

bound_trio() { # BLOCK
	lab_trio
	lab_script
	lab_conf <<-END
	interface "eth0" { $1 }
	END
	lab_leased
	lab_eq address 10.9.0.100 "$(lab_bound)"
	lab_events
}

# AC-02: defended once; a second conflict within 10 s gives it up.
test_defend() {
	bound_trio ""
	# The announcements' window is over when both are out.
	lab_until 10 announced
	lab_capture s port1 'arp'
	conflict
	lab_expect capture.log 'Request who-has 10\.9\.0\.100 .*tell 10\.9\.0\.100'
	lab_eq "address" 10.9.0.100 "$(lab_address)"
	conflict
	lab_event conflict
	lab_until 5 given_up
}

announced() {
	[ "$(lab_counter arp_sent_announce)" -ge 2 ]
}

given_up() {
	[ "$(lab_address)" != 10.9.0.100 ]
}

# One gratuitous ARP of another host for our address.
conflict() {
	lab_on o arping -U -c 1 -S 10.9.0.100 -i oth0 10.9.0.100 \
	    >/dev/null 2>&1 || :
}

# The address of the lease is there already: another client ran before, or an
# administrator set it.  It serves, and it stays.
test_there_before() {
	lab_pair
	lab_addr c eth0 10.9.0.100/24
	lab_mark c.mon
	lab_script
	lab_conf <<-'END'
	interface "eth0" { dhcp4 yes }
	END
	lab_leased
	lab_eq "address" 10.9.0.100 "$(lab_bound)"
	lab_expect leased.log 'eth0: 10\.9\.0\.100 is there already and not ours'
	lab_on c ping -q -c 1 -W 2 10.9.0.1 || lab_die "no ping"
	lab_events
	lab_ctl renew eth0
	lab_event renewed
	lab_ctl stop --withdraw
	lab_exit leased
	lab_eq "default" '' "$(lab_on c ip route show default)"
	lab_match "as it was" 'valid_lft forever' \
	    "$(lab_on c ip addr show dev eth0 to 10.9.0.100)"
	lab_mon_quiet c 'Deleted.*inet 10\.9\.0\.100'
}

# AC-01 strict: three probes before the address is in.
test_strict() {
	lab_pair
	lab_script
	lab_capture s srv0 'arp'
	lab_conf <<-'END'
	interface "eth0" { conflict-detection strict }
	END
	lab_leased
	lab_expect capture.log 'who-has 10\.9\.0\.100 .*tell 0\.0\.0\.0' 15
	lab_eq "not yet" '' "$(lab_address)"
	lab_bound eth0 20 >/dev/null
	[ "$(lab_counter arp_sent_probe)" -eq 3 ] ||
	    lab_die "$(lab_counter arp_sent_probe) probes"
}

test_off() {
	lab_pair
	lab_script
	lab_conf <<-'END'
	interface "eth0" { conflict-detection off }
	END
	lab_leased
	lab_bound >/dev/null
	lab_eq "probes" 0 "$(lab_counter arp_sent_probe)"
}

# AC-05: another interface of this host answers on the same segment.
test_own_host() {
	lab_host c s
	lab_veth c eth0 s port0
	lab_veth c eth1 s port1
	lab_bridge s srv0 port0 port1
	lab_addr s srv0 10.9.0.1/24
	# By default Linux answers ARP for any address on any interface.
	lab_on c sysctl -qw net.ipv4.conf.all.arp_ignore=0
	lab_dnsmasq 10.9.0.100,10.9.0.120
	lab_conf <<-'END'
	interface "eth*" { }
	END
	lab_leased
	lab_ctl wait -4 -t 20 eth0 eth1 || lab_die "not both"
	lab_eq "conflicts" 00 "$(lab_counter dhcp4_conflicts eth0)$(
	    lab_counter dhcp4_conflicts eth1)"
}

# D4-26: no address; wait -4 is satisfied.
test_ipv6_only() {
	lab_pair
	lab_script --option 108=0000012c
	lab_conf <<-'END'
	interface "eth0" { ipv6-only yes }
	END
	lab_leased
	lab_ctl wait -4 -t 10 eth0 || lab_die "wait -4"
	lab_eq "state" V6ONLY "$(lab_show 'i("eth0")["dhcp4"]["state"]')"
	lab_eq "address" '' "$(lab_address)"
}

# AC-04, Y-03: no server, and another host has the first candidate.  The one
# wait of 30 s serves all of it; the second interface has the default.
test_link_local() {
	lab_trio
	lab_veth c eth1 s port2
	lab_conf <<-'END'
	interface "eth0" { link-local yes }
	interface "eth1" { }
	END
	lab_leased
	lab_events
	# The candidate is not known before it is probed for.
	lab_capture s port1 'arp'
	first=$(lab_line capture.log \
	    'Request who-has 169\.254\..*tell 0\.0\.0\.0' 45 |
	    sed 's/.*who-has \([0-9.]*\).*/\1/')
	lab_addr o oth0 "$first/16"
	lab_event conflict
	lab_ctl wait -4 -t 20 eth0 || lab_die "wait -4 with link-local yes"
	address=$(lab_address)
	lab_match "another candidate" '^169\.254\.' "$address"
	[ "$address" != "$first" ] || lab_die "both have $first"
	lab_event link-local
	lab_eq "shown" "$address" \
	    "$(lab_show 'i("eth0")["dhcp4"]["link_local_address"]')"
	lab_eq "in use" true "$(lab_show 'i("eth0")["dhcp4"]["link_local"]')"
	lab_ctl show | grep -Eq "link-local +$address/16\$" ||
	    lab_die "show: $(lab_ctl show)"
	lab_match "scope" 'scope link' "$(lab_on c ip -4 -o addr show eth0)"
	lab_match "prefix route" "169\.254\.0\.0/16 dev eth0.*src $address" \
	    "$(lab_on c ip route)"
	lab_eq "default route" '' "$(lab_on c ip route show default)"
	lab_on o ping -q -c 1 -W 2 "$address" || lab_die "no ping"
	lab_eq "eth1" '' "$(lab_address eth1)"
	if lab_ctl wait -4 -t 0 eth1; then lab_die "eth1 has an address"; fi
	link_local_lease
}

# A server comes: the lease is in before the link-local address goes.
link_local_lease() {
	lab_mark c.mon
	lab_dnsmasq 10.9.0.100,10.9.0.120
	lab_ctl renew eth0
	lab_event bound
	lab_expect c.mon "Deleted.*inet $address/16"
	lab_match "lease" '^10\.9\.0\.1[0-2][0-9]$' "$(lab_address)"
	lab_eq "one address" 1 \
	    "$(lab_on c ip -4 -o addr show dev eth0 | wc -l | tr -d ' ')"
	lab_eq "in use" false "$(lab_show 'i("eth0")["dhcp4"]["link_local"]')"
}

atf_init_test_cases() {
	lab_load
	lab_case port_in_use "Y-17: another client on port 68" "" 90
	lab_case inform "D4-24, Y-26: static address and INFORM"
	lab_case defend "AC-02: defended once, then given up" "arping tcpdump"
	lab_case there_before "Y-26: the address of the lease is there already"
	lab_case strict "AC-01: strict probes first" tcpdump
	lab_case off "AC-01: conflict-detection off"
	lab_case own_host "AC-05: ARP of our own interfaces" dnsmasq
	lab_case link_local "AC-04, Y-03: IPv4 link-local address" \
	    "dnsmasq tcpdump" 120
	lab_case ipv6_only "D4-26: IPv6-only preferred"
}
