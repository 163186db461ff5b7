#!/bin/sh
# install.sh OS BUILD DESTDIR PREFIX
set -eu
os=$1 b=$2 dest=$3 prefix=$4
case $os in
Linux) conf=/etc empty=/var/lib/leased-empty state=/var/lib/leased ;;
*) conf=$prefix/etc empty=/var/empty state=/var/db/leased ;;
esac
man=$prefix/share/man
install -d "$dest$prefix/sbin" "$dest$man/man5" "$dest$man/man8" \
    "$dest$conf" "$dest$(dirname "$state")"
install -m 755 "$b/leased" "$b/leasectl" "$dest$prefix/sbin"
install -m 644 man/leased.8 man/leasectl.8 "$dest$man/man8"
install -m 644 man/leased.conf.5 "$dest$man/man5"
# put MODE FILE TARGET: with the prefix in it
put() {
	sed "s,%%PREFIX%%,$prefix,g" "$2" >"$dest$3"
	chmod "$1" "$dest$3"
}
# hier(7)
if [ "$os" != Linux ]; then
	examples=$prefix/share/examples/leased
	install -d "$dest$conf/rc.d" "$dest$prefix/libexec" "$dest$examples"
	put 555 rc.d/leased.in "$conf/rc.d/leased"
	put 555 rc.d/leased-dhclient.in "$prefix/libexec/leased-dhclient"
	put 644 contrib/leased.conf.sample "$conf/leased.conf.sample"
	for f in contrib/examples/*.conf contrib/pf.conf contrib/ipfw.rules \
	    contrib/jail.conf.example contrib/devfs.rules; do
		put 644 "$f" "$examples/${f##*/}"
	done
	put 555 contrib/announce/leased-announce "$examples/leased-announce"
fi
[ -d "$dest$state" ] || install -d -m 700 "$dest$state"
if [ "$os" = Linux ]; then
	[ -d "$dest$empty" ] || install -d -m 555 "$dest$empty"
	unit=$dest$prefix/lib/systemd/system
	install -d "$unit"
	sed "s|/usr/local/|$prefix/|" contrib/systemd/leased.service \
	    >"$unit/leased.service"
	chmod 644 "$unit/leased.service"
fi
# The user, where this is the running system.
if [ -z "$dest" ] && [ "$(id -u)" -eq 0 ] && ! id _leased >/dev/null 2>&1
then
	case $os in
	Linux) useradd --system --no-create-home --home-dir "$empty" \
	    --shell /usr/sbin/nologin _leased ;;
	*) pw useradd _leased -d "$empty" -s /usr/sbin/nologin ;;
	esac
fi
