#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Drive leased through every class of malformed DHCPv6 input of one phase.

    wire_run6.py --phase PHASE --dir DIRECTORY --leasectl PATH

As wire_run.py; the server is wire_server6.py --control.  A class of which
nothing may be accepted is sent in portions, and the counters must say that
only the good answer was taken; of the others each message goes alone where
an accepted one would end the exchange.
"""

import argparse
import json
import subprocess
import sys
import time

import check6
import classes6
import dhcp6
import wire_run
from dhcp6 import Opt

PHASES = ("advertise", "reply", "renew", "bound", "reconf")
PORTION = 30
TAKEN = {"advertise": "dhcp6_received_advertise",
         "reply": "dhcp6_received_reply", "renew": "dhcp6_received_reply",
         "bound": "dhcp6_received_reply",
         "reconf": "dhcp6_received_reconfigure"}
# What the good server says in a portion's time; a Release is answered too.
GOOD = {"advertise": 1, "reply": 2, "renew": 1, "bound": 0, "reconf": 0}


def sample(phase):
    """Only to be counted: as many options as the real one has."""
    m = dhcp6.Msg(dhcp6.REPLY, 1, [
        Opt(dhcp6.SERVER_ID, bytes(10)), Opt(dhcp6.CLIENT_ID, bytes(14)),
        Opt(dhcp6.IA_NA, bytes(12), [dhcp6.address("::", 1, 2)]),
        Opt(dhcp6.IA_PD, bytes(12), [dhcp6.prefix("::/56", 1, 2)]),
        Opt(dhcp6.DNS, bytes(16)), Opt(dhcp6.DOMAINS, bytes(13))])
    if phase == "reconf":
        m.opts = m.opts[:2] + [Opt(dhcp6.RECONF_MSG, b"\5"),
                               Opt(dhcp6.AUTH, bytes(28))]
    return m


class Run6(wire_run.Run):
    def taken(self):
        j = json.loads(self.ctl("-j", "show", "counters"))
        for i in j["interfaces"]:
            if i["name"] == "eth0":
                return i["counters"][TAKEN[self.args.phase]]
        raise RuntimeError("no counters of eth0")

    def portion6(self, name, first, count):
        phase = self.args.phase
        self.packets.take(count + 6)
        self.frames += count
        text = "%s %s %d %d" % (name, phase, first, count)
        self.fifo.write(text + "\n")
        self.fifo.flush()
        self.await_line("armed " + text)
        if phase in ("advertise", "reply"):
            self.cycles.take(1)
            self.ctl("release", "eth0")
        if phase in ("advertise", "reply", "renew"):
            self.ctl("renew", "eth0")
        self.await_line("sent " + text)
        self.settle()

    def whole(self):
        """It is bound and has an address and a prefix."""
        j = json.loads(self.ctl("-j", "show"))
        mine = next(i for i in j["interfaces"]
                    if i["name"] == "eth0")["dhcp6"]
        return mine["addresses"] and mine["prefixes"] and \
            mine["state"] == "bound"

    def settle(self):
        """What was refused is asked for again after 10 s, or on demand."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            pause = time.monotonic() + 0.3
            while time.monotonic() < pause:
                if self.whole():
                    return
                time.sleep(0.01)
            self.ctl("renew", "eth0")
        raise RuntimeError("not bound again")

    def class6(self, name):
        c, phase = classes6.CLASSES[name], self.args.phase
        total = len(classes6.messages(name, phase, lambda: sample(phase)))
        size = PORTION
        if phase in ("reply", "renew") and not c.dropped:
            size = 1 if name != "truncated" else PORTION
        for first in range(0, total, size):
            before = self.taken()
            n = min(size, total - first)
            self.portion6(name, first, n)
            if c.dropped and self.taken() - before > GOOD[phase]:
                self.fail("%s %s %d-%d: accepted" % (
                    name, phase, first, first + n - 1))
        if self.parent_pid() != self.pid:
            raise RuntimeError("leased was replaced")
        for o in self.offences():
            self.fail("%s %s: %s" % (name, phase, o))

    def offences(self):
        yield from check6.check_monitor(self.path("c.mon"))
        yield from check6.check_resolv("/etc/resolv.conf")
        yield from check6.check_json(self.ctl("-j", "show"))
        while True:
            line = self.events.readline()
            if not line.endswith(b"\n"):
                self.events.seek(-len(line), 1)
                return
            yield from check6.check_json(line)

    def run(self):
        silent = 0
        for name, c in classes6.CLASSES.items():
            if self.args.phase not in c.phases or \
                    self.args.only not in (None, name):
                continue
            try:
                self.class6(name)
            except (RuntimeError, subprocess.SubprocessError) as e:
                self.fail("%s %s: %s" % (name, self.args.phase, e))
                silent += 1
                if silent == 3:
                    return 1
        print("%s: %d messages, %d failures" % (
            self.args.phase, self.frames, self.failures))
        return 1 if self.failures else 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--phase", required=True, choices=PHASES)
    p.add_argument("--dir", required=True)
    p.add_argument("--leasectl", required=True)
    p.add_argument("--only")
    return Run6(p.parse_args()).run()


if __name__ == "__main__":
    sys.exit(main())
