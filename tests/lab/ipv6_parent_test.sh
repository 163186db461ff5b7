#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# What the parent does to an interface for IPv6: the kernel's own router
# discovery, and the sockets that depend on the link-local address.

lab_load() {
	for lab in "" /../../../tests/lab /../../../../tests/lab; do
		lab=$(atf_get_srcdir)$lab
		[ ! -f "$lab/lab.subr" ] || break
	done
	# shellcheck source=/dev/null
	. "$lab/lab.subr"
	lab_init "$lab"
}

SWITCHES="accept_ra autoconf use_tempaddr optimistic_dad use_optimistic"

# Two hosts with the kernel's IPv6 as it comes.
pair6() {
	lab_host c s
	ip link add eth0 netns "$(cat c.netns)" type veth \
	    peer name srv0 netns "$(cat s.netns)" || lab_die "no veth"
	lab_on s ip link set srv0 up
	lab_conf <<-'END'
	interface "eth0" { dhcp4 no }
	END
}

# The values of an interface of c, in one line.
values() { # IF
	for name in $SWITCHES; do
		f=/proc/sys/net/ipv6/conf/$1/$name
		if lab_on c test -e "$f"; then
			printf '%s ' "$name=$(lab_on c cat "$f")"
		fi
	done
}

sysctl6() { # IF NAME VALUE
	lab_on c sh -c "echo $3 >/proc/sys/net/ipv6/conf/$1/$2"
}

is_off() {
	[ "$(values eth0)" = "$off" ]
}

is_found() {
	[ "$(values eth0)" = "$found" ]
}

# Other values than the kernel's defaults, to see them come back.
odd_values() {
	sysctl6 eth0 accept_ra 2
	sysctl6 eth0 use_tempaddr 2
	found=$(values eth0)
	off=$(echo "$found" | sed -e 's/accept_ra=2/accept_ra=0/' \
	    -e 's/autoconf=1/autoconf=0/' \
	    -e 's/use_tempaddr=2/use_tempaddr=0/' \
	    -e 's/optimistic_dad=0/optimistic_dad=1/' \
	    -e 's/use_optimistic=0/use_optimistic=1/')
}

test_kernel_ra() {
	pair6
	odd_values
	lab_leased
	lab_eq "while it runs" "$off" "$(values eth0)"
	lab_eq "another interface" "" \
	    "$(values lo | grep accept_ra=0 || :)"
	lab_stop
	lab_eq "after a stop" "$off" "$(values eth0)"
	lab_leased
	lab_kill leased KILL
	lab_eq "after kill -9" "$off" "$(values eth0)"
	lab_leased
	lab_eq "after a restart" "$off" "$(values eth0)"
	lab_ctl stop --withdraw || lab_die "stop --withdraw"
	lab_exit leased || lab_die "exit code"
	lab_eq "after stop --withdraw" "$found" "$(values eth0)"
}

# A plain stop is the end with release-on-exit.
test_kernel_ra_release() {
	pair6
	odd_values
	lab_conf <<-'END'
	release-on-exit yes
	interface "eth0" { dhcp4 no }
	END
	lab_leased
	lab_eq "while it runs" "$off" "$(values eth0)"
	lab_stop
	lab_eq "after a stop" "$found" "$(values eth0)"
}

# What an administrator sets meanwhile is left alone.
test_kernel_ra_changed() {
	pair6
	odd_values
	lab_leased
	lab_eq "while it runs" "$off" "$(values eth0)"
	sysctl6 eth0 use_tempaddr 1
	lab_ctl stop --withdraw || lab_die "stop --withdraw"
	lab_exit leased || lab_die "exit code"
	lab_eq "after stop --withdraw" \
	    "$(echo "$found" | sed 's/use_tempaddr=2/use_tempaddr=1/')" \
	    "$(values eth0)"
}

# What we changed does not stay with an interface that leaves our care by
# its new name, even if that is one that is never managed.
test_kernel_ra_renamed() {
	pair6
	odd_values
	lab_conf <<-'END'
	interface "eth0" { dhcp4 no }
	END
	lab_leased
	lab_until 5 is_off
	lab_on c ip link set eth0 down
	lab_on c ip link set eth0 name 'a#b'
	lab_until 5 has_found 'a#b'
}

has_found() { # IF
	[ "$(values "$1")" = "$found" ]
}

# Without SLAAC and DHCPv6 the kernel goes on as it was.
test_kernel_ra_off() {
	pair6
	odd_values
	lab_conf <<-'END'
	interface "eth0" {
		dhcp4 no
		slaac no
		dhcp6 no
	}
	END
	lab_leased
	lab_eq "with both off" "$found" "$(values eth0)"
	lab_conf <<-'END'
	interface "eth0" { dhcp4 no }
	END
	lab_ctl reload || lab_die "reload"
	lab_until 5 is_off
	lab_conf <<-'END'
	interface "eth0" {
		dhcp4 no
		slaac no
		dhcp6 no
	}
	END
	lab_until 5 lab_ctl reload
	lab_until 5 is_found
	# An interface that is no longer managed, also by the next start.
	lab_conf <<-'END'
	interface "eth0" { dhcp4 no }
	END
	lab_until 5 lab_ctl reload
	lab_until 5 is_off
	lab_stop
	lab_conf <<-'END'
	interface "eth1" { dhcp4 no }
	END
	lab_leased
	lab_until 5 is_found
}

# Everything of the frontend's on UDP port 546.
dhcp6_sockets() {
	lab_on c ss -Huan 'sport = :546' | sed 's/.*\(\[fe80[^]]*\]\).*/\1/' |
	    sort -u | wc -l | tr -d ' '
}

has_sockets() { # N
	[ "$(dhcp6_sockets)" = "$1" ]
}

nd_sockets() {
	lab_on c grep -c ': ' /proc/net/raw6
}

# The link-local address goes and comes, and with it what speaks from it.
test_link_local() {
	pair6
	lab_leased
	lab_until 5 has_sockets 1
	lab_eq "raw sockets" 2 "$(nd_sockets)"
	ll=$(lab_on c ip -6 -o addr show dev eth0 scope link |
	    awk '{ print $4; exit }')
	lab_on c ip -6 addr del "$ll" dev eth0
	lab_until 5 has_sockets 0
	lab_until 5 test "$(nd_sockets)" = 1
	lab_on c ip -6 addr add fe80::1234/64 dev eth0 nodad
	lab_until 5 has_sockets 1
	lab_match sockets 'fe80::1234' "$(lab_on c ss -Huan 'sport = :546')"
	# A second one changes nothing; when the first goes, it is used.
	lab_on c ip -6 addr add fe80::5678/64 dev eth0 nodad
	lab_on c ip -6 addr del fe80::1234/64 dev eth0
	lab_until 5 speaks_from fe80::5678
	lab_on c ip link set eth0 down
	lab_until 5 has_sockets 0
	lab_on c ip link set eth0 up
	lab_until 5 has_sockets 1
	lab_nothing leased.log 'not allowed|socket:'
}

speaks_from() {
	has_sockets 1 && lab_on c ss -Huan 'sport = :546' | grep -q "$1"
}

# An interface without a link-local address gets one (Y-23).
test_link_local_made() {
	pair6
	lab_on c ip link set eth0 addrgenmode none
	lab_leased
	lab_until 5 has_sockets 1
	lab_on c ip -6 -o addr show dev eth0 scope link | grep -q fe80 ||
	    lab_die "no link-local address"
	lab_eq "shown as" link-local \
	    "$(lab_show 'i("eth0")["ipv6_addresses"][0]["protocol"]')"
	lab_ctl show | grep -q 'address .*fe80::.*/64 link-local,' ||
	    lab_die "show: $(lab_ctl show)"
	lab_ctl stop --withdraw || lab_die "stop --withdraw"
	lab_exit leased || lab_die "exit code"
	lab_eq "after stop --withdraw" "" \
	    "$(lab_on c ip -6 -o addr show dev eth0 scope link)"
}

# Another client on port 546 is named; everything else goes on (Y-17).
test_port_taken() {
	pair6
	lab_bg c holder python3 -c '
import socket, time
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(("::", 546))
print("bound", flush=True)
time.sleep(60)'
	lab_expect holder.log bound
	lab_leased
	lab_expect leased.log \
	    'eth0: UDP port 546 is held by another DHCPv6 client \(uid 0\)'
	lab_eq "raw sockets" 2 "$(nd_sockets)"
	lab_kill holder KILL
	lab_until 10 has_sockets 1
}

atf_init_test_cases() {
	lab_load
	lab_case kernel_ra "S-03: the kernel stays off over stop, kill -9 and \
	    restart; stop --withdraw puts back what was found"
	lab_case kernel_ra_release "S-03: release-on-exit puts back what was \
	    found"
	lab_case kernel_ra_changed "S-03: a value that an administrator \
	    changed meanwhile is left alone"
	lab_case kernel_ra_renamed "S-03, Y-20, Y-25: put back under a new name"
	lab_case kernel_ra_off "S-03: without SLAAC and DHCPv6 nothing is \
	    changed; put back by a reload and for what is no longer managed"
	lab_case link_local "S-02, S-08: sockets follow the link-local address" \
	    ss
	lab_case link_local_made "Y-23: an interface without a link-local \
	    address gets one, and stop --withdraw takes it away" ss
	lab_case port_taken "Y-17: port 546 held by another client" ss
}
