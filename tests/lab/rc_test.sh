#! /usr/bin/env atf-sh
# shellcheck disable=SC2016
# SPDX-License-Identifier: ISC
# rc(8) scripts and what is installed on FreeBSD: syntax and order everywhere,
# with the real rc.subr(8) and rcorder(8) where they are.

rc_src() {
	if [ -n "${LEASED_SRC:-}" ]; then
		echo "$LEASED_SRC"
	else
		realpath "$(atf_get_srcdir)/../../.."
	fi
}

# A tree as "make install" on FreeBSD makes it, without compiling.
rc_stage() {
	src=$(rc_src)
	[ -f "$src/rc.d/leased.in" ] || atf_skip "no source tree"
	mkdir b
	printf '#!/bin/sh\necho "$0 $*" >>calls\n' >b/leased
	cp b/leased b/leasectl
	chmod 755 b/leased b/leasectl
	b=$(pwd)/b stage=$(pwd)/stage
	(cd "$src" && sh mk/install.sh FreeBSD "$b" "$stage" /opt/local) ||
	    atf_fail "mk/install.sh"
}

atf_test_case rc_install_follows_hier
rc_install_follows_hier_head() {
	atf_set descr "Y-02: hier(7): what the port's pkg-plist names, no more"
}
rc_install_follows_hier_body() {
	rc_stage
	(cd stage/opt/local && find . -type f | sed 's,^\./,,' | sort) >have
	sed -e '/^@dir/d' -e 's/^@sample //' -e 's/\.gz$//' \
	    -e 's,%%EXAMPLESDIR%%,share/examples/leased,' \
	    "$src/contrib/port/pkg-plist" | sort >want
	diff want have || atf_fail "contrib/port/pkg-plist differs"
	! grep -r '%%PREFIX%%\|/usr/local' stage/opt/local/etc/rc.d \
	    stage/opt/local/libexec ||
	    atf_fail "a prefix is left"
	# As "make check-plist" sees it: what is /var/empty here is an orphan.
	(cd stage && find . -type d -empty | sed 's,^\.,,') >have
	sed -n 's/^@dir[^ ]* //p' "$src/contrib/port/pkg-plist" >want
	diff want have || atf_fail "empty directories differ"
}

atf_test_case rc_scripts_are_well_formed
rc_scripts_are_well_formed_head() {
	atf_set descr "Y-02: sh -n and shellcheck of rc.d, dhclient wrapper"
}
rc_scripts_are_well_formed_body() {
	rc_stage
	for f in stage/opt/local/etc/rc.d/leased \
	    stage/opt/local/libexec/leased-dhclient; do
		[ -x "$f" ] || atf_fail "$f is not executable"
		atf_check sh -n "$f"
		command -v shellcheck >/dev/null || continue
		# rc.subr is not here, and reads the variables.
		atf_check -o ignore shellcheck -s sh \
		    -e SC1091,SC2034,SC2154 "$f"
	done
}

atf_test_case rc_order_keywords
rc_order_keywords_head() {
	atf_set descr "Y-02: after netif and FILESYSTEMS, before NETWORKING; nojailvnet"
}
rc_order_keywords_body() {
	rc_stage
	f=stage/opt/local/etc/rc.d/leased
	for k in 'PROVIDE: leased' 'REQUIRE: FILESYSTEMS netif' \
	    'BEFORE: NETWORKING' 'KEYWORD: nojailvnet resume shutdown'; do
		# rcorder(8) reads the first block of comments alone.
		sed '/^[^#]/q' "$f" | grep -qx "# $k" ||
		    atf_fail "no line '# $k'"
	done
	command -v rcorder >/dev/null || return 0
	rcorder /etc/rc.d/* "$f" >order 2>/dev/null
	pos() {
		grep -n "/$1\$" order | head -n 1 | cut -d: -f1
	}
	[ "$(pos netif)" -lt "$(pos leased)" ] || atf_fail "before netif"
	[ "$(pos leased)" -lt "$(pos NETWORKING)" ] ||
	    atf_fail "after NETWORKING"
}

# The part of rc.subr(8) that leased uses, so that the script itself is run.
rc_fake() {
	cat >rc.subr <<'S'
load_rc_config() { . ./rc.conf; }
checkyesno() {
	eval v=\$$1
	case $v in [Yy][Ee][Ss]) return 0 ;; *) return 1 ;; esac
}
warn() { echo "warning: $*"; }
run_rc_command() {
	case $1 in
	start) ${start_precmd} || exit 1
		echo "$command $leased_flags $command_args" | tr -s ' \t\n' ' '
		echo
		${start_postcmd} ;;
	*) eval "\$${1}_cmd" ;;
	esac
}
S
	sed -e 's,^\. /etc/rc.subr,. ./rc.subr,' \
	    -e "s,/opt/local/sbin,$(pwd)/b,g" \
	    stage/opt/local/etc/rc.d/leased >script
	: >calls
}

atf_test_case rc_start_commands
rc_start_commands_head() {
	atf_set descr "Y-02: flags, interfaces, supervision, waiting, reload, configtest"
}
rc_start_commands_body() {
	rc_stage
	rc_fake
	b=$(pwd)/b
	echo 'leased_flags="-v" leased_interfaces="em0 em1"' >rc.conf
	atf_check -o match:"/usr/sbin/daemon -R 5 -P /var/run/leased_daemon.pid .* $b/leased -d -v em0 em1" \
	    sh script start
	grep -qx "$b/leased -n -v em0 em1" calls || atf_fail "$(cat calls)"
	grep -q "wait" calls && atf_fail "waits: $(cat calls)"
	echo 'leased_restart=NO leased_wait=30 leased_wait_interfaces=em0' >rc.conf
	atf_check -o match:"^$b/leased em7 \$" sh script start em7
	grep -qx "$b/leasectl wait -t 30 em0" calls || atf_fail "$(cat calls)"
	: >calls
	atf_check sh script reload
	atf_check sh script configtest
	printf '%s\n' "$b/leasectl reload" "$b/leased -n" >want
	diff want calls || atf_fail "reload, configtest"
	# A wrong configuration is not started again and again.
	printf '#!/bin/sh\necho "bad line"; exit 1\n' >b/leased
	atf_check -s exit:1 -o match:"bad line" sh script start
}

atf_test_case rc_dhclient_wrapper
rc_dhclient_wrapper_head() {
	atf_set descr "Y-02: dhclient_program asks the daemon; -b does not wait"
}
rc_dhclient_wrapper_body() {
	rc_stage
	b=$(pwd)/b
	sed -e "s,/opt/local/sbin,$b,g" -e "s,/opt/local/etc/rc.d/leased,$b/service," \
	    stage/opt/local/libexec/leased-dhclient >wrapper
	cp b/leased b/service
	: >calls
	atf_check sh wrapper -n -b em0
	grep -q wait calls && atf_fail "-b waits"
	atf_check sh wrapper -n -c /etc/dhclient.conf -p /var/run/pid em0
	tail -n 1 calls >last
	atf_check -o inline:"$b/leasectl wait -4 -t 60 em0\n" cat last
	grep -q service calls && atf_fail "started again"
	# Not running, then not managed.
	printf '#!/bin/sh\necho "$0 $*" >>calls\nexit 1\n' >b/leasectl
	: >calls
	atf_check -s exit:1 -e match:"em0 is not managed" sh wrapper em0
	grep -qx "$b/service onestart em0" calls || atf_fail "$(cat calls)"
	for bad in '' '-x' 'em0;id' 'a b' '$(id)'; do
		atf_check -s exit:1 -e ignore sh wrapper -- "$bad"
	done
	atf_check -s exit:1 -e match:usage sh wrapper
}

atf_test_case rc_under_the_real_rc_subr
rc_under_the_real_rc_subr_head() {
	atf_set descr "Y-02, D4-29: dhclient's place at boot, the start after it, resume"
}
rc_under_the_real_rc_subr_body() {
	# There are Linux systems with a file of that name.
	grep -q '^run_rc_script' /etc/rc.subr 2>/dev/null || return 0
	rc_stage
	here=$(pwd)
	sed -e "s,/opt/local/sbin,$here/b,g" -e "s,/var/run,$here," \
	    -e "s,^load_rc_config.*,&; . $here/conf," \
	    stage/opt/local/etc/rc.d/leased >script
	sed -e "s,/opt/local/sbin,$here/b,g" \
	    -e "s,/opt/local/etc/rc.d/leased,$here/script," \
	    stage/opt/local/libexec/leased-dhclient >wrapper
	chmod 755 script
	cat >b/leased <<-X
		#!/bin/sh
		[ "\$1" = -n ] && exit
		echo "leased \$*" >>$here/calls
		touch $here/up
	X
	cat >b/leasectl <<-X
		#!/bin/sh
		[ "\$1" = show ] || echo "leasectl \$*" >>$here/calls
		[ -e $here/up ]
	X
	echo 'leased_enable=YES leased_restart=NO leased_interfaces=em1' >conf
	atf_check -o match:'Starting leased' sh wrapper em0
	printf '%s\n' 'leased em1 em0' 'leasectl wait -4 -t 60 em0' >want
	atf_check -o file:want cat calls
	# rc(8) at boot looks at no pid.
	: >calls
	echo leased_wait=3 >>conf
	atf_check ./script faststart
	atf_check -o inline:'leasectl wait -t 3\n' cat calls
	: >calls
	atf_check ./script resume
	atf_check -o inline:'leasectl resume\n' cat calls
}

atf_test_case rc_examples_are_valid
rc_examples_are_valid_head() {
	atf_set descr "Y-02, Y-15: packet filter, jail and devfs examples parse where they can"
}
rc_examples_are_valid_body() {
	src=$(rc_src)
	[ -d "$src/contrib" ] || atf_skip "no source tree"
	for w in routersol routeradv neighbrsol 546 547 68 67; do
		grep -q "$w" "$src/contrib/pf.conf" || atf_fail "pf.conf: $w"
	done
	for w in 133,134,135,136 546 547 68 67; do
		grep -q "$w" "$src/contrib/ipfw.rules" ||
		    atf_fail "ipfw.rules: $w"
	done
	grep -q "^add path 'bpf\*' unhide" "$src/contrib/devfs.rules" ||
	    atf_fail "devfs.rules"
	set=$(sed -n 's/^\[devfsrules_.*=\([0-9]*\)\]/\1/p' \
	    "$src/contrib/devfs.rules")
	grep -q "devfs_ruleset = $set;" "$src/contrib/jail.conf.example" ||
	    atf_fail "rule set $set is not the jail's"
	grep -q 'leasectl wait' "$src/contrib/jail.conf.example" ||
	    atf_fail "the jail does not wait"
	[ "$(uname)" = FreeBSD ] || return 0
	if command -v pfctl >/dev/null && [ "$(id -u)" -eq 0 ]; then
		atf_check -o ignore -e ignore pfctl -nf "$src/contrib/pf.conf"
	fi
	if command -v jail >/dev/null && [ "$(id -u)" -eq 0 ]; then
		atf_check -o match:devfs_ruleset -e ignore \
		    jail -f "$src/contrib/jail.conf.example" -e ' '
	fi
}

atf_init_test_cases() {
	atf_add_test_case rc_install_follows_hier
	atf_add_test_case rc_scripts_are_well_formed
	atf_add_test_case rc_order_keywords
	atf_add_test_case rc_start_commands
	atf_add_test_case rc_dhclient_wrapper
	atf_add_test_case rc_under_the_real_rc_subr
	atf_add_test_case rc_examples_are_valid
}
