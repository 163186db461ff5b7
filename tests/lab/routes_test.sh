#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# Routes and MTU of a lease; the shapes that cloud networks have.

lab_load() {
	for lab in "" /../../../tests/lab /../../../../tests/lab; do
		lab=$(atf_get_srcdir)$lab
		[ ! -f "$lab/lab.subr" ] || break
	done
	# shellcheck source=/dev/null
	. "$lab/lab.subr"
	lab_init "$lab"
}

# bound SERVER-ARG... with the client's default block
bound() {
	lab_pair
	lab_script "$@"
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
}

routes() {
	lab_on c ip route show "$@"
}

# dnsmasq sends them as 121; the default route of 3 is then not used.
test_classless() {
	lab_pair
	lab_dnsmasq 10.9.0.100,10.9.0.120 \
	    --dhcp-option=121,172.16.0.0/12,10.9.0.1,0.0.0.0/0,10.9.0.9
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
	lab_match "172.16/12" 'via 10\.9\.0\.1 dev eth0' \
	    "$(routes 172.16.0.0/12)"
	lab_match "default" 'via 10\.9\.0\.9 dev eth0' "$(routes default)"
	lab_eq "default routes" 1 "$(routes default | wc -l | tr -d ' ')"
}

# One route leads into another interface's prefix: it is refused, said and
# counted; the lease and its other routes are used.
test_refused_route() {
	lab_pair
	lab_host t
	lab_veth c eth1 t srv1
	lab_addr c eth1 203.0.113.5/24
	# 203.0.113.0/25 and 172.16/12 via 10.9.0.1, 203.0.113.128/25 on-link,
	# 198.18/15 via 203.0.113.129, default via 10.9.0.1
	lab_script --option 121=\
19cb0071000a0900010cac100a09000119cb007180000000000fc612cb007181000a090001
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
	lab_eq "refused" 3 "$(lab_counter refused)"
	lab_expect leased.log \
	    'route 203\.0\.113\.0/25 via 10\.9\.0\.1 refused: route into'
	lab_expect leased.log \
	    'route 198\.18\.0\.0/15 via 203\.0\.113\.129 refused: gateway'
	lab_match "172.16/12" 'via 10\.9\.0\.1 dev eth0' \
	    "$(routes 172.16.0.0/12)"
	lab_match "default" 'via 10\.9\.0\.1 dev eth0' "$(routes default)"
	lab_eq "others" '' "$(routes 203.0.113.0/25; routes 203.0.113.128/25;
	    routes 198.18.0.0/15)"
}

# Another preference is another metric, at once; the old routes go.
test_preference_reload() {
	bound
	lab_match "default" 'metric 100[0-9]*' "$(routes default)"
	lab_conf <<-'END'
	interface "eth0" { preference 7 }
	END
	lab_ctl reload
	lab_until 5 default_is 'metric 7[0-9]{3} *$'
	lab_eq "default routes" 1 "$(routes default | wc -l | tr -d ' ')"
	lab_mark c.mon
	lab_stop
	lab_leased
	lab_bound >/dev/null
	lab_match "kept" 'metric 7[0-9]{3} *$' "$(routes default)"
	# Also when it was changed while nobody looked.
	lab_stop
	lab_conf <<-'END'
	interface "eth0" { preference 9 }
	END
	lab_leased
	lab_bound >/dev/null
	lab_until 5 default_is 'metric 9[0-9]{3} *$'
	lab_eq "default routes" 1 "$(routes default | wc -l | tr -d ' ')"
	lab_ctl stop --withdraw
	lab_exit leased
	lab_eq "withdrawn" '' "$(routes proto 109)"
}

default_is() {
	routes default | grep -Eq "$1"
}

# Without a default route in it there is none.
test_classless_no_default() {
	bound --option 121=0cac100a090001
	lab_match "172.16/12" 'via 10\.9\.0\.1 dev eth0' \
	    "$(routes 172.16.0.0/12)"
	lab_eq "default" '' "$(routes default)"
}

# Option 33 counts where 121 is missing.
test_static_routes() {
	bound --option 33=ac1001010a090001
	lab_match "172.16.1.1" 'via 10\.9\.0\.1 dev eth0' "$(routes 172.16.1.1)"
	lab_match "default" 'via 10\.9\.0\.1 dev eth0' "$(routes default)"
}

# /32 and a router that is elsewhere: option 3 alone.
test_host_mask_router() {
	lab_pair
	lab_addr s srv0 10.255.0.1/32
	lab_on s ip route add 10.9.0.100/32 dev srv0
	lab_script --mask 255.255.255.255 --router 10.255.0.1
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
	lab_match "host route" '10\.255\.0\.1 dev eth0 .*scope link' \
	    "$(routes 10.255.0.1)"
	lab_match "default" 'via 10\.255\.0\.1 dev eth0' "$(routes default)"
	lab_on c ping -q -c 1 -W 2 10.255.0.1 || lab_die "no ping"
}

# /32 and 121: the router on-link by 0.0.0.0, the default route through it.
test_host_mask_classless() {
	lab_pair
	lab_addr s srv0 10.255.0.1/32
	lab_on s ip route add 10.9.0.100/32 dev srv0
	lab_script --mask 255.255.255.255 --router '' \
	    --option 121=200aff000100000000000aff0001
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
	lab_match "host route" '10\.255\.0\.1 dev eth0 .*scope link' \
	    "$(routes 10.255.0.1)"
	lab_match "default" 'via 10\.255\.0\.1 dev eth0' "$(routes default)"
	lab_on c ping -q -c 1 -W 2 10.255.0.1 || lab_die "no ping"
}

# The metadata service: 169.254.169.254/32 by 121, on-link or by a gateway.
test_metadata_route() {
	lab_pair
	lab_addr s srv0 169.254.169.254/32
	lab_script --option 121=20a9fea9fe0a090001000a090001
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
	lab_match "metadata" 'via 10\.9\.0\.1 dev eth0' \
	    "$(routes 169.254.169.254)"
	lab_on c ping -q -c 1 -W 2 169.254.169.254 || lab_die "no ping"
	lab_server_stop
	lab_script --option 121=20a9fea9fe00000000000a090001
	lab_events
	lab_ctl renew eth0
	lab_event changed
	lab_until 5 metadata_onlink
	lab_on c ping -q -c 1 -W 2 169.254.169.254 || lab_die "no ping"
}

metadata_onlink() {
	routes 169.254.169.254 | grep -q '^169\.254\.169\.254 dev eth0'
}

# Option 26: of the interface from 1280 on, of the routes below it.
test_mtu() {
	bound --option 26=0578
	lab_eq "mtu" 1400 "$(lab_on c cat /sys/class/net/eth0/mtu)"
	lab_ctl release eth0
	lab_until 5 mtu_is 1500
	lab_server_stop
	lab_script --option 26=0400
	lab_ctl renew eth0
	lab_bound >/dev/null
	lab_eq "mtu" 1500 "$(lab_on c cat /sys/class/net/eth0/mtu)"
	lab_match "default" 'mtu 1024' "$(routes default)"
}

mtu_is() {
	[ "$(lab_on c cat /sys/class/net/eth0/mtu)" = "$1" ]
}

test_ignore() {
	lab_pair
	lab_script --option 26=0578
	lab_conf <<-'END'
	interface "eth0" { ignore { mtu, routes, dns } }
	END
	lab_leased
	lab_bound >/dev/null
	lab_eq "mtu" 1500 "$(lab_on c cat /sys/class/net/eth0/mtu)"
	lab_eq "default" '' "$(routes default)"
	lab_match "resolv.conf" '^# as found$' "$(cat c.etc/resolv.conf)"
}

# A route that a lease no longer has goes; the others are not touched.
test_route_changes() {
	bound --option 121=0cac100a09000118cb00710a090001000a090001
	lab_match "203.0.113" via "$(routes 203.0.113.0/24)"
	lab_server_stop
	lab_script --option 121=0cac100a090001000a090001
	lab_events
	lab_mark c.mon
	lab_ctl renew eth0
	lab_event changed
	lab_expect c.mon 'Deleted.*203\.0\.113\.0/24'
	lab_mon_quiet c 'Deleted'
	lab_match "172.16/12" via "$(routes 172.16.0.0/12)"
	lab_match "default" via "$(routes default)"
}

# change TO-EXPECT QUIET SERVER-ARG...: a renewal, what the kernel reports of
# it, and what it does not.
change() {
	_expect=$1 _quiet=$2
	shift 2
	lab_server_stop
	lab_script "$@"
	lab_mark c.mon
	lab_mark events.log
	lab_ctl renew eth0
	lab_event changed
	[ -z "$_expect" ] || lab_expect c.mon "$_expect"
	lab_mon_quiet c "$_quiet"
	lab_on c ping -q -c 1 -W 2 10.9.0.1 || lab_die "no ping"
}

# Mask, router, MTU and name server in turn.
test_changes() {
	bound
	lab_events
	lab_on s ip addr add 10.9.0.2/24 dev srv0
	change 'Deleted.*inet 10\.9\.0\.100/24' 'Deleted.*(/16|default via)' \
	    --mask 255.255.0.0
	lab_eq "one address" "10.9.0.100/16" "$(lab_on c ip -4 -o addr show \
	    dev eth0 | sed 's/.*inet \([^ ]*\).*/\1/')"
	lab_match "default" 'via 10\.9\.0\.1 ' "$(routes default)"
	change '' 'Deleted.*inet' --mask 255.255.0.0 --router 10.9.0.2
	lab_until 5 one_default 10.9.0.2
	change '' 'Deleted|default via' --mask 255.255.0.0 --router 10.9.0.2 \
	    --option 26=0578
	lab_until 5 mtu_is 1400
	change '' 'Deleted|default via' --mask 255.255.0.0 --router 10.9.0.2 \
	    --option 26=0578 --dns 10.9.0.2
	lab_until 5 grep -q '^nameserver 10\.9\.0\.2$' c.etc/resolv.conf
	lab_eq "mtu" 1400 "$(lab_on c cat /sys/class/net/eth0/mtu)"
}

one_default() {
	[ "$(routes default | wc -l)" -eq 1 ] &&
	    routes default | grep -q "via $1 "
}

# 42, 114, 12, 43, 162 and 212: shown and told, and nothing comes of it.
test_shown() {
	lab_pair
	lab_conf <<-'END'
	interface "eth0" { dhcp4 request { 43, 212 } }
	END
	lab_leased
	lab_events
	name=$(lab_on c hostname)
	lab_script --option 42=0a09007b --option 114=68747470733a2f2f61 \
	    --option 12=6c61622d37 --option 43=010107 \
	    --option 162=000b00020803646e7302636400 \
	    --option 212=082020010db8000000000000000000000000c0000201
	lab_event bound
	for what in '"ntp": *\["10\.9\.0\.123"\]' \
	    '"captive_portal": *"https://a"' '"host_name": *"lab-7"' \
	    '"vendor": *"010107"' '"dnr": *"000b' '"sixrd": *"08202001'; do
		grep -Eq "\"bound\".*$what" events.log ||
		    lab_die "event: no $what"
	done
	lab_bound >/dev/null
	lab_eq "ntp" 10.9.0.123 "$(lab_show 'i("eth0")["dhcp4"]["lease"]["ntp"][0]')"
	for what in 'ntp +10\.9\.0\.123' 'captive portal +https://a' \
	    'host name +lab-7' 'vendor data +' 'encrypted dns +' \
	    '6rd +2001:db8::/32'; do
		lab_ctl show | grep -Eq "$what" || lab_die "show: no $what"
	done
	lab_eq "host name" "$name" "$(lab_on c hostname)"
	if grep -rlE '10\.9\.0\.123|https://a|lab-7' c.etc; then
		lab_die "written to a file"
	fi
}

# An administrator's own routes and addresses stay when ours go (Y-26).
test_static_stays() {
	lab_pair
	lab_addr c eth0 192.0.2.5/24
	lab_on c ip route add 198.51.100.0/24 via 192.0.2.1
	lab_script
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_ctl wait -4 -t 10 eth0 || lab_die "no address"
	lab_ctl stop --withdraw
	lab_exit leased
	lab_match "address" '192\.0\.2\.5/24' \
	    "$(lab_on c ip -4 addr show dev eth0)"
	lab_match "route" 'via 192\.0\.2\.1' "$(routes 198.51.100.0/24)"
	case $(lab_on c ip -4 addr show dev eth0) in
	*10.9.0.100*) lab_die "the lease stays" ;;
	esac
}

atf_init_test_cases() {
	lab_load
	lab_case preference_reload \
	    "Y-09: a reload with another preference moves the routes"
	lab_case classless "D4-04, D4-08: 121 from dnsmasq" dnsmasq
	lab_case refused_route "Y-19: one refused route does not refuse the lease"
	lab_case classless_no_default "D4-08: with 121, option 3 is ignored"
	lab_case static_routes "D4-08: 33 and 3 without 121"
	lab_case host_mask_router "D4-33: /32 with option 3 alone"
	lab_case host_mask_classless "D4-33: /32 with 121 via 0.0.0.0"
	lab_case metadata_route "D4-33: 169.254.169.254"
	lab_case mtu "D4-27: MTU of the interface and of routes"
	lab_case ignore "D4-27, Y-05: ignore { mtu, routes, dns }"
	lab_case route_changes "D4-21: only what differs is changed"
	lab_case changes "D4-21, D4-32: mask, router, MTU, name server"
	lab_case shown "D4-28: informational options"
	lab_case static_stays "Y-26, Y-11: static addresses and routes stay"
}
