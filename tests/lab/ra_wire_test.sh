#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# Router advertisements: every class of malformed ones, flags, BIRD as the
# router, and how soon `wait -6` returns.

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

start() { # BLOCK
	lab_conf <<-END
	resolv-conf "/etc/resolv.conf"
	interface "eth0" {
		dhcp4 no
		$1
	}
	END
	lab_leased
	lab_until 10 solicited
}

solicited() {
	[ "$(lab_counter nd_sent_solicitation)" -ge 1 ]
}

test_malformed() {
	lab6_pair
	mkfifo wire.fifo
	lab_mark server.log
	lab_bg s server python3 "$LAB_WIRE/ra_server.py" srv0 \
	    "$LAB_DIR/wire.fifo"
	lab_expect server.log '^ready'
	start 'dhcp6 no'
	lab6_bound >/dev/null
	lab_events
	lab_on c python3 "$LAB_WIRE/ra_run.py" --dir "$LAB_DIR" \
	    --leasectl "$LAB_BUILD/leasectl" >wire.out 2>&1 ||
	    lab_die "$(head -n 40 wire.out)"
	tail -n 1 wire.out
	kill -0 "$LAB_PID" || lab_die "leased is dead"
	[ ! -e /tmp/leased-pwned ] || lab_die "a shell has run"
}

# P (RFC 9762): where a prefix is asked for, addresses are made of it and not
# of the one that is announced.
test_p_flag() {
	lab6_pair
	lab6_server kea
	start 'prefix ::/56 { assign eth0 subnet 0 }'
	lab6_ra s srv0 --managed --other --prefix "$PREFIX::/64,3600,1800,LAP"
	lab_until 20 delegated_address
	lab_eq "by SLAAC" '' "$(lab6_addresses | grep "^$PREFIX:" |
	    grep -v "^$PREFIX::1")"
	lab_match "on-link all the same" 'dev eth0 proto 109' \
	    "$(lab_on c ip -6 route show "$PREFIX::/64")"
}

delegated_address() {
	lab6_addresses | grep -q '^2001:db8:f0'
}

# Without the wish for a prefix P means nothing.
test_p_flag_not_asked() {
	lab6_pair
	start 'dhcp6 no'
	lab6_ra s srv0 --prefix "$PREFIX::/64,3600,1800,LAP"
	lab_match "by SLAAC" "^$PREFIX:" "$(lab6_bound)"
}

# From the kernel's word that the address can be bound to the return of wait.
test_wait_is_prompt() {
	lab6_pair
	start 'dhcp6 no'
	lab_bg c waiter python3 -c "
import subprocess, sys, time
r = subprocess.call(sys.argv[1:])
print('returned', r, time.strftime('%Y-%m-%dT%H:%M:%S.', time.localtime()) +
      '%06d' % (time.time() % 1 * 1e6))" "$LAB_BUILD/leasectl" wait -6 -t 20 \
	    eth0
	lab_until 5 lab_connected_child "$LAB_BGPID"
	lab6_ra s srv0 --prefix "$PREFIX::/64"
	lab_exit waiter 20
	line=$(lab_line c.mon "inet6 $PREFIX.*optimistic|inet6 $PREFIX")
	python3 - "$line" "$(cat waiter.log)" <<-'END' || lab_die "too late"
	import datetime, re, sys
	a, b = (datetime.datetime.fromisoformat(re.search(
	    r"\d{4}-\d\d-\d\dT[\d:.]+", t).group(0)) for t in sys.argv[1:])
	ms = (b - a).total_seconds() * 1000
	print("wait -6 returned after %.1f ms" % ms)
	sys.exit(not (sys.argv[2].startswith("returned 0") and ms < 150))
	END
}

lab_connected_child() { # PID
	# shellcheck disable=SC2013
	for _p in $(cat "/proc/$1/task/$1/children"); do
		lab_connected "$_p" && return 0
	done
	return 1
}

# ---- BIRD ----

test_bird() {
	lab6_pair
	cat >bird.conf <<-END
	log stderr all;
	router id 10.9.0.1;
	protocol device { }
	protocol radv {
		interface "srv0" {
			max ra interval 5;
			default preference high;
			link mtu 1480;
			prefix $PREFIX::/64 { valid lifetime 3600;
			    preferred lifetime 1800; };
			rdnss { ns $PREFIX::53; lifetime 600; };
			dnssl "bird.example";
		};
		propagate routes yes;
		ipv6 { table master6; export all; };
	}
	protocol static {
		ipv6 { table master6; };
		route 2001:db8:77::/48 unreachable;
	}
	END
	lab6_link_local s srv0 >/dev/null
	lab_bg s bird bird -f -c "$LAB_DIR/bird.conf" -s "$LAB_DIR/bird.ctl" \
	    -P "$LAB_DIR/bird.pid"
	start 'dhcp6 no'
	lab_match "address" "^$PREFIX:" "$(lab6_bound)"
	router=$(lab6_link_local s srv0)
	lab_match "default" "via $router dev eth0 .*pref high" \
	    "$(lab6_default)"
	lab_until 10 has_route 2001:db8:77::/48
	lab_until 5 grep -q "nameserver $PREFIX::53" c.etc/resolv.conf
	lab_until 5 grep -q 'search bird.example' c.etc/resolv.conf
	lab_eq "MTU" 1480 "$(lab_on c cat /proc/sys/net/ipv6/conf/eth0/mtu)"
	lab_on c ping -q -c 1 -W 2 "$PREFIX::1" || lab_die "no ping"
	# It says goodbye: router lifetime 0, and to the route.
	lab_kill bird
	lab_until 10 no_default
}

has_route() {
	[ -n "$(lab_on c ip -6 route show "$1")" ]
}

no_default() {
	[ -z "$(lab6_default)" ]
}

atf_init_test_cases() {
	lab_load
	lab_case malformed \
	    "S-01, S-04, S-10, S-11, S-12, S-13, S-14, Y-16: malformed RAs" \
	    "" 120
	lab_case p_flag "S-15, D6-43: P flag with a prefix asked for" kea-dhcp6
	lab_case p_flag_not_asked "S-15: P flag without"
	lab_case wait_is_prompt "Y-03, S-08: wait -6 returns within 150 ms"
	lab_case bird "S-02, S-09, S-10, S-11, S-13: BIRD is the router" bird
}
