#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# What fails in the daemon, one thing at a time; FAULTS is how many at most.

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

# Single ones: PART=0/4 (a part), ONLY="parent open 7".
run() { # WORLD MODE [N]
	mkdir -p c.run/leased
	# shellcheck disable=SC2086 # three words or none
	lab_on c python3 "$LAB_SRC/../faults/run.py" "$LAB_BUILD" "$2" \
	    ${ONLY:-} -w "$1" -n "${3:-0}" -p "${PART:-0/1}" >cases 2>&1 ||
	    failed=1
	cat cases
	[ -z "${failed:-}" ] ||
	    atf_fail "$(tail -n 1 cases): $(grep '^FAIL' cases | head -n 1)"
}

faults() { # MODE [N]
	# shellcheck disable=SC2034 # lab.subr
	LAB_IP6=
	lab_pair
	LAB_LEASE=10m lab_dnsmasq 10.9.0.100,10.9.0.100 --dhcp-rapid-commit
	lab_conf <<-'END'
	resolv-conf "/etc/resolv.conf"
	interface "eth0" {
		dhcp4 yes
		slaac no
		dhcp6 no
		conflict-detection off
	}
	END
	run 4 "$@"
}

faults6() { # MODE [N]
	lab6_pair
	lab_on c ip link add dn1 type veth peer name dn1p
	lab_on c ip link set dn1p up
	lab_on c ip link set dn1 up
	lab_bg s router python3 "$LAB_WIRE/ra.py" srv0 --answer \
	    --prefix "$PREFIX::/64" --rdnss "$PREFIX::53" --hop 70 \
	    --mtu 1400 --alternate 80,1380 --reachable 20000 --retrans 500
	lab_bg s server python3 "$LAB_WIRE/wire_server6.py" -i srv0 --rapid
	lab_expect server.log '^ready'
	lab_conf <<-'END'
	resolv-conf "/etc/resolv.conf"
	interface "eth0" {
		dhcp4 no
		slaac yes
		dhcp6 yes
		accept hop-limit
		prefix ::/56 { assign dn1 subnet 1 suffix ::1 }
	}
	END
	run 6 "$@"
}

lab_load
atf_init_test_cases() {
	lab_case recovers "Y-10: a packet socket that failed is opened again" \
	    dnsmasq
	lab_case calls "Y-10, Y-16: single calls fail" dnsmasq 900
	lab_case kills "Y-10: the parent dies at a call" dnsmasq 900
	lab_case calls6 "Y-10, Y-16: single calls fail, IPv6" python3 900
	lab_case kills6 "Y-10, S-03: the parent dies at a call, IPv6" python3 \
	    900
	lab_case disk6 "Y-07: the state directory is full, IPv6" python3 200
	lab_case disk "Y-07: the state directory is full" dnsmasq 200
	lab_case descriptors "Y-16: few descriptors" dnsmasq 300
}

# The descriptor of the packet socket finds no room in the frontend.
test_recovers() {
	ONLY="frontend calloc 1"
	faults calls
}

test_calls() { faults calls "${FAULTS:-120}"; }
test_kills() { faults kills "${FAULTS:-80}"; }
test_calls6() { faults6 calls "${FAULTS:-16}"; }
test_kills6() { faults6 kills "${FAULTS:-12}"; }
test_disk6() { faults6 disk; }
test_disk() { faults disk; }
test_descriptors() { faults descriptors; }
