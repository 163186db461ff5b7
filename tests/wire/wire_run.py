#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Drive leased through every class of malformed input of one phase.

    wire_run.py --phase offer|ack|nak|bound --dir DIRECTORY --leasectl PATH

Runs on the client's host while wire_server.py --control DIRECTORY/wire.fifo
runs on the server's (output: server.log) and `leasectl -j monitor` writes to
events.log.  Each class is sent in portions that the client's limit on packets
a second lets through; in the ack and nak phases a portion is one frame, since
what comes behind an accepted answer is no longer looked at.  After every
class: the same process lives, nothing that check.py does not allow is or was
configured or shown, and the good server's answer has been taken.
"""

import argparse
import json
import os
import subprocess
import sys
import time

import check
import classes
import dhcp

PORTION = {"offer": 40, "ack": 1, "nak": 1, "bound": 40}
# The client's limits per interface, with a margin: packets that the frontend
# lets through, and cycles of withdrawing and configuring anew, each a dozen of
# the requests that the parent's policy counts.
PACKETS, CYCLES = (56, 90), (12, 4)


class Bucket:
    """Waits until so many are let through."""

    def __init__(self, burst, per_second):
        self.burst, self.per_second = burst, per_second
        self.tokens, self.then = burst, time.monotonic()

    def take(self, n):
        while True:
            now = time.monotonic()
            self.tokens = min(self.burst, self.tokens +
                              (now - self.then) * self.per_second)
            self.then = now
            if self.tokens >= n:
                self.tokens -= n
                return
            time.sleep((n - self.tokens) / self.per_second)


class Run:
    def __init__(self, args):
        self.args = args
        self.packets, self.cycles = Bucket(*PACKETS), Bucket(*CYCLES)
        self.failures = 0
        self.frames = 0
        self.log = open(self.path("server.log"), "rb")
        self.log.seek(0, os.SEEK_END)
        self.events = open(self.path("events.log"), "rb")
        self.fifo = open(self.path("wire.fifo"), "w", encoding="ascii")
        self.pid = self.parent_pid()

    def path(self, name):
        return os.path.join(self.args.dir, name)

    def ctl(self, *words, check_code=True):
        p = subprocess.run([self.args.leasectl, *words],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           timeout=30, check=False)
        if check_code and p.returncode != 0:
            raise RuntimeError("leasectl %s: %d: %s" % (
                " ".join(words), p.returncode, p.stdout.decode()))
        return p.stdout

    def parent_pid(self):
        j = json.loads(self.ctl("-j", "show"))
        for p in j["sandboxes"]:
            if p["process"] == "parent":
                return p["pid"]
        raise RuntimeError("no parent in show")

    def await_line(self, text, seconds=20):
        end = time.monotonic() + seconds
        line = b""
        while time.monotonic() < end:
            # A line can come in parts.
            line += self.log.readline()
            if not line.endswith(b"\n"):
                time.sleep(0.002)
            elif line.decode(errors="replace").startswith(text):
                return
            else:
                line = b""
        raise RuntimeError("server does not say '%s'" % text)

    def portion(self, name, first, count):
        phase = self.args.phase
        self.packets.take(count + 3)
        if phase in ("offer", "nak"):
            self.cycles.take(1)
        self.frames += count
        text = "%s %s %d %d" % (name, phase, first, count)
        self.fifo.write(text + "\n")
        self.fifo.flush()
        self.await_line("armed " + text)
        if phase == "offer":
            self.ctl("release", "eth0")
        self.ctl("renew", "eth0")
        self.await_line("sent " + text)
        self.ctl("wait", "-4", "-t", "20", "eth0")

    def offences(self):
        yield from check.check_monitor(self.path("c.mon"))
        yield from check.check_resolv("/etc/resolv.conf")
        yield from check.check_json(self.ctl("-j", "show"))
        while True:
            line = self.events.readline()
            if not line.endswith(b"\n"):
                self.events.seek(-len(line), os.SEEK_CUR)
                return
            yield from check.check_json(line)

    def one_class(self, name):
        phase = self.args.phase
        total = len(classes.frames(name, phase, lambda k: dhcp.Reply(
            1, b"\2abcde", k, "10.9.0.100", "10.9.0.1",
            [(51, b"\0\0\2\x58")])))
        size = PORTION[phase]
        if name.startswith("truncated_") and phase != "ack":
            size = 40  # never, or all the same, an acceptable answer
        if name in ("truncated_header", "truncated_frame"):
            size = 40
        for first in range(0, total, size):
            self.portion(name, first, min(size, total - first))
            if size == 1 and phase == "ack":
                for o in check.check_json(self.ctl("-j", "show")):
                    self.fail("%s %s %d: %s" % (name, phase, first, o))
        if self.parent_pid() != self.pid or not os.path.exists(
                "/proc/%d" % self.pid):
            raise RuntimeError("leased was replaced or died")
        for o in self.offences():
            self.fail("%s %s: %s" % (name, phase, o))

    def fail(self, text):
        self.failures += 1
        print("FAIL " + text, flush=True)

    def run(self):
        only, silent = self.args.only, 0
        for name, c in classes.CLASSES.items():
            if self.args.phase in c.phases and only in (None, name):
                try:
                    self.one_class(name)
                except (RuntimeError, subprocess.SubprocessError) as e:
                    self.fail("%s %s: %s" % (name, self.args.phase, e))
                    silent += 1
                    if silent == 3 or not os.path.exists(
                            "/proc/%d" % self.pid):
                        return 1
        print("%s: %d frames, %d failures" % (
            self.args.phase, self.frames, self.failures))
        return 1 if self.failures else 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--phase", required=True, choices=sorted(PORTION))
    p.add_argument("--dir", required=True)
    p.add_argument("--leasectl", required=True)
    p.add_argument("--only")
    return Run(p.parse_args()).run()


if __name__ == "__main__":
    sys.exit(main())
