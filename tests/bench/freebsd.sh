#!/bin/sh
# SPDX-License-Identifier: ISC
# The numbers of docs/freebsd.md, in two VNET jails that are made for it and
# removed again; base system alone.
#   [LEASED_BUILD=dir] [RUNS=10] [IDLE=60] sh tests/bench/freebsd.sh
set -u
here=$(cd "$(dirname "$0")" && pwd)
LEASED_BUILD=$(realpath "${LEASED_BUILD:-$here/../../build}")
LAB_DIR=$(mktemp -d /tmp/leased-bench.XXXXXX)
export LEASED_BUILD LAB_DIR
cd "$LAB_DIR" || exit 1
# shellcheck source=/dev/null
. "$here/../lab/freebsd.subr"

finish() {
	code=$?
	trap - EXIT INT TERM
	set +e
	lab_cleanup
	cd /
	rm -rf "$LAB_DIR"
	exit $code
}
trap finish EXIT
trap 'exit 1' INT TERM

now() {
	date +%s.%N
}

# Median, smallest and largest of the milliseconds on standard input.
spread() { # WHAT
	sort -n | awk -v what="$1" '{ a[NR] = $1 }
	    END { printf "%-44s %.0f ms (%.0f - %.0f, %d runs)\n", what,
	        a[int((NR + 1) / 2)], a[1], a[NR], NR }'
}

ms_since() { # START END
	echo "$1 $2" | awk '{ printf "%.1f\n", ($2 - $1) * 1000 }'
}

# No state, no address, the link up; the clock runs from before the fork.
start() {
	n=0
	while [ $n -lt "${RUNS:-10}" ]; do
		rm -rf state
		before=$(lab_count server ^DISCOVER)
		began=$(now)
		lab_start
		until lab_ctl wait -4 -t "$LAB_WAIT" eth0 2>/dev/null; do
			:
		done
		ms_since "$began" "$(now)" >>usable
		lab_until lab_more server ^DISCOVER "$before"
		ms_since "$began" "$(awk '/^DISCOVER/ { t = $NF }
		    END { print t }' server.log)" >>discover
		n=$((n + 1))
		[ $n -lt "${RUNS:-10}" ] || break
		lab_ctl stop --withdraw >/dev/null
		wait "$LAB_PID" || :
	done
	spread "start to first DISCOVER" <discover
	spread "start to address (leasectl wait is back)" <usable
}

# The same for what the base system has, which checks no lease for a conflict
# with -n, as rc.d/dhclient runs it.
base() {
	n=0
	while [ $n -lt "${RUNS:-10}" ]; do
		rm -f leases
		before=$(lab_count server ^DISCOVER)
		began=$(now)
		lab_on c dhclient -n -p "$LAB_DIR/dhclient.pid" \
		    -l "$LAB_DIR/leases" eth0 >/dev/null 2>&1
		ms_since "$began" "$(now)" >>base.usable
		lab_until lab_more server ^DISCOVER "$before"
		ms_since "$began" "$(awk '/^DISCOVER/ { t = $NF }
		    END { print t }' server.log)" >>base.discover
		pid=$(cat dhclient.pid)
		kill "$pid"
		lab_until lab_not kill -0 "$pid"
		lab_on c ifconfig eth0 -alias
		n=$((n + 1))
	done
	spread "dhclient(8), to first DISCOVER" <base.discover
	spread "dhclient(8), until it is in the background" <base.usable
}

# What only this process has, and what of it stays when it sleeps.
memory() {
	for role in parent helper frontend engine; do
		pid=$(lab_process $role)
		[ -n "$pid" ] || continue
		echo "$pid $role $(ps -o rss= -p "$pid")"
	done >processes
	while read -r pid role rss; do
		procstat -h -v "$pid" | awk -v role="$role" -v rss="$rss" '
		    NR > 1 && ($10 == "sw" || $10 == "df") { n += $5 }
		    END { printf "%-44s %d kB, of it anonymous %d kB\n",
		        role ": resident", rss, n * 4 }'
	done <processes
}

switches() {
	while read -r pid _; do
		procstat -h -r "$pid"
	done <processes | awk '/voluntary context switches/ &&
	    !/involuntary/ { n += $NF } END { print n + 0 }'
}

# Behind the two announcements of RFC 5227 2.3.
idle() {
	sleep 10
	a=$(switches)
	sleep "${IDLE:-60}"
	printf '%-44s %d\n' "voluntary context switches in ${IDLE:-60} s" \
	    $(($(switches) - a))
}

uname -srm
lab_pair
# Nobody routes here: solicitations would be repeated for ever.
lab_conf <<X
resolv-conf no
interface "eth0" {
	slaac no
	dhcp6 no
}
X
lab_server -t -l 3600
base
start
memory
idle
