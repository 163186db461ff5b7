#!/bin/sh
# Install what building and testing needs; nothing is done when it is there.
#   deps.sh OS
set -eu
case $1 in
Linux)
	pkgs="gcc make libc6-dev byacc bmake pkg-config libevent-dev libbsd-dev
	    libmd-dev libmnl-dev libseccomp-dev libjansson-dev libatf-dev
	    atf-sh kyua iproute2 iputils-ping procps dnsmasq-base
	    isc-dhcp-server kea-dhcp4-server kea-dhcp6-server radvd bird2
	    wide-dhcpv6-server jq nftables bsdextrautils patch openresolv systemd python3 tcpdump
	    mandoc shellcheck clang clang-format clang-tidy libclang-rt-14-dev"
	missing=
	for p in $pkgs; do
		st=$(dpkg-query -W -f '${Status}' "$p" 2>/dev/null) || st=
		case $st in
		*" installed") ;;
		*) missing="$missing $p" ;;
		esac
	done
	[ -n "$missing" ] || exit 0
	if [ "$(id -u)" -ne 0 ]; then
		echo "deps: not root; please install:$missing" >&2
		exit 1
	fi
	export DEBIAN_FRONTEND=noninteractive
	# A package that starts a service must not start it here.
	policy=/usr/sbin/policy-rc.d
	made=
	if [ ! -e $policy ]; then
		printf '#!/bin/sh\nexit 101\n' >$policy
		chmod 755 $policy
		made=1
	fi
	rc=0
	apt-get update -qq || rc=$?
	# shellcheck disable=SC2086
	apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
	    rc=$?
	[ -z "$made" ] || rm -f $policy
	exit $rc
	;;
FreeBSD)
	missing=
	for p in libevent jansson pkgconf; do
		pkg info -e "$p" || missing="$missing $p"
	done
	# shellcheck disable=SC2086
	[ -z "$missing" ] || pkg install -y $missing
	;;
*)
	echo "deps: unknown system $1" >&2
	exit 1
	;;
esac
