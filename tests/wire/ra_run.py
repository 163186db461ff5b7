#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Drive leased through every class of malformed router advertisement.

    ra_run.py --dir DIRECTORY --leasectl PATH

As wire_run.py; the router is ra_server.py.  After every class the good
advertisement behind it must have been taken, none but it where a class is to
be dropped, and nothing that check6.py does not allow may be there.
"""

import argparse
import json
import sys
import time

import ra_classes
from wire_run6 import Run6

PORTION = 40
LIMITS = {"hop_limit": (64, 255), "mtu": (1280, 1500)}


class RunRa(Run6):
    def counters(self):
        j = json.loads(self.ctl("-j", "show", "counters"))
        return next(i for i in j["interfaces"]
                    if i["name"] == "eth0")["counters"]

    def portion_ra(self, name, first, count, dropped):
        """What is neither accepted nor dropped did not reach the socket."""
        self.packets.take(count + 2)
        self.frames += count
        before = self.counters()["nd_received_advertisement"]
        text = "%s %d %d" % (name, first, count)
        self.fifo.write(text + "\n")
        self.fifo.flush()
        self.await_line("sent " + text)
        end, want = time.monotonic() + 5, 1 if dropped else count + 1
        while True:
            now = self.counters()["nd_received_advertisement"]
            if now - before >= want:
                break
            if time.monotonic() > end:
                raise RuntimeError("%d of %d accepted" % (
                    now - before, want))
            time.sleep(0.01)
        if dropped and now - before > 1:
            self.fail("%s %d-%d: accepted" % (name, first,
                                              first + count - 1))

    def limits(self):
        for name, (least, most) in LIMITS.items():
            with open("/proc/sys/net/ipv6/conf/eth0/" + name,
                      encoding="ascii") as f:
                value = int(f.read())
            if not least <= value <= most:
                yield "%s is %d" % (name, value)
        with open("/proc/sys/net/ipv6/neigh/eth0/retrans_time_ms",
                  encoding="ascii") as f:
            if not 100 <= int(f.read()) <= 10000:
                yield "retrans_time_ms is out of bounds"

    def run(self):
        for name, c in ra_classes.CLASSES.items():
            total = len(list(ra_classes.frames(name)))
            try:
                for first in range(0, total, PORTION):
                    self.portion_ra(name, first, min(PORTION, total - first),
                                    c.dropped)
                self.ctl("wait", "-6", "-t", "5", "eth0")
            except RuntimeError as e:
                self.fail("%s: %s" % (name, e))
            if self.parent_pid() != self.pid:
                self.fail("%s: leased was replaced" % name)
                return 1
            for o in self.offences():
                self.fail("%s: %s" % (name, o))
            for o in self.limits():
                self.fail("%s: %s" % (name, o))
        print("%d advertisements, %d failures" % (self.frames, self.failures))
        return 1 if self.failures else 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--dir", required=True)
    p.add_argument("--leasectl", required=True)
    return RunRa(p.parse_args()).run()


if __name__ == "__main__":
    sys.exit(main())
