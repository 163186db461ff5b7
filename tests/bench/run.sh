#!/bin/sh
# SPDX-License-Identifier: ISC
# The numbers of docs/performance.md, on network namespaces that are made for
# it and removed again.
#   sh tests/bench/run.sh [start|rapid|bare|carrier|memory|many|idle|static ...]
# LEASED_BUILD: where leased and leasectl are; RUNS: repetitions (default 20).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
RUNS=${RUNS:-20}
LEASED_BUILD=$(realpath "${LEASED_BUILD:-$here/../../build}")
LAB_DIR=$(mktemp -d /tmp/leased-bench.XXXXXX)
export LEASED_BUILD LAB_DIR
cd "$LAB_DIR"
# shellcheck source=/dev/null
. "$here/../lab/lab.subr"
lab_init "$here/../lab"
# shellcheck disable=SC2086
${CC:-cc} -O2 -std=c17 -D_GNU_SOURCE -o bench "$here/leasebench.c"

finish() {
	code=$?
	trap - EXIT INT TERM
	set +e
	lab_cleanup 2>/dev/null || :
	cd /
	rm -rf "$LAB_DIR"
	exit $code
}
trap finish EXIT
trap 'exit 1' INT TERM

row() { # WHAT VALUE
	printf '%-52s %s\n' "$1" "$2"
}

# Median, smallest and largest of numbers on standard input.
spread() { # FORMAT UNIT
	sort -n | awk -v f="$1" -v u="$2" '{ a[NR] = $1 }
	    END { printf f " %s (" f " - " f ", %d runs)\n", \
	        a[int((NR + 1) / 2)], u, a[1], a[NR], NR }'
}

# First time behind the mark at which FILE says EVENT [IF].
event_ns() { # FILE EVENT
	lab_line "$1" "^$2" | awk '{ print $2 }'
}

ms_between() { # NS NS
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f\n", (b - a) / 1e6 }'
}

setup() {
	lab_host c s
	lab_veth c eth0 s srv0
	lab_addr s srv0 10.9.0.1/16
	lab_bg c watch ./bench watch
	lab_expect watch.log ready
}

teardown() {
	lab_cleanup 2>/dev/null || :
	rm -rf ./*.log ./*.mark ./*.etc ./*.run ./*.lib ./*.up
}

# Cold: no state, no address; the link is up.
cold() {
	lab_on c ip -4 addr flush dev eth0
	rm -rf c.lib/leased c.run/leased
	lab_mark watch.log
	lab_mark server.log
}

launch() {
	lab_bg c leased ./bench launch start.ns "$LEASED_BUILD/leased" -d \
	    -f /etc/leased.conf
}

# start [rapid]: to the first DISCOVER, and to address and default route.
start() {
	setup
	lab_bg s server ./bench serve srv0 ${1:+"$1"}
	lab_expect server.log ready
	echo 'interface "eth0" { }' >c.etc/leased.conf
	_n=0
	: >discover
	: >usable
	while [ $_n -lt "$RUNS" ]; do
		cold
		launch
		first=$(event_ns server.log discover)
		last=$(event_ns watch.log 'route .*eth0')
		started=$(cat start.ns)
		ms_between "$started" "$first" >>discover
		ms_between "$started" "$last" >>usable
		lab_kill leased TERM
		_n=$((_n + 1))
	done
	[ -n "${1:-}" ] || row "start to first DISCOVER on the wire" \
	    "$(spread %.1f ms <discover)"
	row "start to address and default route${1:+, rapid commit}" \
	    "$(spread %.1f ms <usable)"
	teardown
}

# The same by a client that does nothing else.
bare() {
	setup
	lab_bg s server ./bench serve srv0
	lab_expect server.log ready
	_n=0
	: >discover
	: >usable
	while [ $_n -lt "$RUNS" ]; do
		cold
		lab_on c ./bench launch start.ns ./bench bare eth0
		first=$(event_ns server.log discover)
		last=$(event_ns watch.log 'route .*eth0')
		started=$(cat start.ns)
		ms_between "$started" "$first" >>discover
		ms_between "$started" "$last" >>usable
		_n=$((_n + 1))
	done
	row "bare client: start to first DISCOVER" \
	    "$(spread %.1f ms <discover)"
	row "bare client: start to address and default route" \
	    "$(spread %.1f ms <usable)"
	teardown
}

bound() {
	setup
	lab_bg s server ./bench serve srv0
	lab_expect server.log ready
	echo 'interface "eth0" { }' >c.etc/leased.conf
	lab_leased -f /etc/leased.conf
	lab_bound >/dev/null
}

# From the start of the command that sets the peer's end up (so its own start
# and the kernel's way to carrier are in it) to the lease confirmed in the
# kernel: the address's lifetime set again after the server's ACK.
carrier() {
	bound
	_n=0
	: >confirmed
	lab_mark watch.log
	while [ $_n -lt "$RUNS" ]; do
		lab_on s ip link set srv0 down
		lab_expect watch.log '^down .*eth0'
		lab_mark server.log
		lab_on s ./bench launch up.ns ip link set srv0 up
		lab_expect watch.log '^up .*eth0'
		lab_expect server.log '^request'
		addr=$(event_ns watch.log 'addr .*eth0')
		ms_between "$(cat up.ns)" "$addr" >>confirmed
		_n=$((_n + 1))
	done
	row "carrier up to reconfirmed lease" "$(spread %.1f ms <confirmed)"
	row "  address dropped in the meantime" \
	    "$(grep -c '^deladdr' watch.log || :) times"
	teardown
}

memory() {
	bound
	lab_processes >processes
	total=0
	while read -r role pid; do
		kb=$(awk '/^Private_Dirty:/ { print $2 }' \
		    "/proc/$pid/smaps_rollup")
		row "private dirty memory: $role" "$kb kB"
		[ "$role" = helper ] || total=$((total + kb))
	done <processes
	row "private dirty memory: parent, frontend, engine" "$total kB"
	lab_ctl -j show >show.json
	python3 - show.json <<-'END'
	import json, sys
	for p in json.load(open(sys.argv[1]))["sandboxes"]:
	    print("%-52s %s" % ("system calls allowed: " + p["process"],
	                        p["system_calls"]))
	END
	teardown
}

# A hundred interfaces, all links up before the start.  The switch's ports are
# isolated: else it copies every broadcast to the other 99, and what is
# measured is the kernel dropping them.
many() {
	lab_host c s
	_n=0
	: >batch.c
	: >batch.s
	echo "link add srv0 type bridge forward_delay 0 stp_state 0" >batch.s
	echo "link set srv0 up" >>batch.s
	while [ $_n -lt 100 ]; do
		echo "link add e$_n type veth peer name p$_n netns" \
		    "$(cat s.netns)" >>batch.c
		echo "link set e$_n up" >>batch.c
		echo "link set p$_n master srv0 up" >>batch.s
		echo "link set p$_n type bridge_slave isolated on" >>batch.s
		_n=$((_n + 1))
	done
	for _h in c s; do
		lab_on $_h sysctl -qw net.ipv6.conf.default.disable_ipv6=1
		ip -n "$(cat $_h.netns)" -batch batch.$_h
	done
	lab_addr s srv0 10.9.0.1/16
	lab_until 10 forwarding
	lab_bg c watch ./bench watch
	lab_expect watch.log ready
	lab_bg s server ./bench serve srv0
	lab_expect server.log ready
	echo 'interface "e*" { }' >c.etc/leased.conf
	_runs=0
	: >wall
	: >cpu
	while [ $_runs -lt 5 ]; do
		rm -rf c.lib/leased c.run/leased
		: >watch.log
		lab_mark watch.log
		launch
		lab_until 30 hundred
		last=$(awk '/^(addr|route)/ { t = $2 } END { print t }' \
		    watch.log)
		ms_between "$(cat start.ns)" "$last" >>wall
		lab_processes >processes
		while read -r _ pid; do
			awk '{ print $1 }' "/proc/$pid/schedstat"
		done <processes |
		    awk '{ s += $1 } END { printf "%.1f\n", s / 1e6 }' >>cpu
		lab_ctl -j show counters >counts.json
		lab_ctl stop --withdraw
		lab_exit leased || :
		# Closing hundreds of packet sockets takes the kernel a while.
		while read -r _ pid; do
			timeout 30 tail --pid="$pid" -f /dev/null
		done <processes
		_runs=$((_runs + 1))
	done
	row "100 interfaces: start to the last one usable" \
	    "$(spread %.0f ms <wall)"
	row "100 interfaces: CPU time of all processes" "$(spread %.0f ms <cpu)"
	row "100 interfaces: messages sent again in the last run" \
	    "$(grep -o 'dhcp4_retransmissions": [0-9]*' counts.json |
	    awk '{ s += $2 } END { print s + 0 }')"
	teardown
}

forwarding() {
	[ "$(lab_on s bridge link | grep -c 'state forwarding')" -eq 100 ]
}

hundred() {
	[ "$(grep -c '^route' watch.log)" -ge 100 ] &&
	    [ "$(grep -c '^addr' watch.log)" -ge 100 ]
}

# Context switches of every thread: what wakes a process shows there.
switches() {
	while read -r role pid; do
		for _t in /proc/"$pid"/task/*; do
			awk -v r="$role" '/ctxt_switches/ { s += $2 }
			    END { print r, s }' "$_t/status"
		done
	done <processes
}

idle() {
	bound
	# The two announcements of RFC 5227 2.3 and the lease file are out.
	lab_until 10 settled
	lab_processes >processes
	# No request may come in during the minute.
	switches >before
	sleep 60
	switches >after
	row "wakeups in 60 s idle, bound" "$(cat before after | awk '
	    { if ($1 in b) d += $2 - b[$1]; else b[$1] = $2 }
	    END { print d }')"
	teardown
}

settled() {
	[ "$(lab_counter arp_sent_announce)" -ge 2 ]
}

# Lines of code (no blank lines, no comments) that run as root on Linux.
static() {
	top=$here/../..
	total=0
	for part in "parent:src/leased.c src/parent*.c src/manage*.c \
src/apply*.c src/policy*.c src/held6.c src/knob6.c src/journal.c src/store.c \
src/leasefile.c src/duid.c src/secret.c" "lease files:src/proto/lease*.c" \
	    "helper:src/helper*.c src/resolv*.c" \
	    "configuration:src/parse.y src/conf*.c src/printconf.c" \
	    "messages and log:src/ipc.c src/child.c src/log.c \
src/compat/imsg*.c" "platform:src/os/*.c \
src/os/linux/*.c"; do
		n=0
		for pattern in ${part#*:}; do
			for f in "$top"/$pattern; do
				[ -f "$f" ] || continue
				n=$((n + $(code_lines "$f")))
			done
		done
		row "lines that run as root: ${part%%:*}" $n
		total=$((total + n))
	done
	row "lines that run as root: all" $total
}

code_lines() {
	${CC:-cc} -fpreprocessed -dD -E -P -x c "$1" 2>/dev/null |
	    grep -c '[^[:space:]]'
}

[ $# -gt 0 ] || set -- start rapid bare carrier memory many idle static
for what in "$@"; do
	case $what in
	rapid) start rapid ;;
	start | bare | carrier | memory | many | idle | static) "$what" ;;
	*)
		echo "usage: run.sh [start|rapid|bare|carrier|memory|many|idle|static ...]" >&2
		exit 2
		;;
	esac
done
