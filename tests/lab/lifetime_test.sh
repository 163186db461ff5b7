#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# What happens to an address while its server comes and goes.

lab_load() {
	for lab in "" /../../../tests/lab /../../../../tests/lab; do
		lab=$(atf_get_srcdir)$lab
		[ ! -f "$lab/lab.subr" ] || break
	done
	# shellcheck source=/dev/null
	. "$lab/lab.subr"
	lab_init "$lab"
}

bound() {
	lab_pair
	lab_script "$@"
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_eq address 10.9.0.100 "$(lab_bound)"
	lab_events
}

# The server is gone at T1 and T2, and back before the lease ends.
test_server_back() {
	bound --lease 16 --t1 2 --t2 4
	lab_mark c.mon
	lab_server_stop
	lab_until 12 state_is REBINDING
	lab_script --lease 16 --t1 2 --t2 4
	lab_event renewed 12
	lab_mon_quiet c 'Deleted.*(inet 10\.9\.0\.100|default)'
}

state_is() {
	[ "$(lab_show 'i("eth0")["dhcp4"]["state"]')" = "$1" ]
}

# Gone for good: the address goes at that second, with routes and lease file.
test_expiry() {
	bound --lease 8 --t1 2 --t2 4
	lab_server_stop
	lab_until 10 state_is REBINDING
	lab_event expired 15
	lab_until 2 no_address
	lab_eq "default route" '' "$(lab_on c ip route show default)"
	# From the last ACK (the newest time the address was put in, or had
	# its lifetime set again) to its end.
	lab_tool addresses c.mon eth0 >life
	awk '$2 == "add" { a = $1 } $2 == "del" { d = $1 }
	    END { printf "%.3f\n", d - a }' life >span
	awk '{ exit !($1 > 7.0 && $1 < 9.0) }' span ||
	    lab_die "address lived $(cat span) s of 8"
	lab_until 5 state_is SELECTING
}

no_address() {
	[ -z "$(lab_address)" ]
}

# A lease of 10 s, a minute long, and not one packet lost.
test_no_gap() {
	bound --lease 10 --t1 3 --t2 7
	lab_mark c.mon
	lab_on s ping -q -i 0.05 -w 60 10.9.0.100 >ping.out ||
	    lab_die "$(cat ping.out)"
	cat ping.out
	lab_match "loss" ' 0% packet loss' "$(cat ping.out)"
	[ "$(lab_counter dhcp4_renewals)" -ge 10 ] ||
	    lab_die "only $(lab_counter dhcp4_renewals) renewals"
	lab_mon_quiet c 'Deleted'
}

# T1 and T2 are computed where the server gives none (RFC 2131 4.4.5).
test_default_times() {
	bound --lease 1000
	t1=$(lab_show 'i("eth0")["dhcp4"]["t1_in"]')
	t2=$(lab_show 'i("eth0")["dhcp4"]["t2_in"]')
	{ [ "$t1" -ge 450 ] && [ "$t1" -le 550 ]; } || lab_die "t1 $t1"
	{ [ "$t2" -ge 825 ] && [ "$t2" -le 925 ]; } || lab_die "t2 $t2"
}

test_infinite() {
	bound --lease 4294967295
	lab_match "kernel" 'valid_lft forever' \
	    "$(lab_on c ip -4 addr show dev eth0)"
}

# Each renewal brings another address: the new one is in before the old goes.
test_renumbered() {
	bound --lease 600
	lab_server_stop
	lab_script --lease 600 --yiaddr 10.9.0.101
	lab_mark c.mon
	lab_ctl renew eth0 || lab_die "renew failed"
	lab_event changed
	lab_expect c.mon 'inet 10\.9\.0\.101/24'
	lab_expect c.mon 'Deleted.*inet 10\.9\.0\.100/24'
	lab_match "source" 'src 10.9.0.101' \
	    "$(lab_on c ip route get 10.9.0.1)"
}

# Two NAKs: at once, then after a second (D4-20).
test_nak_twice() {
	bound --lease 600
	lab_server_stop
	lab_script --nak 2
	lab_ctl renew eth0 || lab_die "renew failed"
	lab_event nak
	lab_event nak
	lab_event bound
	[ "$(lab_counter dhcp4_received_nak)" -eq 2 ] || lab_die "NAKs"
}

# An unanswered REQUEST is sent four times, then DISCOVER (D4-11).
test_no_ack() {
	lab_pair
	lab_script --no-ack
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	# 4 + 8 + 16 + 32 s pass before INIT: two retransmissions will do.
	lab_expect server.log 'got 1 '
	lab_expect server.log 'got 3 '
	lab_expect server.log 'got 3 ' 6
	lab_expect server.log 'got 3 ' 10
	lab_nothing server.log 'got 1 '
	lab_eq "retransmissions" 2 "$(lab_counter dhcp4_retransmissions)"
}

atf_init_test_cases() {
	lab_load
	lab_case server_back "D4-17, D4-18: server gone at T1, back in time"
	lab_case expiry "D4-19: the address is away at expiry"
	lab_case no_gap "D4-17, D4-32: 10 s leases for a minute, no gap" ping 120
	lab_case default_times "D4-16: T1 and T2 from the lease"
	lab_case infinite "D4-16: infinite lease"
	lab_case renumbered "D4-21: new address in before the old goes"
	lab_case nak_twice "D4-20: INIT at once, then backing off"
	lab_case no_ack "D4-11: REQUEST is retransmitted"
}
