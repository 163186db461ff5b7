#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# leasectl, reload, the command line, and what the daemon says of itself.

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
	lab_script
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
}

json_valid() { # COMMAND...
	lab_ctl -j "$@" >out.json || lab_die "leasectl -j $* failed"
	python3 -c 'import json,sys; json.load(open(sys.argv[1]))' out.json ||
	    lab_die "leasectl -j $*: $(cat out.json)"
}

test_json() {
	bound
	age=$(($(date +%s) - \
	    $(lab_show 'i("eth0")["dhcp4"]["lease"]["obtained"]')))
	if [ $age -lt 0 ] || [ $age -gt 30 ]; then
		lab_die "obtained $age s ago"
	fi
	json_valid show
	json_valid show eth0
	json_valid show counters
	json_valid wait -4 eth0
	json_valid renew eth0
	json_valid reload
	json_valid log brief
	json_valid log verbose
	lab_ctl show >show.txt || lab_die "show failed"
	cat show.txt
	for word in eth0 BOUND 10.9.0.100 10.9.0.1; do
		grep -qF "$word" show.txt || lab_die "show lacks $word"
	done
	lab_ctl show metrics >metrics.txt || lab_die "metrics failed"
	tail -n 1 metrics.txt | grep -qx '# EOF' || lab_die "no # EOF"
	lab_match "metrics" 'dhcp4_received_ack.*interface="eth0".* [1-9]' \
	    "$(cat metrics.txt)"
}

test_events() {
	bound
	lab_events
	lab_ctl renew eth0
	lab_event renewed
	lab_ctl release eth0
	lab_event released
	lab_ctl renew eth0
	lab_event bound
	lab_on s ip link set srv0 down
	lab_event link-down
	lab_on s ip link set srv0 up
	lab_event link-up
	cp events.log lines
	while read -r line; do
		printf '%s' "$line" | python3 -c 'import json,sys
j = json.load(sys.stdin)
assert j["interface"] == "eth0" and j["protocol"] and j["time"] > 0, j
assert j["event"] not in ("bound", "renewed") or j["lease"]["address"], j
' || lab_die "event: $line"
	done <lines
}

# 1 and what is missing; at once when there is nothing to wait for.
test_wait_timeout() {
	lab_pair
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_ctl wait -4 -t 1 eth0 >out 2>&1
	lab_eq "exit code" 1 $?
	lab_match "names what is missing" 'eth0.*IPv4' "$(cat out)"
	lab_ctl wait -t 1 eth9 >out 2>&1
	lab_eq "exit code" 1 $?
	lab_match "names what is missing" 'eth9' "$(cat out)"
	lab_ctl wait -t 1 >out 2>&1
	lab_eq "exit code" 1 $?
	# It returns when the address is there, not at the end of its time.
	lab_bg c waiter "$LAB_BUILD/leasectl" wait -4 -t 50 eth0
	lab_script
	lab_ctl renew eth0
	lab_exit waiter 10 || lab_die "wait: $?"
}

test_reload() {
	bound
	lab_mark c.mon
	lab_conf <<-'END'
	interface "eth0" { preference 77 }
	END
	lab_ctl reload || lab_die "reload failed"
	lab_until 5 preference_is 77
	# A bad file: said to the client with file and line, nothing changed.
	lab_conf <<-'END'
	interface "eth0" { preference 0 }
	nonsense
	interface "eth0" { dhcp4 maybe }
	END
	lab_mark leased.log
	# At most one reload a second.
	lab_until 5 reload_refused
	preference_is 77 || lab_die "the bad file was taken"
	for line in 1 2 3; do
		grep -Eq "leased\.conf:$line:" leased.log out ||
		    lab_die "line $line is not reported"
	done
	kill -0 "$LAB_PID" || lab_die "leased ended"
	# SIGHUP reads it too.
	lab_conf <<-'END'
	interface "eth0" { preference 78 }
	END
	lab_until 5 hup_takes 78
	lab_mon_quiet c 'Deleted.*inet'
}

# Editors write a new file and rename it over the old one: whatever is read
# is then another inode than at the start, or was not there at all.
test_reload_replaced() {
	lab_pair
	lab_script
	mkdir c.etc/leased.include
	lab_conf <<-'END'
	include "leased.include/*.conf"
	interface "eth0" { preference 50 }
	END
	lab_leased
	lab_bound >/dev/null
	replace leased.conf <<-'END'
	include "leased.include/*.conf"
	interface "eth0" { preference 61 }
	END
	lab_ctl reload || lab_die "reload failed"
	lab_until 5 preference_is 61
	replace leased.include/a.conf <<-'END'
	interface "eth0" { preference 62 }
	END
	replace leased.conf <<-'END'
	include "leased.include/*.conf"
	END
	lab_until 5 hup_takes 62
	replace leased.include/a.conf <<-'END'
	interface "eth0" { preference 63 }
	END
	lab_until 5 hup_takes 63
	rm c.etc/leased.include/a.conf
	mkdir c.etc/leased.d
	replace leased.d/eth0.conf <<-'END'
	preference 64
	END
	lab_until 5 hup_takes 64
	replace leased.d/eth0.conf <<-'END'
	preference 65
	END
	lab_until 5 hup_takes 65
	kill -0 "$LAB_PID" || lab_die "leased ended"
}

replace() { # FILE
	cat >"c.etc/$1.new"
	mv "c.etc/$1.new" "c.etc/$1"
}

reload_refused() {
	lab_ctl reload >out 2>&1 && return 1
	grep -q 'leased\.conf:' out leased.log
}

hup_takes() {
	kill -HUP "$LAB_PID"
	preference_is "$1"
}

preference_is() {
	[ "$(lab_show 'i("eth0")["preference"]')" = "$1" ]
}

# An interface that the new file no longer names is let go.
test_reload_removes() {
	bound
	lab_conf <<-'END'
	interface "eth5" { }
	END
	lab_ctl reload || lab_die "reload failed"
	lab_until 5 no_address
	lab_eq "routes" '' "$(lab_on c ip route show dev eth0)"
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_until 5 lab_ctl reload
	lab_bound >/dev/null
}

# Packet sockets of eth0.
sockets() { # -eq|-gt NUMBER
	_i=$(lab_on c cat /sys/class/net/eth0/ifindex)
	_n=$(lab_on c cat /proc/net/packet | awk -v i="$_i" '$5 == i' | wc -l)
	test "$_n" "$@"
}

# Nobody listens for a protocol that is switched off.
test_dhcp4_off() {
	bound
	sockets -gt 0 || lab_die "no packet socket"
	lab_conf <<-'END'
	interface "eth0" { dhcp4 no }
	END
	lab_ctl reload || lab_die "reload failed"
	lab_until 5 sockets -eq 0
	lab_until 5 no_address
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_until 5 lab_ctl reload
	lab_bound >/dev/null
	sockets -gt 0 || lab_die "no packet socket"
}

no_address() {
	[ -z "$(lab_address)" ]
}

# Every error, with file and line and what was expected; nothing happens.
test_bad_config() {
	lab_pair
	lab_conf <<-'END'
	interface "eth0" { preference 70000 }
	interfaces "eth1" { }
	interface "eth2" { rapid-commit maybe }
	END
	lab_on c "$LAB_BUILD/leased" -n -f /etc/leased.conf >out 2>&1
	lab_eq "leased -n" 1 $?
	cat out
	for line in 1 2 3; do
		grep -q "leased.conf:$line:" out || lab_die "line $line missing"
	done
	lab_match "range" 'expected 1-65535' "$(cat out)"
	lab_on c "$LAB_BUILD/leased" -d -f /etc/leased.conf >out 2>&1
	lab_eq "leased" 1 $?
	[ ! -e c.run/leased/sock ] || lab_die "a socket was made"
	# What is good prints, and prints the same again.
	lab_conf <<-'END'
	up = "eth0"
	interface $up {
		client-id "x"
		ignore { dns, mtu }
	}
	END
	lab_on c "$LAB_BUILD/leased" -nv -f /etc/leased.conf >one ||
	    lab_die "good file refused"
	cp one c.etc/two.conf
	lab_on c "$LAB_BUILD/leased" -nv -f /etc/two.conf >two ||
	    lab_die "canonical form refused: $(cat one)"
	cmp one two || lab_die "not the same"
}

test_command_line() {
	lab_pair
	for args in "-x" "-f" "-D"; do
		lab_on c "$LAB_BUILD/leased" "$args" >out 2>&1
		lab_eq "leased $args" 2 $?
		lab_match "usage" '^usage: leased' "$(cat out)"
	done
	# No file and no name.
	lab_on c "$LAB_BUILD/leased" -d >out 2>&1
	lab_eq "nothing to do" 1 $?
	for args in "" "-x" "nonsense" "release" "wait -t" \
	    "wait -t x" "log loud" "stop now"; do
		# shellcheck disable=SC2086
		lab_ctl $args >out 2>&1
		lab_eq "leasectl $args" 2 $?
		lab_match "usage" 'usage: leasectl' "$(cat out)"
	done
	lab_ctl show >out 2>&1
	lab_eq "no daemon" 1 $?
	lab_match "message" \
	    'leased is not running \(socket /run/leased/sock\)' "$(cat out)"
	lab_on c setpriv --reuid 65534 --clear-groups \
	    "$LAB_BUILD/leased" -d eth0 >out 2>&1
	lab_eq "not root" 1 $?
	lab_match "message" root "$(cat out)"
}

# leased IF without a file (Y-06), in the background, with a pid file.
test_names_only() {
	lab_pair
	lab_script
	lab_on c "$LAB_BUILD/leased" eth0 || lab_die "leased: $?"
	# The foreground process has ended: it is ready.
	lab_ctl show >/dev/null || lab_die "not ready"
	lab_bound >/dev/null
	pid=$(cat c.run/leased/pid)
	lab_eq "pid file" "$(lab_process parent)" "$pid"
	kill "$pid"
	timeout 10 tail --pid="$pid" -f /dev/null || lab_die "does not end"
	[ ! -e c.run/leased/sock ] || lab_die "the socket stays"
	[ ! -e c.run/leased/pid ] || lab_die "the pid file stays"
	# In another directory than the socket it goes, too.
	lab_on c "$LAB_BUILD/leased" -p /run/other/pid eth0 ||
	    lab_die "leased: $?"
	pid=$(cat c.run/other/pid)
	# A second one says on the terminal that it did not start.
	lab_on c "$LAB_BUILD/leased" eth0 2>second &&
	    lab_die "a second leased started"
	lab_match "message" "did not start" "$(cat second)"
	kill "$pid"
	timeout 10 tail --pid="$pid" -f /dev/null || lab_die "does not end"
	[ ! -e c.run/other/pid ] || lab_die "the pid file stays"
}

# An unknown interface is waited for, and the log says so.
test_unknown_interface() {
	lab_pair
	lab_start nosuch0
	lab_expect leased.log 'nosuch0'
	lab_until 5 lab_ctl show
	lab_stop
}

# A user may look only with the group, and change only with `control write`.
test_permissions() {
	bound
	lab_on c setpriv --reuid 65534 --regid 65534 --clear-groups \
	    "$LAB_BUILD/leasectl" show >out 2>&1
	lab_eq "stranger" 1 $?
	lab_stop
	lab_conf <<-'END'
	control group "games"
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
	as_member show >out 2>&1 || lab_die "show: $(cat out)"
	for command in "renew eth0" "release eth0" reload "log brief" stop \
	    "stop --withdraw"; do
		# shellcheck disable=SC2086
		as_member $command >out 2>&1
		lab_eq "$command" 1 $?
		lab_match "$command" root "$(cat out)"
	done
	lab_stop
	lab_conf <<-'END'
	control group "games"
	control write yes
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
	as_member renew eth0 || lab_die "renew with control write"
}

as_member() {
	lab_on c setpriv --reuid 65534 --regid 65534 --groups 60 \
	    "$LAB_BUILD/leasectl" "$@"
}

# Y-14: what the daemon says of each process is what the kernel says.
test_sandboxes() {
	bound
	lab_ctl -j show >show.json
	python3 - show.json <<-'END' || lab_die "sandboxes"
	import json, os, sys
	BIT = {"NET_BIND_SERVICE": 10, "NET_ADMIN": 12, "NET_RAW": 13}
	j = json.load(open(sys.argv[1]))
	procs = {p["process"]: p for p in j["sandboxes"]}
	assert sorted(procs) == ["engine", "frontend", "helper", "parent"], procs
	for name, p in procs.items():
	    status = dict(
	        line.rstrip("\n").split(":\t", 1)
	        for line in open("/proc/%d/status" % p["pid"]) if ":\t" in line)
	    print(name, {k: status[k] for k in (
	        "Uid", "Seccomp", "NoNewPrivs", "CapEff", "CapPrm")})
	    assert int(status["Uid"].split()[0]) == p["uid"], name
	    assert (status["Seccomp"] == "2") == p["seccomp"], name
	    assert (status["NoNewPrivs"] == "1") == p["no_new_privs"], name
	    for key, told in (("CapEff", "caps_effective"),
	                      ("CapPrm", "caps_permitted")):
	        if name == "helper":
	            continue
	        mask = sum(1 << BIT[c] for c in p[told])
	        assert int(status[key], 16) == mask, (name, key)
	    root = os.readlink("/proc/%d/root" % p["pid"])
	    assert (root != "/") == p["chroot"], (name, root)
	for name in ("frontend", "engine"):
	    p = procs[name]
	    assert p["uid"] != 0 and p["seccomp"] and p["chroot"], p
	    assert p["no_new_privs"] and p["caps_effective"] == [], p
	parent = procs["parent"]
	assert parent["seccomp"] and parent["no_new_privs"], parent
	assert set(parent["caps_permitted"]) <= set(BIT), parent
	assert parent["landlock"] == (parent["landlock_abi"] > 0), parent
	if not procs["engine"]["sanitizer"]:
	    assert procs["engine"]["system_calls"] <= 20, procs["engine"]
	END
	# No file is open in the engine: channels, a pipe, its timer.
	for fd in "/proc/$(lab_process engine)/fd/"*; do
		case $(readlink "$fd") in
		/dev/null | socket:* | pipe:* | anon_inode:*) ;;
		*) lab_die "the engine has $(readlink "$fd")" ;;
		esac
	done
}

# SIGUSR1: status to the log.
test_sigusr1() {
	bound
	kill -USR1 "$LAB_PID"
	lab_expect leased.log 'eth0.*10\.9\.0\.100'
}

# A fifth monitor is one too many; a client that hangs up harms nobody.
test_many_clients() {
	bound
	for _i in 1 2 3 4; do
		lab_bg c "mon$_i" "$LAB_BUILD/leasectl" -j monitor
		lab_until 5 lab_connected "$LAB_BGPID"
	done
	lab_ctl show >/dev/null || lab_die "show beside four monitors"
	timeout 5 nsenter --net="/proc/$(cat c.pid)/ns/net" \
	    --mount="/proc/$(cat c.pid)/ns/mnt" "$LAB_BUILD/leasectl" monitor \
	    >out 2>&1
	lab_eq "fifth monitor" 1 $?
	for _i in 1 2 3 4; do
		lab_kill "mon$_i" KILL
	done
	lab_ctl renew eth0 || lab_die "renew"
	lab_events
	lab_ctl renew eth0
	lab_event renewed
}

# A client too many is told so, and the place of one that left is free.
test_too_many_clients() {
	bound
	for _i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		lab_bg c "wait$_i" "$LAB_BUILD/leasectl" wait -4 -t 60 eth7
		lab_until 5 lab_connected "$LAB_BGPID"
	done
	lab_ctl show >out 2>&1 && lab_die "a seventeenth client"
	lab_match "told" 'too many clients' "$(cat out)"
	lab_kill wait1 KILL
	lab_until 5 lab_ctl show
}

# Clients that ask and do not read are dropped after 5 s, and nobody else.
test_mute_clients() {
	lab_host c
	_i=0
	while [ $_i -lt 40 ]; do
		lab_on c ip link add d$_i type veth peer name x$_i
		_i=$((_i + 1))
	done
	lab_monitor c
	lab_conf <<-'END'
	interface "d*" { startup-delay 0 }
	END
	lab_leased
	lab_events
	lab_bg c waiter "$LAB_BUILD/leasectl" wait -4 -t 60 d0
	lab_until 5 lab_connected "$LAB_BGPID"
	lab_bg c mute python3 "$LAB_PY" mute /run/leased/sock 14 \
	    "$LAB_BUILD/leasectl" -s /run/leased/sock.mute show
	lab_expect mute.log asked
	lab_expect leased.log 'control client [0-9]*.*answer not taken' 10
	lab_exit mute
	_ms=$(tail -n 1 mute.log)
	if [ "$_ms" -lt 4900 ] || [ "$_ms" -ge 8000 ]; then
		lab_die "hung up on after $_ms ms"
	fi
	lab_ctl show >/dev/null || lab_die "show after them"
	kill -0 "$(cat events.proc)" || lab_die "the monitor is gone"
	kill -0 "$(cat waiter.proc)" || lab_die "the waiter is gone"
	lab_ctl renew d0 || lab_die "renew"
}

# A client connects for whom the frontend has no descriptor.
test_no_descriptors() {
	bound
	pid=$(lab_process frontend)
	descriptors 0
	lab_bg c waiting timeout 20 "$LAB_BUILD/leasectl" show
	lab_expect leased.log 'control client cannot be accepted'
	before=$(cpu_ticks "$pid")
	sleep 1.5 # of which it may not use much
	used=$(($(cpu_ticks "$pid") - before))
	[ $used -lt 30 ] || lab_die "$used ticks in 1.5 s"
	descriptors 512
	lab_exit waiting 5 || lab_die "not answered"
	[ "$(grep -c 'cannot be accepted' leased.log)" = 1 ] ||
	    lab_die "said more than once"
	lab_ctl show >/dev/null || lab_die "show failed"
}

# Root may not everywhere; the process's own user may.
descriptors() { # N
	lab_on c setpriv --reuid _leased --regid _leased --clear-groups \
	    prlimit --pid "$pid" --nofile="$1:" || lab_die "prlimit"
}

cpu_ticks() { # PID
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}

atf_init_test_cases() {
	lab_load
	lab_case json "Y-04, Y-19, Y-27: show, counters, metrics and JSON"
	lab_case too_many_clients "Y-04: the seventeenth client" dnsmasq
	lab_case events "Y-04, Y-18: monitor"
	lab_case wait_timeout "Y-03: wait names what is missing"
	lab_case reload "Y-05, Y-11: reload with good and bad files"
	lab_case reload_replaced "Y-05, Y-11: files renamed over the old ones"
	lab_case dhcp4_off "Y-05: a reload with dhcp4 no closes its sockets"
	lab_case reload_removes "Y-05: an interface is no longer named"
	lab_case bad_config "Y-05: every error with file and line; -nv"
	lab_case command_line "Y-04: messages and exit codes" setpriv
	lab_case names_only "Y-06, Y-11: names on the command line, readiness"
	lab_case unknown_interface "Y-01: waits for it and says so"
	lab_case permissions "Y-04: control group, control write" setpriv
	lab_case sandboxes "Y-14: sandboxes as the kernel shows them"
	lab_case sigusr1 "Y-11: SIGUSR1"
	lab_case many_clients "Y-04: bounds on control clients"
	lab_case no_descriptors "Y-04, Y-16: no descriptor for a client" \
	    "prlimit setpriv"
	lab_case mute_clients "Y-04: clients that do not take their answers"
}
