#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# DHCPv6 against Kea, ISC dhcpd, dnsmasq and wide-dhcpv6.
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

# Each behaviour with each server that knows it.
each() { # BEHAVIOUR "IDS: DESCR" SERVER...
	_what=$1
	_descr=$2
	shift 2
	for _s in "$@"; do
		case $_s in
		kea) _prog=kea-dhcp6 ;;
		wide) _prog=dhcp6s ;;
		*) _prog=$_s ;;
		esac
		eval "test_${_s}_$_what() { server6_$_what $_s; }"
		lab_case "${_s}_$_what" "$_descr ($_s)" "$_prog tcpdump" 90
	done
}

# ---- when ----

# `auto`: what the router advertises decides.
test_managed() {
	lab6_pair
	lab6_server kea
	lab_conf <<-'END'
	interface "eth0" {
		dhcp4 no
		slaac yes
		dhcp6 auto
	}
	END
	lab_capture s srv0 'udp port 547'
	lab_leased
	lab_until 10 solicited
	lab_nothing capture.log 'dhcp6 (solicit|inf-req)'
	lab6_ra s srv0 --other --prefix $PREFIX::/64
	lab_expect capture.log 'dhcp6 inf-req'
	lab_until 5 has_dns
	lab_nothing capture.log 'dhcp6 solicit'
	lab6_ra s srv0 --managed --prefix $PREFIX::/64
	lab_expect capture.log 'dhcp6 solicit'
	lab_until 10 lab6_pool_address
	# Cleared flags release nothing.
	lab6_ra s srv0 --prefix $PREFIX::/64
	lab_nothing capture.log 'dhcp6 release'
	lab6_pool_address || lab_die "the lease went with the flag"
}

solicited() {
	[ "$(lab_counter nd_sent_solicitation)" -ge 1 ]
}

has_dns() {
	[ "$(dhcp6 '["dns"][0]')" = "$PREFIX::53" ]
}

lab6_pool_address() {
	lab6_addresses | grep -Eq "^$PREFIX::1[0-9a-f]{3}\$"
}

test_rapid_commit() {
	lab6_pair
	lab_capture s srv0 'udp port 546 or udp port 547'
	server6_bound kea
	lab_expect capture.log 'dhcp6 solicit.*rapid-commit'
	lab_expect capture.log 'dhcp6 reply'
	if grep -Eq 'dhcp6 (advertise|request)' capture.log; then
		lab_die "four messages"
	fi
	lab_eq shown true "$(dhcp6 '["rapid_commit"]')"
}

test_four_messages() {
	lab6_pair
	lab_capture s srv0 'udp port 546 or udp port 547'
	BLOCK='rapid-commit no'
	server6_bound kea
	for _m in solicit advertise request reply; do
		lab_expect capture.log "dhcp6 $_m"
	done
}

# ---- restart and link ----

# The lease is confirmed, and stays in the kernel meanwhile.
test_restart_confirms() {
	lab6_pair
	server6_bound kea
	lab_kill leased
	lab_mark c.mon
	lab_capture s srv0 'udp port 547'
	lab_leased
	lab_expect capture.log 'dhcp6 confirm'
	lab_eq "ready" "$address" "$(lab6_bound)"
	lab_mon_quiet c "Deleted.*inet6 $address"
}

test_killed_adopts() {
	lab6_pair
	server6_bound kea
	lab_mark c.mon
	lab_kill leased KILL
	lab_until 5 lab_no_leased
	lab_leased
	lab_eq "ready" "$address" "$(lab6_bound)"
	lab_mon_quiet c "Deleted.*inet6 $address"
}

lab_no_leased() {
	! lab_ctl show
}

test_link_flap() {
	lab6_pair
	server6_bound kea
	lab_events
	lab_capture s srv0 'udp port 547'
	lab_mark c.mon
	lab_on s ip link set srv0 down
	lab_event link-down
	lab_on s ip link set srv0 up
	lab_event link-up
	lab_on s ip addr add $PREFIX::1/64 dev srv0 nodad
	lab_eq address "$address" "$(lab6_addresses)"
	lab_mon_quiet c "Deleted.*inet6 $address"
}

# With a prefix a Rebind is due instead.
test_link_flap_prefix() {
	lab6_pair
	downstream
	lab6_server kea
	server6_conf 'prefix { assign dn1 subnet 0 suffix ::1 }'
	lab_leased
	lab_until 15 has_prefix
	lab_until 5 lab6_addr_on dn1
	lab_on c ip link set eth0 down
	lab_capture s srv0 'udp port 547'
	lab_on c ip link set eth0 up
	lab_expect capture.log 'dhcp6 rebind' 15
	lab6_addr_on dn1 || lab_die "the downstream address went"
}

# A file that somebody wrote into is refused, and the lease begins anew.
test_corrupted_file() {
	lab6_pair
	server6_bound kea
	lab_kill leased
	echo 'junk' >>c.lib/leased/eth0.dhcp6
	lab_leased
	lab_expect leased.log 'eth0: dhcp6: lease file refused: line [0-9]+'
	lab6_bound >/dev/null
}

# ---- ports ----

# Another client has port 546: said, retried, and the rest works.
test_port_taken() {
	lab6_pair
	lab6_usual
	lab6_server kea
	ll=$(lab6_link_local c eth0)
	lab_bg c holder python3 -c "
import socket, sys, time
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind((sys.argv[1], 546, 0, socket.if_nametoindex('eth0')))
print('held', flush=True)
time.sleep(60)" "$ll"
	lab_expect holder.log held
	lab_conf <<-'END'
	interface "eth0" {
		dhcp4 no
		dhcp6 yes
	}
	END
	lab_leased
	lab_expect leased.log 'eth0: .*546.*(held|in use)'
	lab6_bound >/dev/null
	lab_kill holder
	lab_until 40 lab6_pool_address
}

# ---- prefixes ----

# The server gives another prefix at renewal.  A host on the downstream link
# goes on talking to the old address, which is deprecated and stays.
test_prefix_changes() {
	lab6_pair
	lab_host o
	ip link add dn1 netns "$(cat c.netns)" type veth \
	    peer name oth0 netns "$(cat o.netns)"
	lab_on c ip link set dn1 up
	lab_on o ip link set oth0 up
	lab6_server kea 30 60 3 20
	server6_conf 'prefix { assign dn1 subnet 1 suffix ::1 }'
	lab_leased
	lab_events
	lab_until 15 lab6_addr_on dn1
	old=$(lab6_addresses dn1)
	lab_on o ip addr add "${old%1}2/64" dev oth0 nodad
	lab_until 5 lab_on o ping -q -c 1 -W 1 "$old"
	lab_bg o ping ping -q -i 0.1 -c 200 -W 1 "$old"
	lab_server_stop
	DELEGATED=2001:db8:e000::/40
	lab6_server kea 30 60 3 20
	lab_until 30 renumbered
	lab_on c ip -6 -o addr show dev dn1 deprecated | grep -q "$old" ||
	    lab_die "the old address is not deprecated"
	lab_expect events.log '"event": ?"prefix"'
	lab_exit ping 30 || :
	lab_match "lost" ' 0% packet loss' "$(cat ping.log)"
}

renumbered() {
	lab6_addresses dn1 | grep -q '^2001:db8:e0'
}

# More subnets than the prefix has: said, and the others work.
test_prefix_too_short() {
	lab6_pair
	downstream
	lab6_server kea
	server6_conf 'prefix { assign dn1 subnet 256 suffix ::1
		assign dn2 subnet 255 suffix ::1 }'
	lab_leased
	lab_until 15 lab6_addr_on dn2
	lab_eq "dn1" '' "$(lab6_addresses dn1)"
	lab_match "error" 'no subnet of that number' \
	    "$(lab_show 'i("dn1")["subnets"][0]["error"]')"
}

# A home network: Kea delegates, leased assigns, radvd announces, and a
# second leased behind it makes its address.
test_chain() {
	lab6_pair
	lab_host o
	ip link add dn1 netns "$(cat c.netns)" type veth \
	    peer name oth0 netns "$(cat o.netns)"
	lab_on c ip link set dn1 up
	lab_on o ip link set oth0 up
	lab_on c sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
	lab6_server kea
	server6_conf 'prefix ::/56 { assign dn1 subnet 1 suffix ::1 }'
	lab_leased
	lab_until 15 lab6_addr_on dn1
	one=$(lab6_addresses dn1)
	# radvd does not run yet, and was killed the last time.
	echo 4194305 >radvd.pid
	lab_bg c announce env LEASECTL="$LAB_BUILD/leasectl" \
	    RADVD_PID="$LAB_DIR/radvd.pid" \
	    "${LEASED_SRC:-$LAB_SRC/../..}/contrib/announce/leased-announce" radvd \
	    "$LAB_DIR/radvd.conf"
	lab_until 10 [ -s radvd.conf ]
	lab_bg c radvd radvd -n -d 1 -m stderr -C radvd.conf \
	    -p "$LAB_DIR/radvd.pid"
	mkdir -p o.run/leased
	lab_bg o second "$LAB_BUILD/leased" -dv -S /var/lib/second oth0
	lab_until 20 second_address
	lab_until 5 lab_on o ping -q -c 1 -W 1 "$one"
	rm radvd.conf
	lab_ctl renew >/dev/null
	lab_until 10 [ -s radvd.conf ]
}

second_address() {
	lab_on o ip -6 -o addr show dev oth0 scope global | grep -q "${one%::1}"
}

# Each class of malformed message between good ones.
atf_init_test_cases() {
	lab_load
	each lease "D6-01, D6-03, D6-12, Y-04: a lease" kea dhcpd dnsmasq wide
	each renew "D6-14: renewed at T1" kea dhcpd
	each release "D6-17: released" kea dhcpd dnsmasq wide
	each decline "D6-17: declined after a duplicate" kea dhcpd
	each prefix "D6-40, D6-41, D6-42: a delegated prefix" kea dhcpd wide
	lab_case managed "D6-01, S-15: M and O flags" "kea-dhcp6 tcpdump"
	lab_case rapid_commit "D6-13: two messages" "kea-dhcp6 tcpdump"
	lab_case four_messages "D6-12: four messages" "kea-dhcp6 tcpdump"
	lab_case restart_confirms "D6-16: Confirm after a restart" \
	    "kea-dhcp6 tcpdump"
	lab_case killed_adopts "D6-16, Y-10: kill -9 without a gap" kea-dhcp6
	lab_case link_flap "D6-15: link down and up" "kea-dhcp6 tcpdump"
	lab_case link_flap_prefix "D6-15: Rebind with a prefix" \
	    "kea-dhcp6 tcpdump"
	lab_case corrupted_file "Y-07: a lease file that was changed" kea-dhcp6
	lab_case port_taken "Y-17: another client has port 546" \
	    "kea-dhcp6 radvd" 90
	lab_case prefix_changes "D6-44: the prefix changes" kea-dhcp6 90
	lab_case prefix_too_short "D6-41: more subnets than there are" kea-dhcp6
	lab_case chain "D6-41, Y-18: Kea, leased, radvd, leased" \
	    "kea-dhcp6 radvd jq" 90
}
