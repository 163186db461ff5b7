#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# The home router of leased.conf(5), as it stands there, but for the names of
# the interfaces; and an uplink that has no Ethernet addresses.

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

# The example whose text matches $1, out of the manual page.
example() {
	awk -v what="$1" '
	    /^\.Bd/ { on = 1; text = ""; next }
	    /^\.Ed/ { on = 0; if (text ~ what) printf "%s", text; next }
	    on { text = text $0 "\n" }' \
	    "${LEASED_SRC:-$LAB_SRC/../..}/man/leased.conf.5"
}

test_manual_example() {
	lab6_pair
	lab_addr s srv0 10.9.0.1/24
	downstream
	example 'igb1.*subnet' >example.conf
	[ -s example.conf ] || lab_die "no example with two networks"
	sed -e 's/igb0/eth0/; s/igb1/dn1/; s/igb2/dn2/' example.conf | lab_conf
	# The scripted server gives IPv4 on the uplink, Kea the rest.
	lab_script
	lab6_usual
	lab_on c "$LAB_BUILD/leased" -n -f /etc/leased.conf ||
	    lab_die "the example is wrong"
	lab_kea6
	lab_leased
	lab_bound >/dev/null
	lab_until 20 lab6_addr_on dn1
	lab_until 20 lab6_addr_on dn2
	lab_match "subnet 1" '^2001:db8:f0[0-9a-f:]*1::1$' \
	    "$(lab6_addresses dn1)"
	lab_match "subnet 2" '^2001:db8:f0[0-9a-f:]*2::1$' \
	    "$(lab6_addresses dn2)"
	lab_until 10 has_address_of SLAAC
	lab_until 10 has_address_of DHCPv6
	lab_match "default" 'via fe80' "$(lab6_default)"
	lab_match "resolv-conf no" '^# as found$' "$(cat c.etc/resolv.conf)"
	# A host downstream reaches the router by it, and an address of the
	# prefix that nobody has does not go back to the uplink.
	one=$(lab6_addresses dn1)
	lab_until 5 lab_on c ping -q -c 1 -W 1 "$one"
	if lab_on c ip -6 route get "${one%1::1}ff::1" 2>route.err; then
		lab_die "the rest of the prefix goes to the uplink"
	fi
	lab_match "rejected" 'unreachable|No route to host' "$(cat route.err)"
}

# Beside another server's log.
lab_kea6() {
	mv server.log script.log
	mv server.proc script.proc
	rm -f server.log.mark
	lab6_server kea
}

has_address_of() { # PROTOCOL
	case $1 in
	DHCPv6) lab6_addresses | grep -Eq "^$PREFIX::1[0-9a-f]{3}\$" ;;
	SLAAC) lab_ctl show eth0 | grep -Eq "address .*$PREFIX:.*/64 slaac" ;;
	esac
}

# ---- an uplink without Ethernet addresses ----

# tun0 of c and srv0 of s; radvd and the scripted server on srv0.
tun_pair() {
	lab_host c s
	lab_mark pipe.log
	python3 "$LAB_WIRE/tunpipe.py" "$(cat c.netns)" tun0 \
	    "$(cat s.netns)" srv0 </dev/null >>pipe.log 2>&1 &
	echo $! >pipe.proc
	lab_expect pipe.log '^up'
	lab6_router s srv0
	lab_on s ip link set srv0 up
	lab_on c ip link set tun0 up
	lab_on s ip addr add "$PREFIX::1/64" dev srv0 nodad
	lab_monitor c
	mkfifo wire.fifo
	lab_bg s server python3 "$LAB_WIRE/wire_server6.py" -i srv0 \
	    --control "$LAB_DIR/wire.fifo"
	lab_expect server.log '^ready'
	lab6_radvd s srv0 radvd <<-END
	AdvSendAdvert on;
	AdvSourceLLAddress off;
	MinRtrAdvInterval 3;
	MaxRtrAdvInterval 4;
	AdvDefaultLifetime 1800;
	prefix $PREFIX::/64 { };
	END
}

test_tun_uplink() {
	tun_pair
	downstream
	lab_capture s srv0 'icmp6[0] == 133'
	lab_conf <<-'END'
	interface "tun0" {
		dhcp6 yes
		prefix ::/56 { assign dn1 subnet 1 suffix ::1 }
	}
	END
	lab_leased
	lab_events
	lab6_bound tun0 >/dev/null
	lab_expect capture.log 'router solicitation, length 8'
	lab_nothing capture.log 'source link-address'
	lab_expect leased.log 'tun0: .*(no Ethernet|dhcp4|DHCPv4)'
	lab_until 15 lab6_addr_on dn1
	lab_until 10 tun_address
	lab_until 10 slaac_address
	lab_match "default" 'dev tun0 proto 109' "$(lab6_default)"
	lab_on c ping -q -c 1 -W 2 "$PREFIX::1" || lab_die "no ping"
	lab_match "delegated" '^2001:db8:f000:1::1$' "$(lab6_addresses dn1)"
	# The link goes and returns: the prefix is asked about at once.
	lab_mark server.log
	lab_mark c.mon
	kill -USR1 "$(cat pipe.proc)"
	lab_expect pipe.log 'carrier 0'
	lab_event link-down
	kill -USR2 "$(cat pipe.proc)"
	lab_event link-up
	lab_expect server.log '^got 6 '
	lab_mon_quiet c 'Deleted.*f000'
	lab_kill pipe
}

tun_address() {
	lab6_addresses tun0 | grep -qx "$PREFIX::100"
}

slaac_address() {
	lab6_addresses tun0 | grep "^$PREFIX:" | grep -qvx "$PREFIX::100"
}

# The device itself goes (ppp hangs up) and comes again: all begins anew.
test_tun_returns() {
	tun_pair
	downstream
	lab_conf <<-'END'
	interface "tun0" {
		dhcp6 yes
		prefix ::/56 { assign dn1 subnet 1 suffix ::1 }
	}
	END
	lab_leased
	lab_until 15 lab6_addr_on dn1
	lab_kill pipe
	lab_kill radvd
	lab_kill server
	lab_until 5 no_tun
	rm -f server.log pipe.log
	lab_mark pipe.log
	python3 "$LAB_WIRE/tunpipe.py" "$(cat c.netns)" tun0 \
	    "$(cat s.netns)" srv0 </dev/null >>pipe.log 2>&1 &
	echo $! >pipe.proc
	lab_expect pipe.log '^up'
	lab6_nodad s srv0
	lab_on s ip link set srv0 up
	lab_until 5 lab6_has_link_local s srv0
	lab_mark server.log
	lab_bg s server python3 "$LAB_WIRE/wire_server6.py" -i srv0 \
	    --prefix 2001:db8:f0aa::/56
	lab_expect server.log '^ready'
	lab_on c ip link set tun0 up
	lab_expect server.log '^got [16] ' 15
	lab_until 15 new_subnet
	lab_kill pipe
}

no_tun() {
	! lab_on c ip link show tun0
}

new_subnet() {
	lab6_addresses dn1 | grep -qx 2001:db8:f0aa:1::1
}

atf_init_test_cases() {
	lab_load
	lab_case manual_example \
	    "D6-40, D6-41, D6-42, Y-13: the router of leased.conf(5)" \
	    "kea-dhcp6 radvd" 90
	lab_case tun_uplink "Y-21, S-02, D6-15: SLAAC and a prefix over tun" \
	    "radvd tcpdump" 90
	lab_case tun_returns "Y-21: the prefix is asked for when tun returns" \
	    radvd 90
}
