#! /usr/bin/env atf-sh
# SPDX-License-Identifier: ISC
# The scenarios of freebsd.subr, one test case each.

lab_load() {
	for lab in "" /../../../tests/lab /../../../../tests/lab; do
		lab=$(atf_get_srcdir)$lab
		[ ! -f "$lab/freebsd.subr" ] || break
	done
	LEASED_SRC=${LEASED_SRC:-$(realpath "$lab/../..")}
	LEASED_BUILD=${LEASED_BUILD:-$(realpath "$(atf_get_srcdir)/../..")}
	# shellcheck source=/dev/null
	. "$lab/freebsd.subr"
}

atf_init_test_cases() {
	lab_load
	# shellcheck disable=SC2154 # of freebsd.subr
	for s in $lab_scenarios; do
		atf_test_case "freebsd_$s" cleanup
		eval "freebsd_${s}_head() {
			atf_set descr \"\$descr_$s\"
			atf_set require.user root
			atf_set require.progs 'jail jexec ifconfig'
			atf_set timeout 120
		}
		freebsd_${s}_body() { scenario_$s; }
		freebsd_${s}_cleanup() { lab_cleanup; }"
		atf_add_test_case "freebsd_$s"
	done
}
