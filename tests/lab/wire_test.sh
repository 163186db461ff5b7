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

atf_init_test_cases() {
	lab_load
	lab_case offer "D4-01, D4-02, D4-03, D4-07, D4-08, D4-14, D4-31, Y-16: malformed OFFERs" "" 120
	lab_case ack "D4-03, D4-07, D4-08, D4-16, D4-31, Y-12, Y-16: malformed ACKs" "" 180
	lab_case nak "D4-03, D4-20, D4-31, Y-16: malformed NAKs" "" 180
	lab_case bound "D4-25, D4-31, Y-16: malformed packets when bound" "" 120
}
