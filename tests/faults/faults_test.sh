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
	lab_init "$lab"
}

faults() { # MODE [N]
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
	mkdir -p c.run/leased
	lab_on c python3 "$LAB_SRC/../faults/run.py" "$LAB_BUILD" "$1" \
	    -n "${2:-0}" >cases 2>&1 || failed=1
	cat cases
	[ -z "${failed:-}" ] ||
	    atf_fail "$(tail -n 1 cases): $(grep '^FAIL' cases | head -n 1)"
}

lab_load
atf_init_test_cases() {
	lab_case calls "Y-10, Y-16: single calls fail" dnsmasq 900
	lab_case kills "Y-10: the parent dies at a call" dnsmasq 900
	lab_case disk "Y-07: the state directory is full" dnsmasq 200
	lab_case descriptors "Y-16: few descriptors" dnsmasq 300
}

test_calls() { faults calls "${FAULTS:-120}"; }
test_kills() { faults kills "${FAULTS:-80}"; }
test_disk() { faults disk; }
test_descriptors() { faults descriptors; }
