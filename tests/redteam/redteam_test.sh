#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# A compromised engine, frontend or control client against the real processes.

lab_load() {
	for lab in /../lab /../../../tests/lab /../../../../tests/lab; do
		lab=$(atf_get_srcdir)$lab
		[ ! -f "$lab/lab.subr" ] || break
	done
	# shellcheck source=/dev/null
	. "$lab/lab.subr"
	# shellcheck source=/dev/null
	. "$lab/lab6.subr"
	lab_init "$lab"
}

redteam() { # WHO
	# shellcheck disable=SC2034 # lab.subr
	LAB_IP6=
	lab_pair
	lab_addr s srv0 10.9.0.1/24
	lab_addr c eth0 10.9.0.77/24
	lab_veth c eth1 s srv1
	lab_addr c eth1 10.77.0.1/24
	lab_on c ip route add 203.0.113.0/24 via 10.9.0.1 dev eth0
	lab_conf <<-'END'
	resolv-conf "/etc/resolv.conf"
	interface "eth0" { dhcp4 yes }
	END
	attack "$1"
}

redteam6() { # WHO
	lab6_pair
	lab_veth c eth1 s srv1
	lab_on c ip link add dn1 type veth peer name dn1p
	for _i in dn1p dn1; do
		lab_on c ip link set $_i up
	done
	lab_on c ip addr add "$PREFIX::77/64" dev eth0 nodad
	lab_on c ip addr add 2001:db8:77::1/64 dev eth1 nodad
	lab_on c ip -6 route add 2001:db8:ffff::/48 via "$PREFIX::1" dev eth0
	lab_conf <<-'END'
	resolv-conf "/etc/resolv.conf"
	interface "eth0" {
		dhcp4 no
		slaac yes
		dhcp6 yes
		prefix ::/56 { assign dn1 subnet 1 suffix ::1 }
	}
	END
	for _i in eth0 eth1 dn1 dn1p; do
		lab6_link_local c $_i >/dev/null
	done
	attack "$1"
}

attack() {
	mkdir -p c.run/leased
	lab_on c python3 "$LAB_SRC/../redteam/run.py" "$LAB_BUILD" "$1" \
	    >cases 2>&1 || failed=1
	cat cases
	[ -z "${failed:-}" ] ||
	    atf_fail "$(tail -n 1 cases): $(grep '^FAIL' cases | head -n 1)"
}

lab_load
atf_init_test_cases() {
	lab_case engine_to_parent \
	    "Y-10, Y-16: an engine that lies to the parent" "" 300
	lab_case engine_to_frontend \
	    "Y-10, Y-16: an engine that lies to the frontend" "" 300
	lab_case frontend_to_parent \
	    "Y-10, Y-12: a frontend that lies to the parent" "" 300
	lab_case frontend_to_engine \
	    "Y-10, Y-16: a frontend that lies to the engine" "" 300
	lab_case engine_policy \
	    "Y-16, Y-26: an engine that asks for what policy forbids" "" 120
	lab_case engine_policy6 \
	    "Y-16, Y-26: the same of IPv6: addresses, routes, settings, \
	    prefixes, sockets, DNS and lease files" "" 200
	lab_case engine_escape \
	    "Y-14: a compromised engine in its sandbox" "" 120
	lab_case frontend_escape \
	    "Y-14: a compromised frontend in its sandbox" "" 120
	lab_case client "Y-04: a hostile control client" "" 120
}

test_engine_to_parent() { redteam engine-parent; }
test_engine_to_frontend() { redteam engine-frontend; }
test_frontend_to_parent() { redteam frontend-parent; }
test_frontend_to_engine() { redteam frontend-engine; }
test_engine_policy() { redteam policy; }
test_engine_policy6() { redteam6 policy6; }
test_engine_escape() { redteam escape-engine; }
test_frontend_escape() { redteam escape-frontend; }
test_client() { redteam client; }
