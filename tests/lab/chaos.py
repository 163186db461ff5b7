#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Random trouble around a real leased, and what has to be right after it.

  chaos.py DIRECTORY BUILD SEED ROUNDS [EVENTS]

DIRECTORY is where lab.subr made the hosts c (the client) and s (a router, a
DHCPv4 and a DHCPv6 server); the link between them is made here.  In each round
some EVENTS come, a random moment apart; then everything is put right, and
within a bound the invariants of check() have to hold.  Which trouble comes
follows from SEED alone; what the daemon makes of it also from the moment.

What bounds the wait: a link that comes up is used at once (RFC 4861 6.3.7,
RFC 2131 4.4.1), and `renew` begins anew; of each exchange two messages may
have been lost with the link: 1 + 2 s of DHCPv6, 4 + 8 s of DHCPv4 and of
router solicitations.  radvd answers after up to 3 s.
"""

import os
import subprocess
import sys
import time

from chaos_check import CheckedLab
from chaos_events import EVENTS, RENEW, WEIGHTS
from chaos_lab import BOUND, KNOBS, PROTO, Broken


def session(lab, rounds, nevents):
    lab.sysctl("s", "ipv6/conf/all/forwarding", 1)
    lab.make_link()
    lab.restore_link()
    for knob in KNOBS:
        lab.knobs[knob] = lab.sysctl("c", knob)
    # Without resolvconf(8): the file itself is looked at.
    lab.write("none", "")
    for d in ("/sbin", "/usr/sbin", "/bin", "/usr/bin", "/usr/local/sbin"):
        lab.run(lab.on("c", "sh", "-c", f"[ ! -e {d}/resolvconf ] || "
                       f"mount --bind {lab.dir}/none {d}/resolvconf"))
    lab.quiet("begin")
    lab.settle(BOUND)
    names = sorted(EVENTS)
    only = os.environ.get("CHAOS_ONLY", "").split()
    names = [n for n in names if not only or n in only]
    weights = [WEIGHTS.get(n, 1) for n in names]
    slowest = 0
    for number in range(rounds):
        lab.note(f"round {number}")
        chosen = lab.rng.choices(names, weights,
                                 k=lab.rng.randint(1, nevents))
        for name in chosen:
            lab.note(name)
            EVENTS[name](lab)
            lab.pause()
        kick = lab.rng.choice(["renew", "carrier", "nothing", "nothing"])
        if "renumber" in chosen:
            kick = "carrier"
        elif kick == "nothing" and RENEW & set(chosen):
            kick = "renew"
        lab.quiet(kick)
        slowest = max(slowest, lab.settle(BOUND))
    finish(lab)
    return slowest


def finish(lab):
    """What was found comes back."""
    lab.note("stop --withdraw")
    lab.stop("radvd")
    code, out = lab.ctl("stop", "--withdraw")
    if code != 0:
        raise Broken("stop: " + out)
    lab.procs["leased"].wait(10)
    bad = []
    addrs = lab.addresses()[1]
    bad += lab.foreign_check(addrs)
    if set(addrs) != {"192.0.2.5/24", "2001:db8:99::5/64"}:
        bad.append(f"addresses stay: {addrs}")
    for family in ("-4", "-6"):
        ours = [r for r in lab.ipj(family + " route show table all")
                if r["protocol"] == PROTO]
        if ours:
            bad.append(f"routes stay: {ours}")
    for knob, value in lab.knobs.items():
        now = lab.sysctl("c", knob)
        if now != value:
            bad.append(f"{knob} is {now}, was {value}")
    if lab.read("c.etc/resolv.conf") != "# as found\n":
        bad.append("resolv.conf: " + lab.read("c.etc/resolv.conf"))
    if lab.procs["leased"].returncode != 0:
        bad.append(f"exit code {lab.procs['leased'].returncode}")
    lab.check_log()
    if bad:
        raise Broken("after stop --withdraw: " + "; ".join(bad))


def report(lab, seed, why):
    print(f"chaos: seed {seed}: {why}")
    print("events:")
    print("\n".join(lab.events))
    print("the end of the log:")
    print("\n".join(lab.read("leased.log").split("\n")[-120:]))
    for args in ("addr", "-4 route", "-6 route"):
        print(lab.ip("c", args)[1])
    for args in (["show"], ["show", "counters"], ["-j", "show"]):
        print(lab.ctl(*args)[1])
    for name in ("dhcp4", "dhcp6", "radvd"):
        print(f"--- {name}.log")
        print("\n".join(lab.read(name + ".log").split("\n")[-12:]))


def main():
    directory, build, seed, rounds = sys.argv[1:5]
    nevents = int(sys.argv[5]) if len(sys.argv) > 5 else 6
    lab = CheckedLab(directory, build, int(seed))
    try:
        slowest = session(lab, int(rounds), nevents)
    except (Broken, RuntimeError, subprocess.TimeoutExpired) as e:
        report(lab, seed, e)
        return 1
    finally:
        for p in lab.procs.values():
            if p.poll() is None:
                p.kill()
    if os.environ.get("CHAOS_VERBOSE"):
        print("\n".join(lab.events))
    print(f"chaos: seed {seed}: {rounds} rounds, the slowest settled in "
          f"{slowest:.1f} s, all in {time.monotonic() - lab.t0:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
