#!/usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# contrib/systemd: the unit is valid as installed, and leased works within the
# bounds that it sets.

lab_load() {
	for lab in "" /../../../tests/lab /../../../../tests/lab; do
		lab=$(atf_get_srcdir)$lab
		[ ! -f "$lab/lab.subr" ] || break
	done
	# shellcheck source=/dev/null
	. "$lab/lab.subr"
	lab_init "$lab"
	SRC=${LEASED_SRC:-$lab/../..}
}

test_verify() {
	_dest=$LAB_DIR/dest
	(cd "$SRC" && sh mk/install.sh Linux "$LAB_BUILD" "$_dest" /opt/x) ||
	    lab_die "install failed"
	_unit=$_dest/opt/x/lib/systemd/system/leased.service
	grep -q '^ExecStart=/opt/x/sbin/leased -d$' "$_unit" ||
	    lab_die "ExecStart: $(grep ExecStart "$_unit")"
	# The program is not where it will be.
	sed "s|=/opt/x/|=$_dest/opt/x/|" "$_unit" >leased.service
	systemd-analyze verify --man=no ./leased.service >out 2>&1 ||
	    lab_die "verify: $(cat out)"
	lab_eq "warnings" '' "$(cat out)"
	for _line in Type=notify Restart=on-failure KillMode=mixed \
	    StartLimitIntervalSec=60 StartLimitBurst=5; do
		grep -qx "$_line" leased.service || lab_die "no $_line"
	done
}

test_verify_freebsd() {
	(cd "$SRC" && sh mk/install.sh FreeBSD "$LAB_BUILD" "$LAB_DIR/dest" \
	    /usr/local) || lab_die "install failed"
	[ ! -e dest/usr/local/lib/systemd ] || lab_die "a unit on FreeBSD"
}

# The capabilities that the unit leaves are enough, also for DNS; and READY=1
# comes (sd_notify(3)).
test_bounds() {
	_caps=$(sed -n 's/^CapabilityBoundingSet=//p' \
	    "$SRC/contrib/systemd/leased.service" | tr '\n' ' ' |
	    sed 's/CAP_/+/g; s/  *$//; s/ /,/g' | tr '[:upper:]' '[:lower:]')
	lab_pair
	lab_dnsmasq 10.9.0.100,10.9.0.120 --dhcp-option=6,10.9.0.1
	lab_conf <<-'END'
	release-on-exit yes
	interface "eth0" { }
	END
	lab_bg c notify python3 -c 'if True:
	    import socket
	    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
	    s.bind("/run/notify")
	    print("listening", flush=True)
	    while True:
	        print(s.recv(4096).decode(), flush=True)'
	lab_expect notify.log listening
	lab_mark leased.log
	lab_bg c leased env NOTIFY_SOCKET=/run/notify setpriv --no-new-privs \
	    --bounding-set "-all,$_caps" "$LAB_BUILD/leased" -dv
	lab_expect notify.log READY=1
	lab_bound >/dev/null
	lab_expect leased.log 'resolvconf .* done|resolv\.conf'
	lab_nothing leased.log 'not permitted|cannot'
	lab_kill leased
	lab_expect notify.log STOPPING=1
	lab_expect server.log DHCPRELEASE
	lab_eq "address" '' "$(lab_address)"
}

atf_init_test_cases() {
	lab_load
	lab_case verify "Y-02: the systemd unit is valid as installed" \
	    systemd-analyze
	lab_case verify_freebsd "Y-02: no systemd unit on FreeBSD"
	lab_case bounds "Y-02, Y-11: leased within the bounds of the unit" \
	    "dnsmasq setpriv"
}
