#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# A scripted DHCPv6 server (tests/wire): what no real server can be made to
# say, and every class of malformed input in every message.

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

script6() { # ARG...
	[ -p wire.fifo ] || mkfifo wire.fifo
	lab_mark server.log
	lab_bg s server python3 "$LAB_WIRE/wire_server6.py" -i srv0 \
	    --control "$LAB_DIR/wire.fifo" "$@"
	lab_expect server.log '^ready'
}

tell() { # LINE ANSWER
	echo "$1" >wire.fifo
	lab_expect server.log "^$2"
}

# An address and a prefix, of which dn1 has subnet 1; $1 goes into the block.
both() {
	downstream
	server6_conf "prefix ::/56 { assign dn1 subnet 1 suffix ::1 }
		${1:-}"
	lab_leased
	lab_events
}

has_both() {
	lab_until 15 has_address
	lab_until 15 lab6_addr_on dn1
}

has_address() {
	[ "$(lab6_addresses)" = "$PREFIX::100" ]
}

count() { # MESSAGE
	lab_counter "dhcp6_sent_$1"
}

# Messages so far are more than $2.
count_above() { # MESSAGE NUMBER
	[ "$(count "$1")" -gt "$2" ]
}

# ---- refusals ----

# The prefix is asked for anew, the address goes on.
test_nobinding() {
	lab6_pair
	script6
	both
	has_both
	lab_eq requests 1 "$(count request)"
	tell 'set nobinding pd' set
	lab_mark c.mon
	lab_ctl renew eth0
	lab_expect server.log '^got 5 '
	lab_expect server.log '^got 3 '
	lab_expect server.log '^granted 1 '
	lab_until 5 count_above request 1
	has_both
	lab_mon_quiet c "Deleted.*($PREFIX::100|f000)"
	lab_eq "the address's IA" bound "$(dhcp6 '["state"]')"
}

refused_prefix() { # HOW
	lab6_pair
	script6 --noprefix "$1"
	both
	lab_until 15 has_address
	lab_expect leased.log 'no prefix offered \(NoPrefixAvail\)'
	lab_eq "downstream" '' "$(lab6_addresses dn1)"
	lab_eq "reject route" '' \
	    "$(lab_on c ip -6 route show type unreachable proto 109)"
	# It goes on being asked for.
	tell 'set noprefix' set
	lab_until 40 lab6_addr_on dn1
	has_address || lab_die "the address went"
}

test_noprefix_ia() { refused_prefix ia; }
test_noprefix_inside() { refused_prefix inside; }
test_noprefix_deep() { refused_prefix deep; }

# Addresses are out, the prefix is taken all the same.
test_noaddrs() {
	lab6_pair
	script6 --noaddrs 1
	both
	lab_until 15 lab6_addr_on dn1
	lab_eq "addresses" '' "$(lab6_addresses)"
	tell 'set noaddrs 0' set
	lab_until 40 has_address
}

failing() { # CODE
	lab6_pair
	script6 --fail "$1" --fail-count 2
	both
	lab_expect server.log '^got 3 '
	lab_expect server.log '^got 3 ' 20
	has_both
	lab_match "sent" '^[3-9]$' "$(count request)"
}

test_unspec_fail() { failing 1; }
test_use_multicast() { failing 5; }
test_unknown_status() { failing 4242; }

# ---- Reconfigure ----

test_reconfigure() {
	lab6_pair
	script6 --auth
	both 'reconfigure yes'
	has_both
	n=$(count renew)
	for _how in unsigned forged; do
		tell "reconfigure 5 $_how" reconfigured
	done
	lab_until 5 dropped 2
	lab_eq "renewed" "$n" "$(count renew)"
	tell 'reconfigure 5 good' reconfigured
	lab_expect server.log '^got 5 '
	lab_event renewed
	tell 'reconfigure 5 replayed' reconfigured
	lab_until 5 dropped 3
	tell 'reconfigure 5 global' reconfigured
	lab_expect server.log '^got 5 '
	lab_event renewed
	tell 'reconfigure 6 good' reconfigured
	lab_expect server.log '^got 6 '
	tell 'reconfigure 11 good' reconfigured
	lab_expect server.log '^got 11 '
	lab_eq "heard" 4 "$(lab_counter dhcp6_received_reconfigure)"
	lab_eq "dropped" 3 "$(lab_counter dhcp6_drop_auth)"
	has_both
}

dropped() {
	[ "$(lab_counter dhcp6_drop_auth)" -ge "$1" ]
}

# By default not even a server with the key may.
test_reconfigure_no() {
	lab6_pair
	script6 --auth
	both
	has_both
	tell 'reconfigure 5 good' reconfigured
	lab_until 5 dropped 1
	lab_eq "renewed" 0 "$(count renew)"
}

# ---- RFC 9686 ----

test_register() {
	lab6_pair
	script6 --register
	lab_conf <<-'END'
	interface "eth0" {
		dhcp4 no
		register yes
	}
	END
	lab_leased
	lab_until 10 solicited
	lab6_ra s srv0 --other --prefix "$PREFIX::/64"
	address=$(lab6_bound)
	lab_expect server.log '^got 11 '
	lab_expect server.log "^registered $address"
	lab_until 5 count_above register 0
	# The answer came: it is not said again (RFC 9686 4.6.1: 1 s, 2 s).
	n=$(count register)
	lab_on c ping -q -i 0.5 -c 8 -W 1 "$PREFIX::1" >ping.log
	lab_eq "said" "$n" "$(count register)"
}

# Without the option nothing is told.
test_register_not_asked() {
	lab6_pair
	script6
	lab_conf <<-'END'
	interface "eth0" {
		dhcp4 no
		register yes
	}
	END
	lab_leased
	lab_until 10 solicited
	lab6_ra s srv0 --other --prefix "$PREFIX::/64"
	lab6_bound >/dev/null
	lab_expect server.log '^got 11 '
	lab_until 5 has_dns
	lab_on c ping -q -i 0.5 -c 4 -W 1 "$PREFIX::1" >ping.log
	lab_eq "told" 0 "$(count register)"
}

solicited() {
	[ "$(lab_counter nd_sent_solicitation)" -ge 1 ]
}

has_dns() {
	[ "$(dhcp6 '["dns"][0]')" = "$PREFIX::53" ]
}

# ---- RFC 6603, RFC 7083 ----

# Subnet 1 of the prefix is the uplink's: nobody downstream gets it.
test_exclude() {
	lab6_pair
	script6 --exclude 64,8,1
	downstream
	server6_conf 'prefix ::/56 {
		assign dn1 subnet 1 suffix ::1
		assign dn2 subnet 2 suffix ::1
	}'
	lab_leased
	lab_until 15 lab6_addr_on dn2
	lab_eq "dn1" '' "$(lab6_addresses dn1)"
	lab_match "said" '.' "$(lab_show 'i("dn1")["subnets"][0]["error"]')"
	lab_eq "dn2" 2001:db8:f000:2::1 "$(lab6_addresses dn2)"
}

# SOL_MAX_RT, also out of its bounds, from an Advertise that gives nothing:
# the first Solicits come as before, and what is given later is taken.
test_sol_max_rt() {
	lab6_pair
	script6 --noaddrs 1 --sol-max-rt 60
	server6_conf
	lab_leased
	lab_expect server.log '^got 1 '
	tell 'set sol_max_rt 4294967295' set
	lab_expect server.log '^got 1 '
	tell 'set sol_max_rt 59' set
	lab_expect server.log '^got 1 '
	lab_until 5 ignored 2
	tell 'set noaddrs 0' set
	lab_until 20 has_address
}

ignored() {
	[ "$(lab_counter dhcp6_option_ignored)" -ge "$1" ]
}

# ---- lifetimes ----

# Lifetimes of 30 s, T1 and T2 left to the client: one Renew at 15 s, and
# nothing else.
test_short_lifetimes() {
	lab6_pair
	script6 --preferred 30 --valid 30 --t1 0 --t2 0
	both
	has_both
	lab_mark c.mon
	for _ in 1 2; do
		lab_expect server.log '^got 5 ' 25
	done
	lab_until 5 lab6_addr_on dn1
	lab_match "renewed" '^2$' "$(count renew)"
	lab_eq "rebound" 0 "$(count rebind)"
	lab_eq "solicited" 1 "$(count solicit)"
	lab_eq "requested" 1 "$(count request)"
	lab_mon_quiet c "Deleted.*($PREFIX::100|f000)"
}

# T1 of a second, or lifetimes of one: no storm either.
test_shortest_lifetimes() {
	lab6_pair
	script6 --preferred 6 --valid 8 --t1 1 --t2 1
	both
	has_both
	begin=$(lab_ms)
	for _ in 1 2 3; do
		lab_expect server.log '^got [56] '
	done
	lab_match "ms" '^1[2-9]...$' "$(($(lab_ms) - begin))"
	lab_match "messages" '^3$' "$(($(count renew) + $(count rebind)))"
	lab_eq "solicited" 1 "$(count solicit)"
	has_address || lab_die "the address went"
}

# ---- two servers ----

# Who gave the lease says nothing more; the other takes over at T2.
test_second_server() {
	lab6_pair
	script6 --t1 4 --t2 8 --preferred 40 --valid 60
	lab_mark other.log
	lab_bg s other python3 "$LAB_WIRE/wire_server6.py" -i srv0 \
	    --duid 00030001020000000002 --preference 0
	lab_expect other.log '^ready'
	both
	has_both
	tell 'set silent 5,6' set
	lab_mark c.mon
	lab_expect server.log '^got 5 ' 10
	lab_expect other.log '^got 6 ' 15
	lab_event renewed
	lab_match "whose" '0000:?0002|000000000002|02:00:00:00:00:02' \
	    "$(dhcp6 '')"
	lab_mon_quiet c "Deleted.*($PREFIX::100|f000)"
}

# ---- malformed ----

wire6() { # PHASE
	lab6_pair
	# What the client says about frames it cannot use is none of ours.
	script6 --auth
	downstream
	lab_conf <<-'END'
	resolv-conf "/etc/resolv.conf"
	duid 0x0001000111223344020000000001
	interface "eth0" {
		dhcp4 no
		slaac no
		dhcp6 yes
		reconfigure yes
		prefix ::/56 { assign dn1 subnet 1 suffix ::1 }
	}
	END
	lab_leased
	has_both
	lab_events
	lab_on c python3 "$LAB_WIRE/wire_run6.py" --phase "$1" \
	    --dir "$LAB_DIR" --leasectl "$LAB_BUILD/leasectl" >wire.out 2>&1 ||
	    lab_die "$(grep -v '^ok' wire.out | head -n 40)"
	tail -n 1 wire.out
	kill -0 "$LAB_PID" || lab_die "leased is dead"
	[ ! -e /tmp/leased-pwned ] || lab_die "a shell has run"
}

test_wire_advertise() { wire6 advertise; }
test_wire_reply() { wire6 reply; }
test_wire_renew() { wire6 renew; }
test_wire_bound() { wire6 bound; }
test_wire_reconf() { wire6 reconf; }

atf_init_test_cases() {
	lab_load
	lab_case nobinding "D6-18, D6-46: NoBinding for one IA of two"
	lab_case noprefix_ia "D6-18: NoPrefixAvail in the IA"
	lab_case noprefix_inside "D6-18: NoPrefixAvail inside IA Prefix"
	lab_case noprefix_deep "D6-18: NoPrefixAvail inside a good IA Prefix"
	lab_case noaddrs "D6-18: NoAddrsAvail beside a prefix"
	lab_case unspec_fail "D6-18: UnspecFail is retried"
	lab_case use_multicast "D6-18: UseMulticast counts as UnspecFail"
	lab_case unknown_status "D6-18: so does a code of the future"
	lab_case reconfigure "D6-20: authenticated Reconfigure alone is heard"
	lab_case reconfigure_no "D6-20: reconfigure no"
	lab_case register "D6-45: addresses are registered"
	lab_case register_not_asked "D6-45: not where it is not offered"
	lab_case exclude "D6-43: RFC 6603 exclude"
	lab_case sol_max_rt "D6-19: SOL_MAX_RT and its bounds"
	lab_case short_lifetimes "D6-14, D6-46: 30 s make no storm" "" 90
	lab_case shortest_lifetimes "D6-14: a T1 of 1 s makes no storm"
	lab_case second_server "D6-14, D6-46: Rebind to another server" "" 90
	lab_case wire_advertise \
	    "D6-30, D6-31, D6-32, Y-16: malformed Advertises" "" 240
	lab_case wire_reply "D6-14, D6-18, D6-30, D6-43, Y-16: malformed Replies \
to a Request" "" 300
	lab_case wire_renew "D6-14, D6-18, D6-30, Y-16: malformed Replies to a \
Renew" "" 300
	lab_case wire_bound "D6-30, Y-16: malformed answers when bound" "" 120
	lab_case wire_reconf "D6-20, D6-30, Y-16: malformed Reconfigures" "" 120
}
