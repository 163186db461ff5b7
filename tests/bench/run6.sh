#!/bin/sh
# SPDX-License-Identifier: ISC
# The numbers of IPv6 in docs/performance.md, beside those of the kernel's own
# SLAAC, dhcpcd and wide dhcp6c where they are installed, in the same run.
#   sh tests/bench/run6.sh [slaac|dhcp6|rapid|flood|memory ...]
# LEASED_BUILD: where leased and leasectl are; RUNS: repetitions (default 7).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
RUNS=${RUNS:-7}
LEASED_BUILD=$(realpath "${LEASED_BUILD:-$here/../../build}")
LAB_DIR=$(mktemp -d /tmp/leased-bench6.XXXXXX)
export LEASED_BUILD LAB_DIR
cd "$LAB_DIR"
# shellcheck source=/dev/null
. "$here/../lab/lab.subr"
# shellcheck source=/dev/null
. "$here/../lab/lab6.subr"
lab_init "$here/../lab"
py=$here/bench6.py

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

# Median, smallest and largest of a file of numbers.
row() { # WHAT FILE UNIT
	printf '%-46s ' "$1"
	if [ ! -s "$2" ]; then
		echo "(not measured)"
		return
	fi
	sort -n "$2" | awk -v u="$3" '{ a[NR] = $1 } END {
	    printf "%.1f %s (%.1f - %.1f, %d runs)\n", a[int((NR + 1) / 2)], \
	    u, a[1], a[NR], NR }'
}

setup() { # [rapid]
	lab_host c s
	ip link add eth0 netns "$(cat c.netns)" type veth \
	    peer name srv0 netns "$(cat s.netns)"
	lab6_router s srv0
	lab_on s ip link set srv0 up
	lab_on c sysctl -qw net.ipv6.conf.eth0.accept_ra=0
	lab_on c ip link set eth0 up
	lab6_link_local s srv0 >/dev/null
	lab6_link_local c eth0 >/dev/null
	lab_on s ip addr add "$PREFIX::1/64" dev srv0 nodad
	lab_bg s server python3 "$py" router srv0 ${1:+"$1"}
	lab_expect server.log ready
	lab_bg c watch python3 "$py" watch
	lab_expect watch.log ready
	rm -f ./*.ms
}

teardown() {
	lab_cleanup 2>/dev/null || :
	rm -rf ./*.log ./*.mark ./*.etc ./*.run ./*.lib ./*.up
}

cold() {
	lab_on c ip -6 addr flush dev eth0 scope global
	lab_on c ip -6 route flush proto ra 2>/dev/null || :
	rm -rf c.lib/leased c.run/leased c.lib/dhcpcd c.lib/dhcpv6 \
	    c.run/dhcpcd
	mkdir -p c.lib/dhcpcd c.run/dhcpcd c.lib/dhcpv6 c.lib/leased-empty
	lab_until 5 lab6_has_link_local c eth0
	lab_mark watch.log
	lab_mark server.log
}

client() { # NAME
	case $1 in
	leased*) set -- "$LEASED_BUILD/leased" -d -f /etc/leased.conf ;;
	dhcpcd*) set -- dhcpcd -B -6 -q -c /bin/true \
	    -f "$LAB_DIR/c.etc/dhcpcd.conf" eth0 ;;
	dhcp6c*) set -- dhcp6c -f -c "$LAB_DIR/c.etc/dhcp6c.conf" \
	    -p "$LAB_DIR/dhcp6c.pid" eth0 ;;
	esac
	lab_bg c client python3 "$py" launch "$LAB_DIR/start.ns" "$@"
}

# Times behind a mark: the first of the address at all, of one that can be
# bound (not tentative, 40, or optimistic, 4), and of one that is no more
# tentative nor optimistic.
states() {
	tail -c "+$(($(cat watch.log.mark) + 1))" watch.log |
	    awk -v p="^$PREFIX:" '
	    function hex(c) { return index("0123456789abcdef", c) - 1 }
	    $1 == "addr" && $4 ~ p {
		n = length($3)
		hi = n > 1 ? hex(substr($3, n - 1, 1)) : 0
		lo = hex(substr($3, n, 1))
		tentative = int(hi / 4) % 2; optimistic = int(lo / 4) % 2
		if (!a) a = $2
		if (!b && (!tentative || optimistic)) b = $2
		if (!d && !tentative && !optimistic) d = $2
	    } END { print a ? a : 0, b ? b : 0, d ? d : 0 }'
}

settled() {
	[ "$(states | awk '{ print ($3 != 0) }')" = 1 ]
}

first() { # WHAT
	tail -c "+$(($(cat server.log.mark) + 1))" server.log |
	    awk -v w="$1" '$1 == w { print $2; exit }'
}

ms() { # FILE FROM TO
	awk -v a="$2" -v b="$3" 'BEGIN { if (a && b)
	    printf "%.3f\n", (b - a) / 1e6 }' >>"$1"
}

again() { # FUNCTION ARG...
	_runs=0
	while [ $_runs -lt "$RUNS" ]; do
		"$@"
		_runs=$((_runs + 1))
	done
}

one_slaac() { # NAME
	cold
	if [ "$1" = kernel ]; then
		# The kernel solicits when the link comes up.
		lab_on c ip link set eth0 down
		lab_on c sysctl -qw net.ipv6.conf.eth0.accept_ra=1
		lab_on c ip link set eth0 up
		date +%s >start.ns
	else
		client "$1"
	fi
	lab_until 15 settled
	states >seen
	read -r _a _b _d <seen
	_rs=$(first rs)
	_ra=$(first ra)
	[ "$1" = kernel ] || ms "$1.rs.ms" "$(cat start.ns)" "$_rs"
	ms "$1.addr.ms" "$_ra" "$_a"
	ms "$1.bind.ms" "$_ra" "$_b"
	ms "$1.dad.ms" "$_ra" "$_d"
	[ "$1" = kernel ] || lab_kill client
	lab_on c sysctl -qw net.ipv6.conf.eth0.accept_ra=0
}

slaac() {
	setup
	printf 'interface "eth0" {\n\tdhcp4 no\n\tdhcp6 no\n}\n' \
	    >c.etc/leased.conf
	echo 'nodhcp6' >c.etc/dhcpcd.conf
	# The others first: leased leaves the kernel's knobs for its next run.
	names=kernel
	! command -v dhcpcd >/dev/null || names="$names dhcpcd"
	names="$names leased"
	for _who in $names; do
		again one_slaac "$_who"
		[ "$_who" = kernel ] ||
		    row "$_who: start to first RS" "$_who.rs.ms" ms
		row "$_who: RA to address in the kernel" "$_who.addr.ms" ms
		row "$_who: RA to bindable" "$_who.bind.ms" ms
		row "$_who: RA to DAD done" "$_who.dad.ms" ms
	done
	teardown
}

one_dhcp6() { # NAME
	cold
	client "$1"
	lab_until 15 settled
	states >seen
	read -r _a _b _d <seen
	ms "$1.send.ms" "$(cat start.ns)" "$(first dhcp6)"
	ms "$1.addr.ms" "$(cat start.ns)" "$_a"
	ms "$1.bind.ms" "$(cat start.ns)" "$_b"
	tail -c "+$(($(cat server.log.mark) + 1))" server.log |
	    awk '$1 == "dhcp6" && ($3 == 1 || $3 == 3) { n++ }
	    END { print 2 * n }' >>"$1.packets"
	# dhcp6c does not end when its Release is lost.
	case $1 in
	dhcp6c) lab_kill client KILL || : ;;
	*) lab_kill client ;;
	esac
}

dhcp6_with() { # [rapid]
	setup ${1:+"$1"}
	printf 'interface "eth0" {\n\tdhcp4 no\n\tslaac no\n\tdhcp6 yes\n}\n' \
	    >c.etc/leased.conf
	printf 'noipv6rs\nia_na\n%s\n' "${1:+option rapid_commit}" \
	    >c.etc/dhcpcd.conf
	printf 'interface eth0 { send ia-na 1; %s };\nid-assoc na 1 { };\n' \
	    "${1:+send rapid-commit;}" >c.etc/dhcp6c.conf
	rm -f ./*.packets
	names=
	for _who in dhcpcd dhcp6c; do
		! command -v $_who >/dev/null || names="$names $_who"
	done
	names="$names leased"
	for _who in $names; do
		again one_dhcp6 "$_who"
		_what="$_who${1:+, rapid commit}"
		row "$_what: start to Solicit" "$_who.send.ms" ms
		row "$_what: start to address in the kernel" "$_who.addr.ms" ms
		row "$_what: start to bindable" "$_who.bind.ms" ms
		row "$_what: packets per bind" "$_who.packets" packets
	done
	teardown
}

cpu_ns() {
	while read -r _ _p; do
		cut -d ' ' -f 1 "/proc/$_p/schedstat"
	done <processes | awk '{ s += $1 } END { print s }'
}

flood() {
	setup
	printf 'interface "eth0" {\n\tdhcp4 no\n\tdhcp6 no\n}\n' | lab_conf
	lab_leased
	lab6_bound >/dev/null
	lab_processes >processes
	for _rate in 50 1000 20000; do
		_before=$(cpu_ns)
		_sent=$(lab6_ra s srv0 --flood $_rate 5 |
		    awk '{ print $2 - $4 }')
		_after=$(cpu_ns)
		awk -v n="$_sent" -v d=$((_after - _before)) -v r=$_rate \
		    'BEGIN { printf "%-46s %.1f us of CPU each, " \
		    "%.1f %% of one CPU (%d sent)\n", "RAs, " r " a second", \
		    d / 1000 / n, d / 5e7, n }'
	done
	teardown
}

memory() {
	setup
	lab_addr s srv0 10.9.0.1/24
	lab_mark v4.log
	lab_bg s v4 python3 "$LAB_WIRE/wire_server.py" -i srv0
	lab_expect v4.log '^ready'
	printf 'interface "eth0" {\n\tdhcp6 yes\n}\n' | lab_conf
	lab_leased
	lab_bound >/dev/null
	lab6_bound >/dev/null
	lab_processes >processes
	while read -r _role _p; do
		awk -v r="$_role" '/^Pss:/ { p = $2 } /^Private_Dirty:/ { d = $2 }
		    END { printf "%-46s %d kB (private dirty %d kB)\n", \
		    "PSS, three protocols: " r, p, d }' "/proc/$_p/smaps_rollup"
	done <processes
	teardown
}

[ $# -gt 0 ] || set -- slaac dhcp6 rapid flood memory
for what in "$@"; do
	case $what in
	dhcp6) dhcp6_with ;;
	rapid) dhcp6_with rapid ;;
	slaac | flood | memory) "$what" ;;
	*)
		echo "usage: run6.sh [slaac|dhcp6|rapid|flood|memory ...]" >&2
		exit 2
		;;
	esac
done
