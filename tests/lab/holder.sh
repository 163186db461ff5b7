#!/bin/sh
# SPDX-License-Identifier: ISC
# Keeps a host of the lab alive: private /etc, /run and /var/lib, then waits.
#   holder.sh DIRECTORY NAME
set -u
up=$1/$2.up
fail() {
	echo "$1" >"$up"
	exit 1
}
mount --make-rprivate / || fail "mounts cannot be made private"
mount --bind "$1/$2.etc" /etc || fail "no private /etc"
mount --bind "$1/$2.lib" /var/lib || fail "no private /var/lib"
mount --bind "$1/$2.run" /run || fail "no private /run"
echo up >"$up"
exec sleep 3600
