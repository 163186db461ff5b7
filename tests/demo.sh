#!/bin/sh
# SPDX-License-Identifier: ISC
# make demo: a lease from a real dnsmasq.  Two network namespaces and a veth
# pair are made for it and removed again; nothing of this machine is touched.
#   LEASED_BUILD=build sh tests/demo.sh
set -eu

if [ "$(id -u)" -ne 0 ]; then
	echo "demo: needs root, for network namespaces" >&2
	exit 1
fi
here=$(cd "$(dirname "$0")" && pwd)
# The same in two VNET jails, with a server of our own.
if [ "$(uname)" = FreeBSD ]; then
	exec env SHOW=yes sh "$here/lab/freebsd_run.sh" lease sandbox
fi
LEASED_BUILD=$(realpath "${LEASED_BUILD:-$here/../build}")
LAB_DIR=$(mktemp -d /tmp/leased-demo.XXXXXX)
export LEASED_BUILD LAB_DIR
cd "$LAB_DIR"
# shellcheck source=/dev/null
. "$here/lab/lab.subr"
lab_init "$here/lab"

finish() {
	code=$?
	trap - EXIT INT TERM
	set +e
	lab_cleanup 2>/dev/null
	cd /
	rm -rf "$LAB_DIR"
	exit $code
}
trap finish EXIT
trap 'exit 1' INT TERM

say() {
	printf '\n==> %s\n' "$*"
}

say "two network namespaces and a veth pair: eth0 --- srv0 (10.9.0.1/24)"
lab_pair
say "dnsmasq in one of them"
lab_dnsmasq 10.9.0.100,10.9.0.120 --dhcp-option=option:dns-server,10.9.0.1 \
    --domain=lab.example
tail -n 2 server.log
say "leased in the other, with this configuration"
lab_conf <<-'END'
interface "eth0" {
	host-name "demo"
}
END
cat c.etc/leased.conf
lab_leased
say "leasectl wait -4 eth0"
lab_ctl wait -4 -t 10 eth0
say "leasectl show"
lab_ctl show
say "what it logged"
cat leased.log
say "ping over the leased address"
lab_on c ping -c 3 -i 0.2 -I "$(lab_address)" 10.9.0.1
say "the sandbox of each process, as the kernel shows it"
lab_processes >processes
while read -r role pid; do
	awk -v role="$role" -v pid="$pid" '
	    /^Uid:/ { uid = $2 }
	    /^CapEff:/ { caps = $2 }
	    /^NoNewPrivs:/ { nnp = $2 }
	    /^Seccomp:/ { seccomp = $2 }
	    END { printf "%-9s pid %-7s uid %-6s caps %s no_new_privs %s " \
	        "seccomp %s\n", role, pid, uid, caps, nnp, seccomp }' \
	    "/proc/$pid/status"
done <processes
say "leasectl stop --withdraw"
lab_ctl stop --withdraw
lab_exit leased
if [ -n "$(lab_address)" ]; then
	lab_die "the address is still there"
fi
say "done"
