#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# Links that go down and come back, interfaces that come and go.

lab_load() {
	for lab in "" /../../../tests/lab /../../../../tests/lab; do
		lab=$(atf_get_srcdir)$lab
		[ ! -f "$lab/lab.subr" ] || break
	done
	# shellcheck source=/dev/null
	. "$lab/lab.subr"
	lab_init "$lab"
}

bound() {
	lab_pair
	lab_script
	lab_conf <<-'END'
	interface "eth*" { }
	END
	lab_leased
	lab_eq address 10.9.0.100 "$(lab_bound)"
	lab_events
}

state_is() { # STATE [IF]
	[ "$(lab_show "i('${2:-eth0}')['dhcp4']['state']")" = "$1" ]
}

no_address() {
	[ -z "$(lab_address "${1:-eth0}")" ]
}

# The cable is pulled (the peer goes down) and put in again: the address
# stays, and is confirmed by INIT-REBOOT.
test_carrier() {
	bound
	lab_mark c.mon
	lab_on s ip link set srv0 down
	lab_event link-down
	lab_mark server.log
	lab_on s ip link set srv0 up
	lab_event link-up
	lab_expect server.log 'got 3 .* ciaddr 0\.0\.0\.0 broadcast'
	lab_until 5 state_is BOUND
	lab_mon_quiet c 'Deleted.*inet 10\.9\.0\.100'
	lab_on c ping -q -c 1 -W 2 10.9.0.1 || lab_die "no ping"
}

# Nobody confirms, but the router of the lease still answers ARP.
test_carrier_no_server() {
	bound
	lab_until 5 router_known
	lab_server_stop
	lab_mark c.mon
	lab_on s ip link set srv0 down
	lab_event link-down
	lab_on s ip link set srv0 up
	lab_event link-up
	lab_until 5 state_is REBOOTING
	# Retransmissions after 4 and 8 s, and no answer to the second in 16.
	lab_until 40 state_is BOUND
	lab_mon_quiet c 'Deleted.*inet 10\.9\.0\.100'
}

# As after a suspend: every lease is confirmed at once, nothing goes.
test_resume() {
	bound
	lab_mark server.log
	lab_mark c.mon
	lab_ctl resume || lab_die "resume failed"
	lab_expect server.log 'got 3 .* ciaddr 0\.0\.0\.0 broadcast'
	lab_until 5 state_is BOUND
	lab_mon_quiet c 'Deleted'
	[ "$(lab_show 'i("eth0")["dhcp4"]["expires_in"]')" -ge 590 ] ||
	    lab_die "not renewed"
}

router_known() {
	[ "$(lab_show 'i("eth0")["dhcp4"]["lease"]["router_mac"] is None')" = \
	    False ] || [ "$(lab_show \
	    'i("eth0")["dhcp4"]["lease"]["router_mac"] is not None')" = true ]
}

# An administrator's `ip link set down` is not undone (Y-23).
test_admin_down() {
	bound
	lab_mark c.mon
	lab_on c ip link set eth0 down
	lab_event link-down
	lab_show 'i("eth0")["up"]' | grep -q false || lab_die "still up"
	lab_mon_quiet c 'eth0.*<[A-Z,]*,UP'
	lab_on c ip link set eth0 up
	lab_until 10 state_is BOUND
	lab_bound >/dev/null
}

# What the kernel removes with the link comes back with it, before any server
# is asked (there is none here).
test_admin_down_routes() {
	bound
	lab_match "default" 'via 10\.9\.0\.1' "$(default_route)"
	lab_server_stop
	lab_mark leased.log
	for _i in 1 2 3; do
		lab_on c ip link set eth0 down
		lab_eq "default" '' "$(default_route)"
		lab_event link-down
		lab_on c ip link set eth0 up
		lab_until 1 has_default
	done
	# Also when both come at once.
	lab_on c sh -c 'ip link set eth0 down; ip link set eth0 up'
	lab_until 1 has_default
	lab_nothing leased.log 'removed by somebody'
	lab_on c ping -q -c 1 -W 2 10.9.0.1 || lab_die "no ping"
}

# Somebody removes them while the link is up: put back once, and no fight.
test_routes_flushed() {
	bound
	lab_server_stop
	lab_mark leased.log
	lab_on c ip route flush dev eth0
	lab_until 5 has_default
	lab_match "prefix" 'proto kernel scope link src 10\.9\.0\.100' \
	    "$(lab_on c ip route show 10.9.0.0/24)"
	lab_expect leased.log 'eth0: routes were removed by somebody else'
	lab_on c ping -q -c 1 -W 2 10.9.0.1 || lab_die "no ping"
	lab_on c ip route del default
	lab_expect leased.log 'eth0: routes were removed again'
	lab_eq "default" '' "$(default_route)"
	# A renewal, or the link, brings them even so.
	lab_script
	lab_ctl renew eth0
	lab_until 5 has_default
}

# The address of a lease without end comes back, too.
test_address_removed() {
	lab_pair
	lab_script --lease 4294967295
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
	lab_on c ip addr del 10.9.0.100/24 dev eth0
	lab_until 10 lab_has_address
	lab_until 10 has_default
}

lab_has_address() {
	[ "$(lab_address)" = 10.9.0.100 ]
}

default_route() {
	lab_on c ip route show default
}

has_default() {
	[ -n "$(default_route)" ]
}

# Found down at start: it is set up.
test_found_down() {
	lab_pair
	lab_script
	lab_on c ip link set eth0 down
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
}

# Y-25: the block of the new name applies; with none it is let go.
test_renamed() {
	bound
	lab_on c ip link set eth0 down
	lab_on c ip link set eth0 name eth7
	lab_on c ip link set eth7 up
	lab_bound eth7 20 >/dev/null
	lab_eq "old name" '' "$(lab_show \
	    '"".join(i["name"] for i in j["interfaces"] if i["name"]=="eth0")')"
	lab_on c ip link set eth7 down
	lab_on c ip link set eth7 name other0
	lab_on c ip link set other0 up
	lab_until 10 no_address other0
	lab_until 5 unmanaged other0
}

unmanaged() {
	[ "$(lab_show "[i['name'] for i in j.get('interfaces', [])].count('$1')")" = 0 ]
}

# The interface is removed and made again under the same name.
test_removed() {
	bound
	lab_on c ip link del eth0
	lab_until 5 unmanaged eth0
	lab_server_stop
	lab_veth c eth0 s srv0
	lab_addr s srv0 10.9.0.1/24
	lab_script
	lab_bound eth0 20 >/dev/null
	lab_on c ping -q -c 1 -W 2 10.9.0.1 || lab_die "no ping"
}

# Configured before it exists.
test_absent_at_start() {
	lab_host c s
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_monitor c
	lab_leased
	lab_eq skipped absent "$(lab_show \
	    '[s["reason"] for s in j["skipped"] if s["name"]=="eth0"][0]')"
	lab_veth c eth0 s srv0
	lab_addr s srv0 10.9.0.1/24
	lab_script
	lab_bound eth0 20 >/dev/null
}

# Two uplinks: the lower preference is the default route in use, and when it
# goes the other is there already.
two_uplinks() { # STATEMENTS of both
	lab_pair
	lab_host t
	lab_veth c eth1 t srv0
	lab_addr t srv0 10.7.0.1/24
	lab_dnsmasq 10.9.0.100,10.9.0.120
	lab_bg t server2 dnsmasq --keep-in-foreground --conf-file=/dev/null \
	    --log-facility=- --port=0 --interface=srv0 --bind-dynamic \
	    --except-interface=lo --no-ping --dhcp-authoritative --user=root \
	    --dhcp-leasefile="$LAB_DIR/dnsmasq2.leases" \
	    --pid-file="$LAB_DIR/dnsmasq2.pid" \
	    --dhcp-range=10.7.0.100,10.7.0.120,2m
	lab_expect server2.log 'DHCP, IP range'
	lab_conf <<-END
	interface "eth0" { preference 200
	$1 }
	interface "eth1" { preference 10
	$1 }
	END
	lab_leased
	lab_ctl wait -4 -t 10 eth0 eth1 || lab_die "not both"
	lab_match "best" 'via 10\.7\.0\.1 dev eth1' \
	    "$(lab_on c ip route get 192.0.2.1)"
}

test_two_uplinks() {
	two_uplinks ""
	lab_eq "default routes" 2 \
	    "$(lab_on c ip route show default | wc -l | tr -d ' ')"
	lab_ctl release eth1 || lab_die "release failed"
	lab_until 5 no_address eth1
	lab_match "second" 'via 10\.9\.0\.1 dev eth0' \
	    "$(lab_on c ip route get 192.0.2.1)"
}

# A host that makes and removes interfaces all day has high indexes.
test_high_indexes() {
	lab_host c s
	for _i in 1 2; do
		ip link add eth$_i index 150$_i netns "$(cat c.netns)" \
		    type veth peer name srv$_i netns "$(cat s.netns)" ||
		    lab_die "no veth"
		lab_on s ip link set srv$_i up
		lab_on c ip link set eth$_i up
		lab_addr s srv$_i 10.9.$_i.1/24
		lab_bg s server$_i python3 "$LAB_WIRE/wire_server.py" \
		    -i srv$_i --lease 60 --yiaddr 10.9.$_i.7 \
		    --server 10.9.$_i.1 --router 10.9.$_i.1
		lab_expect server$_i.log '^ready'
	done
	lab_conf <<-'END'
	interface "eth*" { }
	END
	lab_leased
	lab_bound eth1
	lab_bound eth2
	lab_eq "metrics of two" 2 "$(lab_on c ip -4 route show default |
	    sed 's/.*metric //' | sort -u | wc -l)"
	goes_by eth1 || lab_die "not by the lower index"
}

goes_by() { # INTERFACE
	lab_on c ip route get 192.0.2.1 | grep -q " dev $1 "
}

# The cable of the better uplink is pulled, and put in again; what the kernel
# did before comes back in the end.
uplink_carrier() { # STATEMENTS
	two_uplinks "$1"
	lab_on t ip link set srv0 down
	lab_until 5 goes_by eth0
	lab_match "address" 'inet 10\.7\.0\.' "$(lab_on c ip -4 addr show eth1)"
	lab_on t ip link set srv0 up
	lab_until 10 goes_by eth1
	lab_ctl stop --withdraw
	lab_exit leased
	for _i in eth0 eth1; do
		lab_eq "put back" 0 "$(lab_on c sysctl -n \
		    net.ipv4.conf.$_i.ignore_routes_with_linkdown)"
	done
}

test_uplink_carrier() { uplink_carrier ""; }
test_uplink_carrier4() { uplink_carrier "slaac no
	dhcp6 no"; }

# What a router forwards takes the other uplink, too.
test_uplink_carrier_router() {
	two_uplinks ""
	lab_veth c dn0 t dn1
	lab_addr c dn0 10.5.0.1/24
	lab_on c sysctl -q -w net.ipv4.ip_forward=1
	lab_until 5 forwards_by eth1
	lab_on t ip link set srv0 down
	lab_until 5 forwards_by eth0
	lab_on t ip link set srv0 up
	lab_until 10 forwards_by eth1
}

forwards_by() { # INTERFACE
	lab_on c ip route get 192.0.2.1 from 10.5.0.2 iif dn0 |
	    grep -q " dev $1 "
}

# Y-22: exclude beats a pattern, an exact name beats a pattern.
test_patterns() {
	lab_host c s
	for _i in 0 1 2; do
		lab_veth c eth$_i s port$_i
	done
	lab_bridge s srv0 port0 port1 port2
	lab_addr s srv0 10.9.0.1/24
	lab_dnsmasq 10.9.0.100,10.9.0.120
	lab_conf <<-'END'
	exclude { "eth1" }
	interface "eth*" { preference 300 }
	interface "eth2" { preference 20 }
	END
	lab_monitor c
	lab_leased
	lab_ctl wait -4 -t 10 eth0 eth2 || lab_die "eth0 and eth2"
	lab_eq eth0 300 "$(lab_show 'i("eth0")["preference"]')"
	lab_eq eth2 20 "$(lab_show 'i("eth2")["preference"]')"
	no_address eth1 || lab_die "eth1 has an address"
	unmanaged eth1 || lab_die "eth1 is managed"
}

# A port of a bridge is skipped and shown so; the bridge itself works.
test_bridge_member() {
	lab_pair
	lab_bridge c br0 eth0
	lab_dnsmasq 10.9.0.100,10.9.0.120
	lab_conf <<-'END'
	interface "eth0" { }
	interface "br0" { }
	END
	lab_leased
	lab_bound br0 20 >/dev/null
	lab_eq skipped member "$(lab_show \
	    '[s["reason"] for s in j["skipped"] if s["name"]=="eth0"][0]')"
	no_address eth0 || lab_die "eth0 has an address"
}

# Y-20: a name that could be more than a name.
test_bad_name() {
	lab_pair
	# shellcheck disable=SC2016
	lab_veth c 'a;$(x)' s odd0
	lab_script
	lab_conf <<-'END'
	interface "*" { }
	exclude { "lo" }
	END
	lab_leased
	lab_bound >/dev/null
	lab_eq skipped name "$(lab_show \
	    '[s["reason"] for s in j["skipped"] if "a;" in s["name"]][0]')"
}

# A new MAC address: the lease of the old one is not kept under it.
test_mac_changed() {
	bound
	lab_mark server.log
	lab_on c ip link set eth0 down
	lab_on c ip link set eth0 address 02:00:00:00:77:01
	lab_on c ip link set eth0 up
	lab_expect server.log 'got [13] '
	lab_until 10 state_is BOUND
	lab_eq hwaddr 02:00:00:00:77:01 \
	    "$(lab_show 'i("eth0")["dhcp4"]["lease"]["hwaddr"]')"
}

# A hundred at once, one daemon (Y-01).
test_hundred() {
	lab_host c s
	lab_on s ip link add srv0 type bridge forward_delay 0 stp_state 0
	_n=0
	: >batch.c
	: >batch.s
	while [ $_n -lt 100 ]; do
		echo "link add e$_n type veth peer name p$_n netns $(cat s.netns)" \
		    >>batch.c
		echo "link set e$_n up" >>batch.c
		echo "link set p$_n master srv0 up" >>batch.s
		_n=$((_n + 1))
	done
	lab_on c sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	lab_on s sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	ip -n "$(cat c.netns)" -batch batch.c || lab_die "no links"
	ip -n "$(cat s.netns)" -batch batch.s || lab_die "no ports"
	lab_on s ip link set srv0 up
	lab_addr s srv0 10.9.0.1/22
	# By hash: in sequence it offers one address to all who ask at once.
	# shellcheck disable=SC2034 # read by lab_dnsmasq
	LAB_ALLOCATION=
	lab_dnsmasq 10.9.1.1,10.9.2.254,255.255.252.0
	lab_conf <<-'END'
	interface "e*" { }
	END
	lab_leased
	lab_until 60 hundred
	lab_eq states 100 "$(lab_show \
	    'sum(i["dhcp4"]["state"]=="BOUND" for i in j["interfaces"])')"
	# Y-11: the kernel takes seconds to close 200 packet sockets; nobody
	# waits for that, and the next start is not in its way.
	_start=$(lab_ms)
	kill -TERM "$LAB_PID"
	lab_until 2 gone "$LAB_PID"
	[ $(($(lab_ms) - _start)) -lt 1000 ] ||
	    lab_die "gone after $(($(lab_ms) - _start)) ms"
	lab_nothing leased.log 'has not left'
	lab_leased
	lab_until 60 hundred_bound
	lab_nothing leased.log 'UDP port 68'
	# What concerns all at once is more than a queue may hold.
	lab_ctl renew || lab_die "renew"
	lab_until 60 hundred_bound
	lab_ctl stop --withdraw || lab_die "stop --withdraw"
	lab_exit leased || lab_die "exit code $?"
	lab_eq "addresses" 0 \
	    "$(lab_on c ip -4 -o addr show scope global | wc -l)"
}

gone() { # PID
	! kill -0 "$1" 2>/dev/null
}

hundred_bound() {
	[ "$(lab_show \
	    'sum(i["dhcp4"]["state"]=="BOUND" for i in j["interfaces"])')" -eq 100 ]
}

hundred() {
	[ "$(lab_on c ip -4 -o addr show scope global | wc -l)" -eq 100 ]
}

atf_init_test_cases() {
	lab_load
	lab_case carrier "D4-22: link down and up keeps the address"
	lab_case carrier_no_server "D4-22: the router answers, the lease goes on" "" 90
	lab_case resume "D4-29: leasectl resume confirms the lease"
	lab_case admin_down "Y-23: set down by the administrator stays down"
	lab_case admin_down_routes "Y-23: set up again, routes are back at once"
	lab_case routes_flushed "Y-01: routes removed by somebody else"
	lab_case address_removed "Y-01: the address removed by somebody else"
	lab_case found_down "Y-23, D4-13: found down at start, set up"
	lab_case renamed "Y-25, Y-01: renamed"
	lab_case removed "Y-01: removed and made again"
	lab_case absent_at_start "Y-01, Y-06: configured before it exists"
	lab_case high_indexes "Y-09: no two interfaces have the same metric"
	lab_case two_uplinks "Y-09: two servers, preference of default routes" \
	    dnsmasq
	lab_case uplink_carrier "Y-09: the other takes over without carrier" \
	    dnsmasq
	lab_case uplink_carrier_router "Y-09: also of what is forwarded" dnsmasq
	lab_case uplink_carrier4 "Y-09: also where IPv6 is off" dnsmasq
	lab_case patterns "Y-22, Y-05: patterns and exclude" dnsmasq
	lab_case bridge_member "Y-22: a member of a bridge is skipped" dnsmasq
	lab_case bad_name "Y-20: a name with foreign bytes"
	lab_case mac_changed "Y-01: the MAC address changes"
	lab_case hundred "Y-01, Y-11: 100 interfaces at once" dnsmasq 180
}
