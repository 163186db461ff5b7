#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# Restarts, violent deaths, and disks that fail.

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
	lab_mark c.mon
}

adopted() {
	lab_leased
	lab_bound >/dev/null
	lab_until 10 state_is BOUND
	lab_mon_quiet c 'Deleted.*(inet 10\.9\.0\.100|default|10\.9\.0\.0/24)'
	lab_on c ping -q -c 1 -W 2 10.9.0.1 || lab_die "no ping"
}

state_is() {
	[ "$(lab_show 'i("eth0")["dhcp4"]["state"]')" = "$1" ]
}

# Kill one process when bound: all are gone within 100 ms, the address stays,
# and the next start takes it over without a gap.
kill_bound() { # ROLE
	bound
	# The helper finishes what it was told before it leaves.
	lab_expect leased.log 'resolvconf .* done|resolv\.conf'
	kill_one "$1"
	lab_eq "address after death" 10.9.0.100 "$(lab_address)"
	adopted
}

kill_one() { # ROLE
	lab_processes >processes
	lab_eq "processes" 4 "$(wc -l <processes | tr -d ' ')"
	victim=$(awk -v r="$1" '$1 == r { print $2 }' processes)
	others=$(awk -v r="$1" '$1 != r { print $2 }' processes)
	# shellcheck disable=SC2086
	ms=$(lab_tool kill "$victim" $others) ||
	    lab_die "after the $1's death there are still: $ms"
	echo "$1: all gone after $ms ms"
	# A sanitizer's runtime takes its own time to end.
	limit=100
	if grep -q '"sanitizer": *true' show.json; then limit=1000; fi
	[ "$ms" -le $limit ] || lab_die "$1: $ms ms until all were gone"
	if [ "$1" != parent ]; then
		lab_exit leased && lab_die "exit code 0"
		lab_expect leased.log 'has died'
	fi
	return 0
}

test_kill_parent() { kill_bound parent; }
test_kill_frontend() { kill_bound frontend; }
test_kill_engine() { kill_bound engine; }
test_kill_helper() { kill_bound helper; }

# In the states before a lease: nothing is left behind, and the next start
# gets one.
test_kill_selecting() {
	lab_pair
	lab_script --no-offer
	lab_conf <<-'END'
	interface "eth0" { }
	END
	for role in parent frontend engine helper; do
		lab_leased
		lab_until 5 state_is SELECTING
		kill_one "$role"
	done
	lab_server_stop
	lab_script
	lab_leased
	lab_bound >/dev/null
}

test_kill_requesting() {
	lab_pair
	lab_script --no-ack
	lab_conf <<-'END'
	interface "eth0" { }
	END
	for role in parent frontend engine helper; do
		lab_leased
		lab_until 5 state_is REQUESTING
		kill_one "$role"
		lab_eq "address" '' "$(lab_address)"
	done
	lab_server_stop
	lab_script
	lab_leased
	lab_bound >/dev/null
}

test_kill_renewing() {
	bound --lease 60 --t1 2 --t2 40
	lab_server_stop
	for role in parent frontend engine helper; do
		lab_until 10 renewing
		kill_one "$role"
		lab_script --lease 60 --t1 2 --t2 40
		adopted
		lab_server_stop
	done
}

renewing() {
	state_is RENEWING
}

# SIGTERM leaves everything, the next start adopts it (and goes to the server
# once, by INIT-REBOOT).
test_restart() {
	bound
	lab_stop
	lab_eq "address after stop" 10.9.0.100 "$(lab_address)"
	lab_match "default route" 10.9.0.1 "$(lab_on c ip route show default)"
	lab_mark server.log
	adopted
	lab_expect server.log 'got 3 .* ciaddr 0\.0\.0\.0 broadcast'
	lab_nothing server.log 'got 1 '
}

# Adopted, but the server says no: the old address goes, another comes.
test_restart_nak() {
	bound
	lab_stop
	lab_server_stop
	lab_script --nak 1 --yiaddr 10.9.0.130
	lab_leased
	lab_until 10 has_only 10.9.0.130
}

has_only() {
	[ "$(lab_on c ip -4 -o addr show dev eth0 |
	    awk '{ print $4 }')" = "$1/24" ]
}

# The lease ended while nobody ran: no INIT-REBOOT for it, DISCOVER.
test_restart_expired() {
	bound --lease 5 --t1 3 --t2 4
	lab_kill leased KILL
	lab_server_stop
	lab_expect c.mon 'Deleted.*inet 10\.9\.0\.100' 10
	lab_script --yiaddr 10.9.0.140
	lab_leased
	lab_expect server.log 'got 1 '
	lab_until 10 has_only 10.9.0.140
}

test_stop_withdraw() {
	bound
	lab_ctl stop --withdraw || lab_die "stop failed"
	lab_exit leased || lab_die "exit code $?"
	lab_eq "address" '' "$(lab_address)"
	lab_eq "routes" '' "$(lab_on c ip route show dev eth0)"
	lab_match "resolv.conf" '^# as found$' "$(cat c.etc/resolv.conf)"
}

test_release_on_exit() {
	lab_pair
	lab_dnsmasq 10.9.0.100,10.9.0.120
	lab_conf <<-'END'
	release-on-exit yes
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
	lab_stop
	lab_expect server.log 'DHCPRELEASE\(srv0\) 10\.9\.0\.[0-9]*'
	lab_eq "address" '' "$(lab_address)"
	lab_eq "routes" '' "$(lab_on c ip route show dev eth0)"
	lab_match "resolv.conf" '^# as found$' "$(cat c.etc/resolv.conf)"
	[ ! -e c.lib/leased/eth0.dhcp4 ] || lab_die "a lease file"
}

# It leaves from the leased address to the server that gave it, once, and only
# for the interface that says so; the other one is adopted by the next start.
test_release_on_exit_of_one() {
	lab_pair
	lab_host t
	lab_veth c eth1 t srv0
	lab_addr t srv0 10.7.0.1/24
	lab_script
	lab_bg t server2 python3 "$LAB_WIRE/wire_server.py" -i srv0 \
	    --server 10.7.0.1 --yiaddr 10.7.0.100
	lab_expect server2.log '^ready'
	lab_conf <<-'END'
	interface "eth0" { release-on-exit yes }
	interface "eth1" { }
	END
	lab_leased
	lab_ctl wait -4 -t 10 eth0 eth1 || lab_die "not both"
	lab_capture s srv0 'udp dst port 67'
	lab_kill leased INT
	lab_expect server.log 'got 7 .* ciaddr 10\.9\.0\.100 unicast'
	lab_nothing server.log 'got 7 '
	lab_expect capture.log '10\.9\.0\.100\.68 > 10\.9\.0\.1\.67'
	lab_nothing server2.log 'got 7 '
	lab_eq "eth0" '' "$(lab_address)"
	lab_eq "eth1" 10.7.0.100 "$(lab_address eth1)"
	lab_match "eth1" 10.7.0.1 "$(lab_on c ip route show default)"
	lab_mark server.log
	lab_mark server2.log
	lab_leased
	lab_expect server.log 'got 1 '
	lab_expect server2.log 'got 3 '
	lab_ctl wait -4 -t 10 eth0 eth1 || lab_die "not both again"
}

# A full disk and one that cannot be written are logged, and nothing else.
test_disk_full() {
	lab_pair
	lab_script
	lab_conf <<-'END'
	interface "eth0" { }
	END
	mkdir -p c.lib/leased
	lab_on c mount -t tmpfs -o size=64k,nr_inodes=32,mode=0700 none \
	    /var/lib/leased
	lab_on c sh -c 'cat /dev/zero >/var/lib/leased/filler' 2>/dev/null
	lab_leased
	lab_eq address 10.9.0.100 "$(lab_bound)"
	lab_expect leased.log 'No space left'
	lab_ctl renew eth0
	lab_until 5 state_is BOUND
	lab_on c ping -q -c 1 -W 2 10.9.0.1 || lab_die "no ping"
}

test_disk_read_only() {
	lab_pair
	lab_script
	lab_conf <<-'END'
	interface "eth0" { }
	END
	mkdir -p c.lib/leased
	lab_on c mount -t tmpfs -o ro,mode=0700 none /var/lib/leased
	lab_leased
	lab_eq address 10.9.0.100 "$(lab_bound)"
	lab_expect leased.log 'Read-only file system'
	lab_ctl renew eth0
	lab_until 5 state_is BOUND
}

# Lease files that leased did not write (Y-07): refused, and DISCOVER.
broken_lease_file() { # HOW...
	bound
	lab_stop
	file=c.lib/leased/eth0.dhcp4
	cp "$file" whole
	for how in "$@"; do
		case $how in
		empty) : >"$file" ;;
		truncated) head -c 60 whole >"$file" ;;
		binary) head -c 3000 /dev/urandom >"$file" ;;
		long) { cat whole; head -c 9000 /dev/zero | tr '\0' x; } \
		    >"$file" ;;
		foreign) sed 's/10\.9\.0\.100/224.0.0.7/' whole >"$file" ;;
		esac
		cmp -s "$file" whole && lab_die "$how: nothing was broken"
		lab_mark server.log
		lab_leased
		lab_expect server.log 'got 1 '
		lab_until 10 has_only 10.9.0.100
		lab_until 10 state_is BOUND
		lab_expect leased.log 'lease file'
		lab_stop
	done
}

# At most five starts a minute: hence two.
test_short_lease_file() { broken_lease_file empty truncated binary; }
test_wrong_lease_file() { broken_lease_file long foreign; }

# Two daemons with one state directory.
test_second_daemon() {
	bound
	lab_on c "$LAB_BUILD/leased" -d -f /etc/leased.conf -s /run/other.sock \
	    -p /run/other.pid >second.out 2>&1
	lab_eq "exit code" 1 $?
	cat second.out
	lab_match "message" '/var/lib/leased' "$(cat second.out)"
	state_is BOUND || lab_die "the first one suffers"
}

# More than five exits in a minute: starts no child, waits (Y-02).
test_restart_limit() {
	lab_pair
	lab_conf <<-'END'
	interface "eth0" { }
	END
	for _i in 1 2 3 4 5; do
		lab_leased
		lab_kill leased KILL
	done
	lab_start
	lab_expect leased.log \
	    'started 6 times within 60 s: waiting for a signal'
	lab_eq "children" '' "$(cat "/proc/$LAB_PID/task/$LAB_PID/children")"
	[ ! -e c.run/leased/pid ] || lab_die "a pid file"
	lab_ctl show >/dev/null 2>&1 && lab_die "somebody answers"
	# It does not spin, and does not go on by itself.
	lab_eq "state" S "$(awk '{ print $3 }' "/proc/$LAB_PID/stat")"
	lab_kill leased TERM
	lab_nothing leased.log started
}

# Stopped on purpose is no failure, however often (Y-02).
test_restart_clean() {
	lab_pair
	lab_conf <<-'END'
	interface "eth0" { }
	END
	for _i in 1 2 3 4; do
		lab_leased
		lab_kill leased TERM
		lab_leased
		lab_ctl stop
		lab_exit leased
	done
	lab_leased
	lab_nothing leased.log 'waiting for a signal'
}

# Not in the foreground: who waits for readiness hears that there is none.
test_restart_limit_daemon() {
	lab_pair
	lab_conf <<-'END'
	interface "eth0" { }
	END
	for _i in 1 2 3 4 5; do
		lab_leased
		lab_kill leased KILL
	done
	lab_on c timeout 10 "$LAB_BUILD/leased" -f /etc/leased.conf
	lab_eq "exit code" 1 $?
}

# `leasectl stop --withdraw` returns before the daemon has released everything.
test_start_waits() {
	lab_pair
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_stop
	lab_bg c holder flock c.lib/leased/lock sh -c 'echo held; exec sleep 3'
	lab_expect holder.log held
	lab_on c timeout 10 "$LAB_BUILD/leased" -f /etc/leased.conf ||
	    lab_die "does not wait: $?"
	lab_ctl stop || lab_die "stop"
}

# Interfaces that come and go leave nothing behind in the journal, whether
# they go before our eyes or not.
test_journal_gone() {
	lab_host c
	lab_conf <<-'END'
	interface "veth*" { }
	END
	lab_leased
	lab_stop
	lab_leased
	lab_stop
	size=$(stat -c %s c.lib/leased/journal)
	lab_leased
	for _i in 1 2 3 4; do
		lab_on c ip link add veth$_i type veth peer name peer$_i
		lab_until 5 managed veth$_i
		[ $_i = 4 ] || lab_on c ip link del veth$_i
	done
	lab_stop
	lab_on c ip link del veth4
	lab_leased
	lab_stop
	lab_leased # compact again
	lab_stop
	lab_eq "journal" "$size" "$(stat -c %s c.lib/leased/journal)"
}

# What an interface had that the configuration no longer names.
test_dropped_meanwhile() {
	bound
	lab_stop
	lab_conf <<-'END'
	interface "eth9" { }
	END
	lab_leased
	lab_until 5 no_address
	lab_eq "routes" '' "$(lab_on c ip route show proto 109)"
}

no_address() {
	[ -z "$(lab_address)" ]
}

managed() {
	[ "$(lab_show "i('$1')['name']")" = "$1" ]
}

atf_init_test_cases() {
	lab_load
	lab_case dropped_meanwhile \
	    "Y-11: an interface that is no longer named at the next start"
	lab_case journal_gone "Y-07: the journal forgets interfaces that are gone"
	lab_case kill_parent "Y-10: kill -9 of the parent when bound"
	lab_case kill_frontend "Y-10: kill -9 of the frontend when bound"
	lab_case kill_engine "Y-10: kill -9 of the engine when bound"
	lab_case kill_helper "Y-10: kill -9 of the helper when bound"
	lab_case kill_selecting "Y-10: kill -9 of each in SELECTING"
	lab_case kill_requesting "Y-10: kill -9 of each in REQUESTING"
	lab_case kill_renewing "Y-10: kill -9 of each in RENEWING" "" 120
	lab_case restart "Y-11, D4-22: SIGTERM and the next start"
	lab_case restart_nak "D4-20, D4-22: adopted, then refused"
	lab_case restart_expired "D4-22: expired while nobody ran"
	lab_case stop_withdraw "Y-11: stop --withdraw"
	lab_case release_on_exit "D4-23: release-on-exit yes" dnsmasq
	lab_case disk_full "Y-07: ENOSPC"
	lab_case disk_read_only "Y-07: read-only state directory"
	lab_case short_lease_file "Y-07: empty, truncated, binary lease files"
	lab_case wrong_lease_file "Y-07: over-long and foreign lease files"
	lab_case second_daemon "Y-07: one state directory, one daemon"
	lab_case release_on_exit_of_one \
	    "D4-23, Y-11: release-on-exit of one interface" tcpdump
	lab_case restart_limit "Y-02: five exits in a minute"
	lab_case restart_clean "Y-02: clean restarts are not limited"
	lab_case start_waits "Y-02, Y-11: a start waits for one that is stopping"
	lab_case restart_limit_daemon "Y-02, Y-11: five exits, in the background"
}
