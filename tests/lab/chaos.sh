#!/bin/sh
# SPDX-License-Identifier: ISC
# make chaos: random trouble around a real leased, see chaos.py.
#   chaos.sh [-b BUILD] [-n ROUNDS] [-s SEED] [-e EVENTS]
# Without -s a random seed, which is printed.  -k: keep the directory.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build
rounds=20
seed=
events=6
keep=
while getopts b:e:kn:s: opt; do
	case $opt in
	b) build=$OPTARG ;;
	e) events=$OPTARG ;;
	k) keep=yes ;;
	n) rounds=${OPTARG:-$rounds} ;;
	s) seed=$OPTARG ;;
	*)
		sed -n 's/^#   chaos.sh/usage: chaos.sh/p' "$0" >&2
		exit 2
		;;
	esac
done
[ -n "$seed" ] || seed=$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')
LEASED_BUILD=$(realpath "$build")
LAB_DIR=$(mktemp -d /tmp/leased-chaos.XXXXXX)
export LEASED_BUILD LAB_DIR
cd "$LAB_DIR"
# shellcheck source=/dev/null
. "$here/lab.subr"
lab_init "$here"

finish() {
	code=$?
	trap - EXIT INT TERM
	set +e
	lab_cleanup 2>/dev/null
	cd /
	[ -n "$keep" ] || rm -rf "$LAB_DIR"
	exit $code
}
trap finish EXIT
trap 'exit 1' INT TERM

lab_host c s
echo "chaos: seed $seed"
python3 "$here/chaos.py" "$LAB_DIR" "$LAB_BUILD" "$seed" "$rounds" "$events"
