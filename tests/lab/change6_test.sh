#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# IPv6 when leased.conf, an interface's name or its place changes, and when
# the daemon leaves.

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

# One uplink, and a prefix for what $1 says.
delegated() { # PREFIX-STATEMENT
	lab6_pair
	downstream
	lab6_server kea
	server6_conf "$1"
	lab_leased
	lab_until 15 has_prefix
}

one_address() { # IF REGEX
	lab6_addresses "$1" | grep -qE "$2" &&
	    [ "$(lab6_addresses "$1" | wc -l)" -eq 1 ]
}

none() { # IF
	[ -z "$(lab6_addresses "$1")" ]
}

no_route() { # PREFIX
	[ -z "$(lab_on c ip -6 route show "$1" table all)" ]
}

# Too early is refused: at most one reload a second.
reload() { # STATEMENT
	server6_conf "$1"
	lab_until 3 lab_ctl reload
}

# ---- reload ----

# What assign lines say is true on the downstream interfaces at once.
test_assign_reload() {
	delegated 'prefix ::/56 {
		assign dn1 subnet 1 suffix ::1
	}'
	lab_until 10 one_address dn1 ':f000.*1::1$'
	one=$(lab6_addresses dn1)
	reload 'prefix ::/56 {
		assign dn1 subnet 2 suffix ::1
		assign dn2 subnet 3 suffix ::5
	}'
	lab_until 3 one_address dn1 '2::1$'
	lab_until 3 one_address dn2 '3::5$'
	lab_until 3 no_route "${one%1}/64"
	reload 'prefix ::/56 {
		assign dn2 subnet 3 suffix ::6
	}'
	lab_until 3 none dn1
	lab_until 3 one_address dn2 '3::6$'
	has_prefix || lab_die "the prefix is gone"
}

# A statement that goes releases its prefix, and the address stays.
test_prefix_reload() {
	delegated 'prefix ::/56 {
		assign dn1 subnet 1 suffix ::1
	}'
	address=$(lab6_bound)
	whole=$(dhcp6 '["prefixes"][0]["prefix"]')
	lab_until 10 one_address dn1 '1::1$'
	lab_capture s srv0 'udp port 547'
	reload ''
	lab_until 3 none dn1
	lab_until 3 no_route "$whole"
	lab_expect capture.log 'dhcp6 release .*IA_PD' 5
	lab_eq "address" "$address" "$(lab6_addresses)"
	lab_until 5 grep -q 'DHCP6_RELEASE_PD ' server.log
	reload 'prefix ::/56 {
		assign dn2 subnet 1 suffix ::1
	}'
	lab_until 15 one_address dn2 '1::1$'
	lab_eq "address" "$address" "$(lab6_addresses)"
}

# ---- release ----

test_release_downstream() {
	delegated 'prefix ::/56 {
		assign dn1 subnet 1 suffix ::1
	}'
	whole=$(dhcp6 '["prefixes"][0]["prefix"]')
	lab_until 10 one_address dn1 '1::1$'
	lab_capture s srv0 'udp port 547'
	lab_ctl release eth0 || lab_die "release"
	lab_until 3 none dn1
	lab_until 3 none eth0
	lab_until 3 no_route "$whole"
	lab_expect capture.log 'dhcp6 release'
	lab_ctl renew eth0
	lab_until 15 one_address dn1 '1::1$'
}

# The server hears of it before the daemon is gone.
test_release_on_exit() {
	BLOCK='release-on-exit yes
		prefix ::/56 {
			assign dn1 subnet 1 suffix ::1
		}'
	delegated "$BLOCK"
	lab_until 10 one_address dn1 '1::1$'
	lab6_bound >/dev/null
	lab_capture s srv0 'udp port 546 or udp port 547'
	lab_kill leased TERM
	none eth0 || lab_die "addresses: $(lab6_addresses)"
	none dn1 || lab_die "downstream: $(lab6_addresses dn1)"
	lab_expect capture.log 'dhcp6 release'
	lab_expect capture.log 'dhcp6 reply'
	lab_until 5 grep -q 'DHCP6_RELEASE_PD ' server.log
	[ ! -e c.lib/leased/eth0.dhcp6 ] || lab_die "the lease file stays"
	# Without it all stays.
	server6_conf ''
	lab_leased
	address=$(lab6_bound)
	lab_kill leased TERM
	lab_eq "left" "$address" "$(lab6_addresses)"
}

# ---- names (Y-25) ----

rename() { # OLD NEW
	lab_on c ip link set "$1" down
	lab_on c ip link set "$1" name "$2"
	lab_on c ip link set "$2" up
}

unmanaged() {
	[ "$(lab_show "[i['name'] for i in j.get('interfaces', [])].count('$1')")" = 0 ]
}

test_uplink_renamed() {
	lab6_pair
	downstream
	lab6_server kea
	lab6_usual
	lab_conf <<-'END'
	duid 0x0001000111223344020000000001
	interface "eth*" {
		dhcp4 no
		dhcp6 yes
		prefix ::/56 {
			assign dn1 subnet 1 suffix ::1
		}
	}
	END
	lab_leased
	lab_until 15 lab6_addr_on dn1
	lab_until 15 both eth0
	rename eth0 eth7
	lab_until 30 both eth7
	lab_until 15 one_address dn1 '1::1$'
	lab_eq "default route" 1 "$(lab_on c ip -6 route show default dev eth7 |
	    grep -c via)"
	rename eth7 other0
	lab_until 10 unmanaged other0
	lab_until 5 none other0
	lab_until 5 none dn1
	lab_eq "its kernel has it" 1 \
	    "$(lab_on c cat /proc/sys/net/ipv6/conf/other0/accept_ra)"
}

both() { # IF
	lab6_addresses "$1" | grep -Eq "^$PREFIX::1[0-9a-f]{3}\$" &&
	    lab6_addresses "$1" | grep -Evq "^$PREFIX::1[0-9a-f]{3}\$"
}

test_downstream_renamed() {
	delegated 'prefix ::/56 {
		assign dn1 subnet 1 suffix ::1
		assign dn7 subnet 7 suffix ::1
	}'
	lab_until 10 one_address dn1 '1::1$'
	rename dn1 dn7
	lab_until 10 one_address dn7 '7::1$'
	rename dn7 other0
	lab_until 10 none other0
	lab_until 5 unmanaged other0
	rename other0 dn1
	lab_until 10 one_address dn1 '1::1$'
}

# ---- shown ----

# Servers take a vendor class without an enterprise number, and what is shown
# of the lease has nothing of it.
test_vendor_class() {
	lab6_pair
	lab_capture s srv0 'udp port 547'
	BLOCK='vendor-class "box"
		user-class { "a", "b" }'
	server6_bound kea 30 60 2 25
	lab_expect capture.log 'dhcp6 solicit.*vendor-class'
	lab_ctl show eth0 | grep -q 'dhcp6 *bound' ||
	    lab_die "show: $(lab_ctl show)"
	lab_eq state bound "$(dhcp6 '["state"]')"
	# Refreshed lifetimes are shown, not those of the first grant.
	lab_events
	lab_event renewed 10
	lab_eq valid true "$(lab_show \
	    'i("eth0")["ipv6_addresses"][0]["valid"] >= 58')"
	lab_eq leased true "$(dhcp6 '["addresses"][0]["valid"] >= 58')"
}

# ---- members (Y-22) ----

test_bridge_member() {
	lab6_pair
	lab6_usual
	lab_conf <<-'END'
	interface "eth0" { dhcp4 no }
	interface "br0" { dhcp4 no }
	END
	lab_leased
	lab6_bound eth0 >/dev/null
	lab_on c ip link add br0 type bridge forward_delay 0 stp_state 0
	lab_on c ip link set br0 up
	lab_on c ip link set eth0 master br0
	lab_until 5 unmanaged eth0
	lab_until 5 none eth0
	lab_eq "skipped" member "$(lab_show \
	    '[s["reason"] for s in j["skipped"] if s["name"] == "eth0"][0]')"
	lab6_bound br0 20 >/dev/null
	# It sends nothing of its own.
	lab_eq "routes" '' "$(lab_on c ip -6 route show dev eth0 proto 109)"
	lab_on c ip link set eth0 nomaster
	lab6_bound eth0 20 >/dev/null
}

atf_init_test_cases() {
	lab_load
	lab_case assign_reload "D6-41, Y-11: assign lines changed by a reload" \
	    kea-dhcp6 90
	lab_case prefix_reload "D6-40, D6-17: a prefix statement removed" \
	    "kea-dhcp6 tcpdump" 90
	lab_case release_downstream \
	    "D6-17, D6-41: release takes downstream addresses away" \
	    "kea-dhcp6 tcpdump" 90
	lab_case release_on_exit "D6-17, Y-11: release-on-exit" \
	    "kea-dhcp6 tcpdump" 90
	lab_case uplink_renamed "Y-25: an uplink with IPv6" "kea-dhcp6 radvd" 90
	lab_case downstream_renamed "Y-25: a downstream interface" kea-dhcp6 90
	lab_case vendor_class "D6-04, Y-04: classes; lifetimes after a renewal" \
	    "kea-dhcp6 tcpdump"
	lab_case bridge_member "Y-22: members are skipped for IPv6" radvd 90
}
