#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# Router discovery and SLAAC against real radvd, and routers made up by ra.py.
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

start_slaac() {
	start <<-'END'
	interface "eth0" {
		dhcp4 no
		dhcp6 no
	}
	END
}

has() { # ADDRESS
	lab6_addresses | grep -qx "$1"
}

has_not() {
	! has "$1"
}

deprecated() { # PREFIX
	lab_on c ip -6 -o addr show dev eth0 deprecated | grep -q "$1"
}

slaac() { # EXPRESSION over i("eth0")["slaac"]
	lab_show "i('eth0')['slaac']$1"
}

# ---- the usual network ----

test_bound() {
	lab6_pair
	lab6_usual
	start_slaac
	lab_events
	address=$(lab6_bound)
	lab_match "address" "^$PREFIX:" "$address"
	# RFC 7217: nothing of the MAC is in it.
	case $address in
	*ff:fe*) lab_die "$address is made of the MAC" ;;
	esac
	router=$(lab6_link_local s srv0)
	lab_match "default route" "default via $router dev eth0 proto 109 " \
	    "$(lab6_default)"
	lab_match "on-link route" "^$PREFIX::/64 dev eth0 proto 109 " \
	    "$(lab_on c ip -6 route show $PREFIX::/64)"
	lab_match "no prefix route of the kernel's" 'noprefixroute' \
	    "$(lab_on c ip -6 addr show dev eth0 scope global)"
	lab_on c ping -q -c 1 -W 2 $PREFIX::1 || lab_die "no ping"
	lab_eq router "$router" "$(slaac '["routers"][0]["address"]')"
	lab_eq prefix "$PREFIX::/64" "$(slaac '["prefixes"][0]["prefix"]')"
	lab_eq shown "$address" \
	    "$(lab_show "i('eth0')['ipv6_addresses'][0]['address']")"
	lab_ctl show >show.txt
	grep -q "address .*$address/64 slaac" show.txt ||
	    lab_die "show: $(cat show.txt)"
	lab_ctl show eth0 | grep -q "router .*$router" || lab_die "no router"
	lab_ctl show metrics >metrics.txt
	grep -Eq '^leased_nd_received_advertisement.*eth0.* [1-9]' metrics.txt ||
	    lab_die "metrics: $(grep nd_ metrics.txt)"
}

# The same secret makes the same address; another one another.
test_stable() {
	lab6_pair
	lab6_usual
	start_slaac
	first=$(lab6_bound)
	lab_ctl stop --withdraw
	lab_exit leased
	# The kernel may have heard a router by now, and have its own.
	has "$first" && lab_die "the address stays"
	lab_eq "default" '' "$(lab_on c ip -6 route show default proto 109)"
	lab_leased
	lab_eq "again" "$first" "$(lab6_bound)"
	lab_match "mode" '^-rw------- ' "$(ls -l c.lib/leased/secret)"
	lab_ctl stop --withdraw
	lab_exit leased
	rm c.lib/leased/secret
	lab_leased
	other=$(lab6_bound)
	[ "$first" != "$other" ] || lab_die "the secret does not matter"
}

test_eui64() {
	lab6_pair
	lab6_usual
	lab_on c ip link set eth0 address 02:00:00:00:12:34
	start <<-'END'
	interface "eth0" {
		dhcp4 no
		dhcp6 no
		soii no
	}
	END
	lab_eq "address" "$PREFIX::ff:fe00:1234" "$(lab6_bound)"
}

# `wait -6` returns when bind(2) works, and a program that starts then binds.
test_wait_binds() {
	lab6_pair
	start_slaac
	lab_bg c waiter "$LAB_BUILD/leasectl" wait -6 -t 20 eth0
	lab6_usual
	lab_exit waiter 20 || lab_die "wait: $(cat waiter.log)"
	address=$(lab6_addresses | head -n 1)
	lab_on c python3 -c "
import socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
s.bind((sys.argv[1], 8080))" "$address" || lab_die "cannot bind $address"
	if lab_ctl wait -4 -t 1 eth0 2>wait.err; then
		lab_die "IPv4?"
	fi
	lab_match "missing" 'eth0: no IPv4 address' "$(cat wait.err)"
	lab_ctl wait -t 1 eth0 || lab_die "any family"
}

# ---- duplicate addresses ----

test_duplicate() {
	lab6_trio
	lab6_usual
	start_slaac
	first=$(lab6_bound)
	lab_ctl stop --withdraw
	lab_exit leased
	lab_on o ip addr add "$first/64" dev oth0 nodad
	lab_leased
	lab_expect leased.log "$first.*(duplicate|in use)"
	lab_until 10 lab6_other "$first"
	second=$(lab6_bound)
	lab_on c ping -q -c 1 -W 2 $PREFIX::1 || lab_die "no ping"
	has_not "$first" || lab_die "$first is still there"
	[ "$second" != "$first" ]
}

lab6_other() {
	lab6_addresses | grep -vqx "$1"
}

# ---- routers ----

# Two routers; the one of high preference is used, and when it is dead the
# other takes over though the first one's lifetime goes on.
test_two_routers() {
	lab6_trio
	for _h in s o; do
		lab_on $_h ip addr add 2001:db8:99::1/128 dev lo
	done
	lab_on o ip addr add $PREFIX::2/64 dev oth0 nodad
	lab6_usual
	lab6_radvd o oth0 radvd2 <<-END
	AdvSendAdvert on;
	MinRtrAdvInterval 3;
	MaxRtrAdvInterval 10;
	AdvDefaultPreference high;
	prefix $PREFIX::/64 { };
	END
	lab_on c sh -c 'cd /proc/sys/net/ipv6/neigh/eth0 &&
	    echo 1000 >base_reachable_time_ms && echo 1 >delay_first_probe_time'
	start_slaac
	lab6_bound >/dev/null
	high=$(lab6_link_local o oth0)
	low=$(lab6_link_local s srv0)
	lab_until 5 both_routes
	lab_match "high" "via $high .*pref high" "$(lab6_default)"
	lab_eq "first" "$high" "$(slaac '["routers"][0]["address"]')"
	lab_on c ping -q -c 2 -W 2 2001:db8:99::1 || lab_die "no ping"
	lab_match "used" "via $high " \
	    "$(lab_on c ip -6 route get 2001:db8:99::1)"
	# It says nothing more: its cable is cut.  Neighbour detection would
	# believe in it for up to 45 s (RFC 4861 6.3.2); here it is quicker.
	lab_on s ip link set port1 down
	lab_on c ping -q -i 0.2 -c 100 -W 1 2001:db8:99::1 >ping.log || :
	lab_match "taken over" "via $low " \
	    "$(lab_on c ip -6 route get 2001:db8:99::1)"
	lab_until 5 unreachable
	# It comes back.
	lab_on s ip link set port1 up
	lab_until 20 used "$high"
}

used() {
	lab_on c ping -q -c 1 -W 1 2001:db8:99::1
	lab_on c ip -6 route get 2001:db8:99::1 | grep -q "via $1 "
}

unreachable() {
	[ "$(slaac '["routers"][-1]["reachable"]')" = false ]
}

both_routes() {
	[ "$(lab_on c ip -6 route show default | grep -c via)" -eq 2 ]
}

# Two uplinks: the preferred one is used, and the other when it is unplugged.
test_two_uplinks() {
	lab6_pair
	lab_host o
	ip link add eth1 netns "$(cat c.netns)" type veth \
	    peer name oth0 netns "$(cat o.netns)"
	lab6_router o oth0
	lab_on o ip link set oth0 up
	lab_on c ip link set eth1 up
	for _h in s o; do
		lab_on $_h ip addr add 2001:db8:99::1/128 dev lo
	done
	lab6_usual
	lab6_radvd o oth0 radvd2 <<-END
	AdvSendAdvert on;
	MinRtrAdvInterval 3;
	MaxRtrAdvInterval 10;
	AdvDefaultPreference high;
	prefix 2001:db8:2::/64 { };
	END
	start <<-'END'
	interface "eth0" {
		dhcp4 no
		dhcp6 no
		preference 10
	}
	interface "eth1" {
		dhcp4 no
		dhcp6 no
		preference 20
	}
	END
	lab6_bound eth0 >/dev/null
	lab6_bound eth1 >/dev/null
	lab_until 10 both_routes
	lab_match "preferred" 'dev eth0 ' \
	    "$(lab_on c ip -6 route get 2001:db8:99::1)"
	lab_on s ip link set srv0 down
	lab_until 5 used_dev eth1
	lab_on s ip link set srv0 up
	lab_until 20 used_dev eth0
}

used_dev() {
	lab_on c ip -6 route get 2001:db8:99::1 | grep -q "dev $1 "
}

# Shut down cleanly: radvd says lifetime 0.
test_router_leaves() {
	lab6_pair
	lab6_usual
	start_slaac
	address=$(lab6_bound)
	lab_match "default" via "$(lab6_default)"
	lab_kill radvd
	lab_until 5 no_default
	# RFC 4861 6.3.4: what it announced stays.
	has "$address" || lab_die "the address went with the router"
}

no_default() {
	[ -z "$(lab6_default)" ]
}

test_routes() {
	lab6_pair
	start_slaac
	lab_ready
	lab6_ra s srv0 --prefix $PREFIX::/64 --route 2001:db8:77::/48,600,high \
	    --route 2001:db8:78::/48,600,reserved
	lab_until 5 has_route 2001:db8:77::/48
	lab_eq "reserved preference" '' \
	    "$(lab_on c ip -6 route show 2001:db8:78::/48)"
	lab_match "preference" 'pref high' \
	    "$(lab_on c ip -6 route show 2001:db8:77::/48)"
	lab6_ra s srv0 --prefix $PREFIX::/64 --route 2001:db8:77::/48,0
	lab_until 5 has_no_route 2001:db8:77::/48
}

has_route() {
	[ -n "$(lab_on c ip -6 route show "$1")" ]
}

has_no_route() {
	! has_route "$1"
}

# The sockets are open: RAs by hand are not lost.
lab_ready() {
	lab_until 10 solicited
}

solicited() {
	[ "$(lab_counter nd_sent_solicitation)" -ge 1 ]
}

# ---- lifetimes ----

test_lifetimes() {
	lab6_pair
	start_slaac
	lab_events
	lab_ready
	# RFC 4862 5.5.3 e): a new address may be as short as it likes.
	lab6_ra s srv0 --prefix $PREFIX::/64,8,3
	address=$(lab6_bound)
	lab_until 6 deprecated "$address"
	lab_event deprecated
	lab_until 8 has_not "$address"
	lab_event expired
	lab_until 2 has_no_route $PREFIX::/64
}

# Somebody on the link cannot shorten the address's life.
test_two_hours() {
	lab6_pair
	start_slaac
	lab_ready
	lab6_ra s srv0 --prefix $PREFIX::/64,86400,43200
	address=$(lab6_bound)
	lab6_ra s srv0 --prefix $PREFIX::/64,10,10
	lab_until 5 about_two_hours "$address"
	lab6_ra s srv0 --prefix $PREFIX::/64,5,0
	lab_until 5 deprecated "$address"
	about_two_hours "$address" || lab_die "valid lifetime was shortened"
}

about_two_hours() {
	lab_on c ip -6 addr show dev eth0 |
	    grep -A1 "$1" | grep -Eq 'valid_lft 7(200|1[0-9][0-9])sec'
}

# Another prefix, and the old one said goodbye to.
test_renumbered() {
	lab6_pair
	start_slaac
	lab_ready
	lab6_ra s srv0 --prefix $PREFIX::/64
	old=$(lab6_bound)
	lab6_ra s srv0 --prefix $PREFIX::/64,7200,0 --prefix 2001:db8:2::/64
	lab_until 5 in_prefix 2001:db8:2
	lab_until 5 deprecated "$old"
	has "$old" || lab_die "the old address went before its time"
}

in_prefix() {
	lab6_addresses | grep -q "^$1:"
}

# Refreshed every second with two seconds to live: nothing is lost.
test_refresh() {
	lab6_pair
	start_slaac
	lab_ready
	lab6_radvd s srv0 radvd <<-END
	AdvSendAdvert on;
	MinRtrAdvInterval 3;
	MaxRtrAdvInterval 4;
	AdvDefaultLifetime 9;
	prefix $PREFIX::/64 { AdvValidLifetime 6; AdvPreferredLifetime 6; };
	END
	address=$(lab6_bound)
	lab_mark c.mon
	lab_on c ping -q -i 0.1 -c 600 -W 1 -I "$address" $PREFIX::1 >ping.log
	lab_match "lost" ' 0% packet loss' "$(cat ping.log)"
	lab_mon_quiet c "Deleted.*($address|default)"
}

# ---- DNS ----

test_dns() {
	lab6_pair
	start <<-'END'
	resolv-conf "/etc/resolv.conf"
	interface "eth0" {
		dhcp4 no
		dhcp6 no
	}
	END
	lab_ready
	lab6_ra s srv0 --prefix $PREFIX::/64 --rdnss "$PREFIX::53,60" \
	    --rdnss fe80::53,60 --dnssl example.org,60
	lab_until 5 grep -q "nameserver $PREFIX::53" c.etc/resolv.conf
	lab_until 5 grep -q 'nameserver fe80::53%eth0' c.etc/resolv.conf
	lab_until 5 grep -q 'search example.org' c.etc/resolv.conf
	lab6_ra s srv0 --prefix $PREFIX::/64 --rdnss "$PREFIX::53,0"
	lab_until 5 gone_from_resolv "$PREFIX::53"
	grep -q 'fe80::53' c.etc/resolv.conf || lab_die "all servers went"
}

# An interface without an IPv4 address takes its name servers along.
test_dns_interface_gone() {
	lab6_pair
	start <<-'END'
	resolv-conf "/etc/resolv.conf"
	interface "eth0" {
		dhcp4 no
		dhcp6 no
	}
	END
	lab_ready
	lab6_ra s srv0 --prefix $PREFIX::/64 --rdnss "$PREFIX::53,600"
	lab_until 5 grep -q "nameserver $PREFIX::53" c.etc/resolv.conf
	lab_on c ip link del eth0
	lab_until 5 gone_from_resolv "$PREFIX::53"
}

gone_from_resolv() {
	! grep -q "$1" c.etc/resolv.conf
}

# ---- temporary addresses ----

test_temporary() {
	lab6_pair
	lab6_usual
	start <<-'END'
	interface "eth0" {
		dhcp4 no
		dhcp6 no
		temporary yes
	}
	END
	lab6_bound >/dev/null
	lab_until 5 two_addresses
	lab_eq "one temporary" 1 "$(lab_show \
	    'sum(a["temporary"] for a in i("eth0")["ipv6_addresses"])')"
}

two_addresses() {
	[ "$(lab6_addresses | wc -l)" -eq 2 ]
}

# ---- restart, link, network ----

test_restart_adopts() {
	lab6_pair
	lab6_usual
	start_slaac
	address=$(lab6_bound)
	default=$(lab6_default | sed 's/ expires.*//')
	lab_on s ip link set srv0 mtu 1500
	lab_kill leased
	has "$address" || lab_die "the address went with the daemon"
	lab_kill radvd
	lab_until 5 true
	lab_mark c.mon
	lab_leased
	lab_eq "ready at once" "$address" "$(lab6_bound)"
	lab_mon_quiet c "Deleted.*($address|$PREFIX)"
	lab_eq default "$default" "$(lab6_default | sed 's/ expires.*//')"
}

test_killed_adopts() {
	lab6_pair
	lab6_usual
	start_slaac
	address=$(lab6_bound)
	lab_mark c.mon
	lab_kill leased KILL
	lab_until 5 lab_no_leased
	lab_leased
	lab_eq "ready at once" "$address" "$(lab6_bound)"
	lab_mon_quiet c "Deleted.*($address|$PREFIX|default)"
	# And what was found is put back after all that.
	lab_ctl stop --withdraw
	lab_exit leased
	lab_eq "accept_ra" 1 \
	    "$(lab_on c cat /proc/sys/net/ipv6/conf/eth0/accept_ra)"
	has_not "$address" || lab_die "$address stays after a withdrawal"
}

lab_no_leased() {
	! lab_ctl show
}

test_link_flap() {
	lab6_pair
	lab6_usual
	start_slaac
	address=$(lab6_bound)
	lab_events
	lab_mark c.mon
	lab_on s ip link set srv0 down
	lab_event link-down
	has "$address" || lab_die "the address went with the link"
	lab_on s ip link set srv0 up
	lab_on s ip addr add $PREFIX::1/64 dev srv0 nodad
	lab_event link-up
	lab_mon_quiet c "Deleted.*inet6 $address"
	lab_until 10 lab_on c ping -q -c 1 -W 1 $PREFIX::1
}

# The link-local address is from before the carrier went; nothing is tried
# while it is away, so nothing is late when it returns.
test_no_carrier() {
	lab6_pair
	lab6_usual
	lab6_link_local c eth0 >/dev/null
	lab_on s ip link set srv0 down
	lab_until 10 lab_no_carrier
	start_slaac
	lab_nothing leased.log 'trying again'
	lab_events
	lab_on s ip link set srv0 up
	lab_event link-up
	lab_expect leased.log 'router advertisement'
	lab6_bound >/dev/null
	lab_nothing leased.log 'trying again'
}

lab_no_carrier() {
	lab_on c ip -o link show dev eth0 | grep -q NO-CARRIER
}

# The cable is in another network: all routers are new ones.
test_new_network() {
	lab6_pair
	start_slaac
	lab_events
	lab_ready
	lab6_ra s srv0 --mac 02:00:00:00:aa:01 --prefix $PREFIX::/64
	old=$(lab6_bound)
	lab_on s ip link set srv0 down
	lab_event link-down
	lab_on s ip link set srv0 up
	lab_event link-up
	lab6_ra s srv0 --mac 02:00:00:00:bb:01 --prefix 2001:db8:2::/64
	lab_until 5 in_prefix 2001:db8:2
	lab_until 10 deprecated "$old"
	lab_eq "default" 1 "$(lab6_default | grep -c via)"
}

# ---- other parameters ----

test_parameters() {
	lab6_pair
	start_slaac
	lab_ready
	sys=/proc/sys/net/ipv6
	found=$(lab_on c cat $sys/conf/eth0/mtu)
	lab6_ra s srv0 --prefix $PREFIX::/64 --mtu 1400 --reachable 40000 \
	    --retrans 2000 --hop 32
	lab6_bound >/dev/null
	lab_until 5 lab_value $sys/conf/eth0/mtu 1400
	lab_until 5 lab_value $sys/neigh/eth0/retrans_time_ms 2000
	# Never below 64 unless it was allowed.
	lab_eq "hop limit" 64 "$(lab_on c cat $sys/conf/eth0/hop_limit)"
	# Out of bounds.
	lab6_ra s srv0 --prefix $PREFIX::/64 --mtu 1000
	lab6_ra s srv0 --prefix $PREFIX::/64 --mtu 9000
	lab_ctl stop --withdraw
	lab_exit leased
	lab_eq "as found" "$found" "$(lab_on c cat $sys/conf/eth0/mtu)"
}

lab_value() {
	[ "$(lab_on c cat "$1")" = "$2" ]
}

# ---- hostile packets ----

test_malformed() {
	lab6_pair
	start_slaac
	lab_ready
	n=0
	bad --hop-limit 254
	bad --src 2001:db8:1::66
	bad --code 1
	bad --cut 12
	bad --raw 0300
	bad --raw 03ff
	bad --bad-checksum 257
	bad --fragment
	has_not "$address" || lab_die "$address stays after a withdrawal"
	# Options that are wrong by themselves spoil nothing else.
	lab6_ra s srv0 --prefix 2001:db8:66::/48 --prefix fe80::/64 \
	    --prefix ff02::/64 --prefix 2001:db8:67::/64,10,20 \
	    --prefix $PREFIX::/64 --raw 1801ffff00000000
	lab6_bound >/dev/null
	lab_eq "one address" 1 "$(lab6_addresses | wc -l)"
	lab_ctl show >/dev/null || lab_die "leased is gone"
	for _c in hop_limit source short options; do
		lab_match "nd_drop_$_c" '^[1-9]' "$(lab_counter nd_drop_$_c)"
	done
}

bad() {
	n=$((n + 1))
	lab6_ra s srv0 --prefix "2001:db8:bad$n::/64" "$@" >/dev/null
}

atf_init_test_cases() {
	lab_load
	lab_case bound "S-02, S-04, S-06, Y-04, Y-19: an address from radvd" radvd
	lab_case stable "S-06: the secret makes the address" radvd
	lab_case eui64 "S-06: soii no" radvd
	lab_case wait_binds "Y-03, S-08: wait -6 returns when bind works" radvd
	lab_case duplicate "S-08: another host has the stable address" radvd 90
	lab_case two_routers "S-09: preference, and a dead router" radvd 120
	lab_case two_uplinks "Y-09: two uplinks by preference" radvd 90
	lab_case router_leaves "S-09, S-17: lifetime 0" radvd
	lab_case routes "S-10: route information"
	lab_case lifetimes "S-04, S-05: preferred, deprecated, removed"
	lab_case two_hours "S-05: the two-hour rule"
	lab_case renumbered "S-05, S-17: a prefix is replaced"
	lab_case refresh "S-05: short lifetimes, nothing lost" radvd 120
	lab_case dns "S-13, Y-08: RDNSS and DNSSL"
	lab_case dns_interface_gone \
	    "Y-08: an interface that vanishes takes its DNS along"
	lab_case temporary "S-07: temporary yes" radvd
	lab_case restart_adopts "S-19, Y-11: restart without a gap" radvd
	lab_case killed_adopts "S-19, S-03, Y-10: kill -9 without a gap" radvd
	lab_case link_flap "S-17: link loss keeps addresses" radvd
	lab_case no_carrier "S-17: started without carrier" radvd
	lab_case new_network "S-17: another network"
	lab_case parameters "S-11, S-12: MTU, timers, hop limit"
	lab_case malformed "S-01, Y-16: malformed advertisements"
}
