#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# Name servers and search names: resolvconf(8), a plain file, neither.

lab_load() {
	for lab in "" /../../../tests/lab /../../../../tests/lab; do
		lab=$(atf_get_srcdir)$lab
		[ ! -f "$lab/lab.subr" ] || break
	done
	# shellcheck source=/dev/null
	. "$lab/lab.subr"
	lab_init "$lab"
}

# bound BLOCK-OF-GLOBALS SERVER-ARG...
bound() {
	_globals=$1
	shift
	lab_pair
	lab_script "$@"
	lab_conf <<-END
	$_globals
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
}

resolv_has() { # REGEX
	grep -Eq "$1" c.etc/resolv.conf
}

resolv_lacks() {
	! resolv_has "$1"
}

# Without resolvconf(8): hide it behind an empty file that cannot run.
no_resolvconf() {
	: >"$LAB_DIR/none"
	for _p in /sbin /usr/sbin /bin /usr/bin /usr/local/sbin; do
		[ ! -e $_p/resolvconf ] ||
		    lab_on c mount --bind "$LAB_DIR/none" $_p/resolvconf
	done
}

plain() { # BLOCK SERVER-ARG...
	_globals=$1
	shift
	lab_pair
	no_resolvconf
	lab_script "$@"
	lab_conf <<-END
	$_globals
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
}

test_openresolv() {
	mkdir -p c.run
	bound '' --dns 10.9.0.1,10.9.0.2
	lab_until 10 resolv_has '^nameserver 10\.9\.0\.2'
	lab_until 1 resolv_has '^nameserver 10\.9\.0\.1'
	lab_until 1 resolv_has '^(search|domain) .*lab\.example'
	lab_on c resolvconf -l >list
	lab_match "resolvconf -l" 10.9.0.1 "$(cat list)"
	lab_ctl stop --withdraw
	lab_exit leased
	lab_until 5 resolv_lacks '10\.9\.0'
}

# What an earlier run gave to resolvconf goes when resolv-conf says otherwise
# now; a start without such an earlier run does not call it.
test_openresolv_mode_changed() {
	bound ''
	lab_until 10 resolv_has '^nameserver 10\.9\.0\.1'
	lab_stop
	lab_conf <<-'END'
	resolv-conf no
	interface "eth0" { }
	END
	lab_leased
	lab_until 10 resolv_lacks '10\.9\.0'
	lab_eq "resolvconf -l" '' "$(lab_on c resolvconf -l 2>/dev/null)"
	lab_stop
	lab_leased
	lab_bound >/dev/null
	lab_nothing leased.log 'resolvconf -d'
}

test_openresolv_expiry() {
	bound '' --lease 6 --t1 2 --t2 3
	lab_until 10 resolv_has '^nameserver 10\.9\.0\.1'
	lab_server_stop
	lab_until 15 resolv_lacks '10\.9\.0'
}

# A regular file is replaced, kept beside, and put back.
test_plain_file() {
	plain ''
	lab_until 10 resolv_has '^nameserver 10\.9\.0\.1$'
	resolv_has '^search lab\.example$' || lab_die "no search"
	lab_eq "mode" 644 "$(stat -c %a c.etc/resolv.conf)"
	grep -lq '^# as found$' c.etc/resolv.conf* || lab_die "original lost"
	lab_ctl stop --withdraw
	lab_exit leased
	lab_eq "restored" '# as found' "$(cat c.etc/resolv.conf)"
}

# SIGTERM leaves it; the next start does not take its own file for the
# original.
test_plain_restart() {
	plain ''
	lab_until 10 resolv_has '^nameserver 10\.9\.0\.1$'
	lab_stop
	resolv_has '^nameserver 10\.9\.0\.1$' || lab_die "gone after stop"
	lab_leased
	lab_bound >/dev/null
	lab_ctl stop --withdraw
	lab_exit leased
	lab_eq "restored" '# as found' "$(cat c.etc/resolv.conf)"
}

# A symbolic link is never replaced; the log says what to do.
test_symlink() {
	lab_pair
	no_resolvconf
	mv c.etc/resolv.conf c.etc/other.conf
	ln -s other.conf c.etc/resolv.conf
	lab_script
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
	lab_expect leased.log 'resolv\.conf.*symbolic link|symlink.*resolv'
	[ -L c.etc/resolv.conf ] || lab_die "the link was replaced"
	lab_eq "content" '# as found' "$(cat c.etc/other.conf)"
}

# A bind mount cannot be renamed over: EBUSY, said in the log.
test_bind_mount() {
	lab_pair
	no_resolvconf
	echo '# mounted' >mounted
	lab_on c mount --bind "$LAB_DIR/mounted" /etc/resolv.conf
	lab_script
	lab_conf <<-'END'
	interface "eth0" { }
	END
	lab_leased
	lab_bound >/dev/null
	lab_expect leased.log 'resolv\.conf'
	lab_eq "content" '# mounted' "$(cat mounted)"
}

test_path() {
	mkdir -p c.run/dns
	bound 'resolv-conf "/run/dns/resolv.conf"'
	lab_until 10 grep -q '^nameserver 10\.9\.0\.1$' c.run/dns/resolv.conf
	lab_eq "resolv.conf" '# as found' "$(cat c.etc/resolv.conf)"
	# Another path by the next start, and by a reload: the file goes.
	lab_stop
	[ -e c.run/dns/resolv.conf ] || lab_die "not kept for the next start"
	path_conf other
	lab_leased
	lab_until 10 grep -q '^nameserver 10\.9\.0\.1$' c.run/dns/other
	[ ! -e c.run/dns/resolv.conf ] || lab_die "the old file stays"
	path_conf third
	lab_ctl reload || lab_die "reload"
	lab_until 10 grep -q '^nameserver 10\.9\.0\.1$' c.run/dns/third
	[ ! -e c.run/dns/other ] || lab_die "the old file stays"
	lab_stop
	lab_conf <<-'END'
	resolv-conf no
	interface "eth0" { }
	END
	lab_leased
	lab_until 10 test ! -e c.run/dns/third
}

path_conf() { # NAME
	lab_conf <<-END
	resolv-conf "/run/dns/$1"
	interface "eth0" { }
	END
}

# An interface that is let go because of its new name takes its DNS along,
# also where that name is one that is never managed.
test_renamed() {
	bound ''
	lab_until 10 resolv_has '^nameserver 10\.9\.0\.1'
	name=eth0
	for other in other0 'a#b'; do
		rename $name "$other"
		name=$other
		lab_until 10 resolv_lacks '10\.9\.0\.1'
		rename "$name" eth0
		name=eth0
		lab_bound eth0 20 >/dev/null
		lab_until 10 resolv_has '^nameserver 10\.9\.0\.1'
	done
}

rename() { # OLD NEW
	lab_on c ip link set "$1" down
	lab_on c ip link set "$1" name "$2"
	lab_on c ip link set "$2" up
}

test_no() {
	bound 'resolv-conf no'
	lab_ctl renew eth0
	lab_bound >/dev/null
	lab_eq "resolv.conf" '# as found' "$(cat c.etc/resolv.conf)"
	lab_eq "still shown" "['10.9.0.1']" \
	    "$(lab_show 'i("eth0")["dhcp4"]["lease"]["dns"]')"
}

# Two interfaces: the preferred one's servers come first.
test_merged() {
	lab_pair
	no_resolvconf
	lab_host t
	lab_veth c eth1 t srv0
	lab_addr t srv0 10.7.0.1/24
	lab_script
	lab_bg t server2 python3 "$LAB_WIRE/wire_server.py" -i srv0 \
	    --yiaddr 10.7.0.100 --server 10.7.0.1 --router 10.7.0.1 \
	    --dns 10.7.0.1 --domain second.example
	lab_expect server2.log '^ready'
	lab_conf <<-'END'
	interface "eth0" { preference 200 }
	interface "eth1" { preference 10 }
	END
	lab_leased
	lab_ctl wait -4 -t 10 eth0 eth1 || lab_die "not both"
	lab_until 10 resolv_has '^nameserver 10\.7\.0\.1'
	lab_until 10 resolv_has '^nameserver 10\.9\.0\.1'
	lab_eq "order" 10.7.0.1 "$(awk '/^nameserver/ { print $2; exit }' \
	    c.etc/resolv.conf)"
	lab_eq "search" 'search second.example lab.example' \
	    "$(grep '^search' c.etc/resolv.conf)"
	lab_ctl release eth1
	lab_until 10 resolv_lacks '10\.7\.0\.1'
	resolv_has '^nameserver 10\.9\.0\.1' || lab_die "eth0's is gone too"
}

# Option 119 with compression, and 15 with several names.
test_search_list() {
	bound 'resolv-conf "/etc/resolv.conf"' \
	    --option 119=0161036c6162076578616d706c65000162c002
	lab_until 10 resolv_has '^search a\.lab\.example b\.lab\.example$'
}

atf_init_test_cases() {
	lab_load
	lab_case openresolv "Y-08: through resolvconf(8)" resolvconf
	lab_case openresolv_mode_changed \
	    "Y-08, Y-11: another resolv-conf since the last run" resolvconf
	lab_case openresolv_expiry "Y-08, D4-19: withdrawn on expiry" resolvconf
	lab_case plain_file "Y-08: a regular file, kept and put back"
	lab_case plain_restart "Y-08, Y-11: over a restart"
	lab_case symlink "Y-08: a symbolic link is never replaced"
	lab_case bind_mount "Y-08: a bind mount is not replaced"
	lab_case path "Y-08, Y-11: resolv-conf PATH, and another one"
	lab_case renamed "Y-08, Y-25: a name that is not managed" resolvconf
	lab_case no "Y-08: resolv-conf no"
	lab_case merged "Y-08: entries merged by preference"
	lab_case search_list "D4-07: compressed search list"
}
