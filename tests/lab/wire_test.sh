#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# A hostile server: every class of tests/wire, in every message.

lab_load() {
	for lab in "" /../../../tests/lab /../../../../tests/lab; do
		lab=$(atf_get_srcdir)$lab
		[ ! -f "$lab/lab.subr" ] || break
	done
	# shellcheck source=/dev/null
	. "$lab/lab.subr"
	lab_init "$lab"
}

wire() { # PHASE
	lab_pair
	mkfifo wire.fifo
	lab_script --control "$LAB_DIR/wire.fifo"
	lab_conf <<-'END'
	resolv-conf "/etc/resolv.conf"
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
	lab_events
	lab_on c python3 "$LAB_WIRE/wire_run.py" --phase "$1" \
	    --dir "$LAB_DIR" --leasectl "$LAB_BUILD/leasectl" >wire.out 2>&1 ||
	    lab_die "$(grep -v '^ok' wire.out | head -n 40)"
	tail -n 1 wire.out
	kill -0 "$LAB_PID" || lab_die "leased is dead"
	[ ! -e /tmp/leased-pwned ] || lab_die "a shell has run"
}

test_offer() { wire offer; }
test_ack() { wire ack; }
test_nak() { wire nak; }
test_bound() { wire bound; }

# An engine that is behind: what arrives meanwhile waits in the kernel, and
# nothing is lost.
test_busy_engine() {
	lab_host c s
	for _i in 0 1 2 3; do
		lab_veth c eth$_i s srv$_i
	done
	lab_conf <<-'END'
	interface "eth*" { }
	END
	lab_monitor c
	lab_leased
	lab_until 10 selecting
	_engine=$(lab_process engine)
	kill -STOP "$_engine"
	for _i in 0 1 2 3; do
		_mac=$(lab_on c ip -o link show eth$_i |
		    sed "s/.*link.ether \([0-9a-f:]*\).*/\1/")
		lab_on s python3 - "$LAB_WIRE" srv$_i "$_mac" <<-'END'
		import socket, sys
		sys.path.insert(0, sys.argv[1])
		import dhcp
		s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
		s.bind((sys.argv[2], 0x0800))
		mac = bytes.fromhex(sys.argv[3].replace(":", ""))
		r = dhcp.Reply(1, mac, dhcp.OFFER, "10.9.0.100", "10.9.0.1",
		               [(51, bytes(4))])
		for _ in range(60):
		    s.send(r.frame())
		END
	done
	kill -CONT "$_engine"
	lab_until 10 all_heard
	for _i in 0 1 2 3; do
		lab_eq "over the rate" 0 "$(lab_counter rate_limited eth$_i)"
	done
}

selecting() {
	[ "$(lab_show 'sum(i["dhcp4"]["state"] == "SELECTING"
	    for i in j["interfaces"])')" = 4 ]
}

all_heard() {
	for _i in 0 1 2 3; do
		[ "$(lab_counter dhcp4_drop_xid eth$_i)" -eq 60 ] || return 1
	done
}

atf_init_test_cases() {
	lab_load
	lab_case offer "D4-01, D4-02, D4-03, D4-07, D4-08, D4-14, D4-31, Y-16: malformed OFFERs" "" 120
	lab_case ack "D4-03, D4-07, D4-08, D4-16, D4-31, Y-12, Y-16: malformed ACKs" "" 180
	lab_case nak "D4-03, D4-20, D4-31, Y-16: malformed NAKs" "" 180
	lab_case busy_engine "Y-16, Y-01: packets while the engine is behind"
	lab_case bound "D4-25, D4-31, Y-16: malformed packets when bound" "" 120
}
