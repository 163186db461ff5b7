#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Let single calls of leased fail, or be its last, and see what becomes of it.

    run.py BUILD MODE [-w WORLD] [-n N] [-s SEED] [-p PART/PARTS]
        [PROCESS CALL NUMBER]

MODE is calls (each call of every process fails in turn), kills (the parent
ends suddenly at a call), disk (the state directory is full) or descriptors
(few of them).  Runs inside the client's namespaces with what WORLD
(worlds.py) needs on the other side (faults_test.sh).  -n takes N cases at
random, -p a part of them, to run parts side by side.

Each case: start, bind, renew, stop.  Whatever fails: no process crashes; the
daemon goes on and gets its lease, or says why and leaves.  Then, without faults, the same state
directory and kernel: the daemon starts, within seconds everything is there
and nothing else, and stop --withdraw leaves what was found.
"""
import argparse
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import time

from worlds import WORLDS, run

ROLES = ("parent", "frontend", "engine", "helper")
STATE = "/var/lib/leased-faults"
RECOVER_SEC = 30  # what fails once is tried again after 10 s at most
COUNT, ORDERS = "/run/faults.count", "/run/faults"
HERE = os.path.dirname(os.path.abspath(__file__))


def call_names():
    # Where this is a copy in the build directory, the source is elsewhere.
    src = os.path.join(os.environ["LEASED_SRC"], "tests", "faults") \
        if "LEASED_SRC" in os.environ else HERE
    with open(os.path.join(src, "faults.c"), encoding="utf-8") as f:
        block = re.search(r"#define FAULTS\(X\)(.*?)#define ROLES", f.read(),
                          re.DOTALL).group(1)
    return re.findall(r"X\([\w ]+ ?\*?, (\w+),", block)


NAMES = call_names()


class Daemon:
    def __init__(self, binary, prefix=()):
        self.log = open("faults.log", "w+b")  # pylint: disable=R1732
        env = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")
        self.proc = subprocess.Popen(  # pylint: disable=R1732
            list(prefix) + [binary, "-dv", "-f", "/etc/leased.conf", "-S",
                            STATE], stdin=subprocess.DEVNULL, env=env,
            stdout=self.log, stderr=self.log)

    def text(self):
        with open("faults.log", "rb") as f:
            return f.read().decode("latin-1")

    def alive(self):
        return self.proc.poll() is None

    def wait_for(self, patterns, seconds):
        """All of them, or the end of the daemon."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            alive, text = self.alive(), self.text()
            if all(re.search(p, text) for p in patterns):
                return True
            if not alive:
                return False
            time.sleep(0.01)
        return False

    def stop(self, seconds=9):
        """Exit code after SIGTERM; None: it does not stop."""
        if self.alive():
            self.proc.send_signal(signal.SIGTERM)
        try:
            code = self.proc.wait(seconds)
        except subprocess.TimeoutExpired:
            self.proc.kill()
            self.proc.wait()
            code = None
        self.log.close()
        return code


class Cases:
    def __init__(self, build, world):
        self.world = world
        self.faulty = os.path.join(build, "tests", "faults", "leased-faults")
        self.good = os.path.join(build, "leased")
        self.ctl = os.path.join(build, "leasectl")

    def orders(self, text):
        size = 4 * (len(ROLES) * len(NAMES) + 1)
        with open(COUNT, "wb") as f:
            f.write(b"\0" * size)
        with open(ORDERS, "w", encoding="ascii") as f:
            f.write(text + "\n")

    @staticmethod
    def counts():
        with open(COUNT, "rb") as f:
            values = struct.unpack("=%dI" % (len(ROLES) * len(NAMES)),
                                   f.read()[:-4])
        return {(ROLES[i // len(NAMES)], NAMES[i % len(NAMES)]): v
                for i, v in enumerate(values) if v}

    def scenario(self, binary, prefix=(), recovers=False):
        """Bind, renew, stop.  (what hangs, exit code, log)"""
        d = Daemon(binary, prefix)
        bound = d.wait_for(self.world.BOUND, RECOVER_SEC if recovers else 2.5)
        if not bound and recovers and d.alive():
            return "goes on without a lease", d.stop(), d.text()
        if bound and d.alive():
            try:
                run([self.ctl, "renew", "eth0"], 6)
                d.wait_for(self.world.RENEWED, self.world.RENEW_SEC)
                run([self.ctl, "show"], 6)
                if self.world.WITHDRAWS:
                    run([self.ctl, "stop", "--withdraw"], 9)
            except subprocess.TimeoutExpired:
                return "leasectl hangs", d.stop(), d.text()
        code = d.stop()
        return None, code, d.text()

    def becomes(self, condition, seconds):
        """Until nothing is wrong any more; what is."""
        end = time.monotonic() + seconds
        while (bad := condition()) and time.monotonic() < end:
            time.sleep(0.05)
        return bad

    def missing_files(self):
        missing = [f for f in self.world.FILES
                   if not os.path.exists(os.path.join(STATE, f))]
        return "not stored: %s" % missing if missing else None

    def sound(self):
        """Without faults: whole again?  None or what is wrong."""
        self.orders("none none 0 fail")
        d = Daemon(self.good)
        bad = None
        if not d.wait_for(["leased: ready"], 6):
            bad = "does not start again"
        else:
            wait = run([self.ctl, "wait", self.world.FAMILY, "-t", "9",
                        "eth0"], 15)
            if wait.returncode != 0:
                bad = "no address after the restart: " + wait.stdout.strip()
        if bad is None and (odd := self.becomes(self.world.up, 5)):
            bad = "half configured: " + odd
        if bad is None:
            bad = self.becomes(self.missing_files, 3)
        if bad is None:
            d.wait_for(self.world.SETTLED, 5)
            stop = run([self.ctl, "stop", "--withdraw"], 15)
            if stop.returncode != 0:
                bad = "stop --withdraw: " + stop.stdout
        code = d.stop()
        if bad is None and (odd := self.world.down() or code != 0):
            bad = "left behind: %s, exit code %s" % (odd, code)
        return (bad + "\n" + d.text()[-1500:]) if bad else None

    @staticmethod
    def judge(bad, code, log, killed):
        if bad:
            return bad
        if code is None:
            return "does not stop"
        if code < 0 or (code > 1 and not (killed and code == 137)):
            return "exit code %d" % code
        if re.search("AddressSanitizer|runtime error|stack smashing|free\\(\\)"
                     "|Assertion|Segmentation", log):
            return "memory error"
        if code == 1 and not log.strip():
            return "left without a line"
        return None

    def one(self, text):
        killed = text.endswith("kill")
        shutil.rmtree(STATE, ignore_errors=True)
        self.world.clean()
        self.orders(text)
        bad, code, log = self.scenario(self.faulty, recovers=True)
        with open(COUNT, "rb") as f:
            hit = f.read()[-4:] != b"\0\0\0\0"
        bad = self.judge(bad, code, log, killed)
        # A fault in a process must never be silent when it ends the daemon.
        bad = self.sound() if bad is None else bad + "\n" + log[-1500:]
        return hit, bad

    def count_calls(self):
        shutil.rmtree(STATE, ignore_errors=True)
        self.world.clean()
        self.orders("none none 0 fail")
        bad, code, log = self.scenario(self.faulty)
        if bad or code != 0 or not all(re.search(p, log)
                                       for p in self.world.RENEWED):
            sys.exit("the scenario fails without a fault: %s %s\n%s" % (
                bad, code, log))
        return self.counts()

    def call_cases(self, mode):
        counts = self.count_calls()
        for (role, call), n in sorted(counts.items()):
            if mode == "kills" and role != "parent":
                continue
            for number in range(1, n + 1):
                yield "%s %s %d %s" % (
                    role, call, number,
                    "kill" if mode == "kills" else "fail")


def sample(todo, args):
    """The first and last call of each kind count more than a hundredth."""
    if not args.n or len(todo) <= args.n:
        return todo
    rng = random.Random(args.s)
    kinds = {}
    for t in todo:
        kinds.setdefault(tuple(t.split()[:2]), []).append(t)
    chosen = []
    while len(chosen) < args.n:
        kind = rng.choice(sorted(kinds))
        chosen.append(kinds[kind].pop(rng.randrange(len(kinds[kind]))))
        if not kinds[kind]:
            del kinds[kind]
    return chosen


def disk(cases):
    """A state directory of 16 to 64 kB, with a file that fills it."""
    bad = []
    for free in (0, 1, 2, 4, 8, 12):
        shutil.rmtree(STATE, ignore_errors=True)
        os.mkdir(STATE, 0o700)
        cases.world.clean()
        run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs",
             STATE])
        try:
            with open(os.path.join(STATE, "filler"), "wb") as f:
                try:
                    f.write(b"x" * ((64 - 4 * free) * 1024))
                    f.flush()
                except OSError:
                    pass
            cases.orders("none none 0 fail")
            why, code, log = cases.scenario(cases.good)
            why = cases.judge(why, code, log, False)
            if why is None and re.search(
                    cases.world.BOUND[0], log) and "No space" not in log \
                    and free == 0:
                why = "nothing said of the full disk"
            if why is None:
                os.unlink(os.path.join(STATE, "filler"))
                why = cases.sound()
            if why:
                bad.append("FAIL %d pages free: %s\n%s" % (free, why,
                                                          log[-1500:]))
        finally:
            run(["umount", STATE])
    return 6, bad


def descriptors(cases):
    bad = []
    for limit in range(6, 40, 2):
        shutil.rmtree(STATE, ignore_errors=True)
        cases.world.clean()
        cases.orders("none none 0 fail")
        why, code, log = cases.scenario(
            cases.good, ("prlimit", "--nofile=%d:%d" % (limit, limit)))
        # Below what the loader needs nobody can say anything.
        if code == 127:
            continue
        why = cases.judge(why, code, log, False) or cases.sound()
        if why:
            bad.append("FAIL %d descriptors: %s\n%s" % (limit, why,
                                                       log[-1500:]))
    return 17, bad


def main():
    p = argparse.ArgumentParser()
    p.add_argument("build")
    p.add_argument("mode")
    p.add_argument("-w", choices=sorted(WORLDS), default="4")
    p.add_argument("-n", type=int, default=0)
    p.add_argument("-p", default="0/1")
    p.add_argument("-s", type=int, default=random.randrange(1 << 32))
    p.add_argument("only", nargs="*")
    args = p.parse_args()
    cases = Cases(args.build, WORLDS[args.w]())
    if args.mode in ("disk", "descriptors"):
        n, bad = (disk if args.mode == "disk" else descriptors)(cases)
        print("\n".join(bad))
        print("%s: %d cases, %d failed" % (args.mode, n, len(bad)))
        return 1 if bad else 0
    how = "kill" if args.mode == "kills" else "fail"
    todo = [" ".join(args.only + [how])] if args.only else \
        list(cases.call_cases(args.mode))
    total = len(todo)
    part, parts = (int(n) for n in args.p.split("/"))
    todo = sample(todo, args)[part::parts]
    print("%s: %d points, %d tried, seed %d" % (
        args.mode, total, len(todo), args.s), flush=True)
    hits, bad = 0, 0
    for text in todo:
        hit, why = cases.one(text)
        hits += hit
        if why:
            bad += 1
            print("FAIL %s: %s" % (text, why), flush=True)
    print("%s: %d cases, %d hit, %d failed" % (args.mode, len(todo), hits,
                                               bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
