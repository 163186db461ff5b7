#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Set a compromised child or client on the real daemon, case by case.

    run.py BUILD WHO [FIRST-WORD-OF-A-CASE...]

WHO is engine-parent, engine-frontend, frontend-parent, frontend-engine,
policy, policy6, escape-engine, escape-frontend or client.  Runs inside the client's
namespaces (redteam_test.sh).  After each case: the kernel's addresses, routes
and links are what they were, so are resolv.conf and the state directory; the
parent lives with no descriptor more than before, or it has left with a line in
the log and exit code 1.  A process that crashes fails the case.
"""
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

BUILD, WHO = sys.argv[1], sys.argv[2]
ONLY = sys.argv[3:]
HERE = os.path.join(BUILD, "tests", "redteam")
STATE = "/var/lib/leased-redteam"
SOCKET = "/run/leased/sock"
WAIT = 20
SETTINGS = ["conf/*/" + n for n in (
    "accept_ra", "autoconf", "use_tempaddr", "hop_limit", "mtu",
    "disable_ipv6", "forwarding", "optimistic_dad")] + [
        "neigh/*/base_reachable_time_ms", "neigh/*/retrans_time_ms"]
# A memory that grows is a leak; a sanitizer's grows anyway.
GROWTH_KB = 8192 if "asan" not in BUILD else 1 << 30


def ip(*args):
    out = subprocess.run(["ip", "-j"] + list(args), check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return json.loads(out or "[]")


def settings():
    """What router advertisements could change."""
    out = []
    for what in SETTINGS:
        for path in sorted(glob.glob("/proc/sys/net/ipv6/" + what)):
            with open(path, encoding="ascii") as f:
                out.append('{"%s": "%s"}' % (path, f.read().strip()))
    return out


def kernel():
    """What must not change, without what changes by itself."""
    links = [(l["ifname"], l["mtu"], l["address"],
              [(a["local"], a["prefixlen"], a.get("dynamic", False),
                a.get("valid_life_time") == 4294967295)
               for a in l["addr_info"]]) for l in ip("addr", "show")]
    routes = sorted(json.dumps(r, sort_keys=True)
                    for f in ("-4", "-6")
                    for r in ip(f, "route", "show", "table", "all"))
    routes += settings()
    with open("/etc/resolv.conf", "rb") as f:
        return links, routes, f.read()


def without_mtu(state):
    links, routes, resolv = state
    return ([(name, *rest) for name, _, *rest in links],
            [r for r in routes if '/mtu"' not in r], resolv)


def is_changed(orders, before, after):
    """Random bytes may name an MTU, which is the engine's to set as long as
    the interface can."""
    _, kind, name, _ = orders
    if kind in ("fill", "flood") and name.startswith("CONFIGURE"):
        before, after = without_mtu(before), without_mtu(after)
    return before != after


def difference(before, after):
    if before[2] != after[2]:
        return "resolv.conf: %r" % after[2]
    old = [str(x) for part in before[:2] for x in part]
    new = [str(x) for part in after[:2] for x in part]
    return "gone %s, new %s" % ([x for x in old if x not in new],
                                [x for x in new if x not in old])


def table():
    out = subprocess.run([os.path.join(HERE, "client"), "table"], check=True,
                         text=True, stdout=subprocess.PIPE).stdout
    return [line.split() for line in out.splitlines()]


def includes(column, role):
    return role in {"CHILDREN": ("FRONTEND", "ENGINE", "HELPER"),
                    "FE": ("FRONTEND", "ENGINE")}.get(column, (column,))


def message_cases(me, to):
    """(kind, message, seed, must the daemon end)"""
    rows = table()
    parent = to == "PARENT"
    for name, sender, receiver, phase, _, _ in rows:
        if not (includes(sender, me) and includes(receiver, to)):
            yield "foreign", name, 0, True
            continue
        for kind in ("longer", "shorter", "empty", "peerid", "pid"):
            yield kind, name, 0, True
        if parent:
            yield "fd", name, 0, True
            yield "fds", name, 0, True
        # Leaving is what STOP asks for; a child may leave over a field, the
        # parent may not.
        ends = False if parent and name != "STOP" else None
        yield "claims-fd", name, 0, ends
        yield "half", name, 0, True
        if phase == "ONCE":
            yield "again", name, 0, True
        for seed in range(12):
            yield "fill", name, seed, ends
        yield "flood", name, 1, None
    for number in ("0", "200", "4294967295"):
        yield "unknown", number, 0, True
    yield "tiny", rows[0][0], 0, True
    yield "huge", rows[0][0], 0, True


POLICY = ("loopback zero zero-net multicast class-e network broadcast "
          "prefix-0 prefix-33 link-local foreign-interface no-interface "
          "static-taken-over mtu-low mtu-high route-mtu many-addresses "
          "many-routes sockets names leases").split()
# The address of these is allowed, and only it may appear.
POLICY_ROUTES = ("route-loopback route-loopback-part route-multicast "
                 "route-zero route-foreign route-foreign-host "
                 "route-host-bits route-gateway route-gateway-foreign").split()
# What these may leave is in policy6.c; names beside them are functions there.
POLICY6_MORE = "many sockets names leases all-at-once".split()


def policy6_cases():
    src = os.environ.get("LEASED_SRC", os.path.join(HERE, "..", "..", ".."))
    with open(os.path.join(src, "tests", "redteam", "policy6.c"),
              encoding="utf-8") as f:
        rows = re.findall(r'^\t\{ "([\w-]+)", (\w+)', f.read(), re.MULTILINE)
    may = {"GOOD": "ADDRESS", "GOOD6": "ADDRESS"}
    return {name: may.get(what, what) for name, what in rows}


ESCAPES = ("open socket packet connect bind exec fork kill ptrace memory "
           "execmem mprotect pass-fd sendto ioctl setsockopt chroot setuid "
           "prctl unlink bpf io-uring userns").split()
# A sanitizer's runtime has to be allowed some of it.
SANITIZER_MAY = ("mprotect", "execmem", "ioctl")


class Daemon:
    def __init__(self, binary, orders, state=None):
        if state is None:
            shutil.rmtree(STATE, ignore_errors=True)
        with open("/run/redteam", "w", encoding="ascii") as f:
            f.write(" ".join(orders) + "\n")
        self.log = open("redteam.log", "w+b")  # pylint: disable=R1732
        env = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")
        self.proc = subprocess.Popen(  # pylint: disable=R1732
            [binary, "-dv", "-f", "/etc/leased.conf", "-S", STATE],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env=env)

    def text(self):
        with open("redteam.log", "rb") as f:
            return f.read().decode("latin-1")

    def alive(self):
        return self.proc.poll() is None

    def until(self, pattern, seconds=WAIT):
        """Wait for a line, or for the end of the daemon; the line or None."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if re.search(pattern, self.text()):
                return True
            if not self.alive():
                return re.search(pattern, self.text()) is not None
            time.sleep(0.01)
        return False

    def fds(self):
        return len(os.listdir("/proc/%d/fd" % self.proc.pid))

    def memory(self):
        with open("/proc/%d/status" % self.proc.pid, encoding="ascii") as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))

    def ended(self, seconds=WAIT):
        try:
            return self.proc.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self):
        if self.alive():
            self.proc.send_signal(signal.SIGTERM)
            if self.ended() is None:
                self.proc.kill()
                self.proc.wait()
                return "does not stop at SIGTERM"
        self.log.close()
        return None


def crashed(log, code):
    """Why this end was none of the daemon's own making."""
    if code is not None and (code < 0 or code > 1):
        return "exit code %d" % code
    if re.search(r"ERROR: AddressSanitizer|runtime error:|stack smashing|"
                 r"buffer overflow detected|free\(\): |malloc\(\): ", log):
        return "memory error"
    me = {"engine": "frontend", "frontend": "engine"}[WHO_ROLE]
    # A real child that goes says why before it does.
    if re.search(r"leased: %s has died" % me, log) and not re.search(
            r"leased\[%s\]|%s is broken" % (me, me), log):
        return "%s died without a word" % me
    return None


WHO_ROLE = "frontend" if WHO.startswith(("frontend", "escape-frontend")) \
    else "engine"
BINARY = os.path.join(HERE, "leased-" + WHO_ROLE)


def quiet(d):
    """Its descriptors, when they have not changed for a while."""
    last, since = d.fds(), time.monotonic()
    end = since + 3
    while time.monotonic() < min(end, since + 0.2):
        time.sleep(0.01)
        if d.fds() != last:
            last, since = d.fds(), time.monotonic()
    return last


def baseline():
    d = Daemon(BINARY, ("parent", "none", "-", "0"))
    if not d.until("hostile: done"):
        sys.exit("no baseline: " + d.text())
    result = quiet(d), d.memory()
    bad = d.stop()
    if bad:
        sys.exit(bad)
    return result


def settled(d, fds):
    """The parent's descriptors, when what is on its way has arrived."""
    end = time.monotonic() + 3
    while d.alive() and d.fds() > fds and time.monotonic() < end:
        time.sleep(0.05)
    return d.fds() if d.alive() else 0


def run_case(orders, must_end, base, before, allowed=False):
    fds, memory = base
    d = Daemon(BINARY, orders)
    bad = None
    code = None
    if must_end:
        code = d.ended()
        if code is None:
            bad = "goes on"
    elif not d.until("hostile: done|ESCAPED"):
        code = d.ended(1)
        if code is None and must_end is False:
            bad = "the attack did not come to its end"
    else:
        # An end that is on its way may take as long.
        code = d.ended(0.08 if must_end is None else 0.03)
        if d.alive():
            now = settled(d, fds)
            if d.alive() and now > fds:
                bad = "%d descriptors, %d before" % (now, fds)
            if d.alive() and d.memory() > memory + GROWTH_KB:
                bad = "memory grew from %d to %d kB" % (memory, d.memory())
        if not d.alive():
            code = d.ended()
            if must_end is False:
                bad = "ended with %s" % code
    log = d.text()
    if bad is None and "ESCAPED" in log and not (
            "asan" in BUILD and orders[2] in SANITIZER_MAY):
        bad = re.search("ESCAPED.*", log).group()
    if bad is None and code == 0 and "stopped" not in log:
        bad = "left without a line"
    if bad is None and code not in (None, 0) and not re.search(
            r"is broken or compromised|has died|not allowed|leased\[|"
            r"leased: (engine|frontend): message", log):
        bad = "exit code %s without a line" % code
    if bad is None and re.search(r"[^\x09\x0a\x20-\x7e]", log):
        bad = "raw bytes in the log"
    after = kernel()
    if bad is None and not allowed and is_changed(orders, before, after):
        bad = "kernel state: " + difference(before, after)
    bad = bad or crashed(log, code)
    bad = d.stop() or bad
    if bad is None and os.path.isdir(STATE):
        odd = [n for n in os.listdir(STATE)
               if n not in ("journal", "lock", "duid", "secret",
                            "resolv-conf", "eth0.dhcp4", "eth0.slaac",
                            "eth0.dhcp6")]
        if odd:
            bad = "files in the state directory: %s" % odd
    return bad, log


def client_case(orders, d, base):
    _, kind, name, seed = orders
    out = subprocess.run(
        [os.path.join(HERE, "client"), SOCKET, kind, name, seed],
        check=False, text=True, stdout=subprocess.PIPE, timeout=60).stdout
    bad = None
    if kind not in ("fill", "flood", "good") and "dropped" not in out:
        bad = "not dropped: %s" % out.strip()
    show = subprocess.run([os.path.join(BUILD, "leasectl"), "show"],
                          check=False, stdout=subprocess.DEVNULL,
                          timeout=60).returncode
    if bad is None and show != 0:
        bad = "leasectl show fails"
    if bad is None and not d.alive():
        bad = "the daemon ended"
    if bad is None and settled(d, base[0]) > base[0]:
        bad = "descriptors of the parent"
    return bad


def client_cases():
    for kind in ("longer", "shorter", "empty", "huge", "peerid", "half"):
        yield "x", kind, "CTL_REQUEST", "0"
    for row in table():
        if row[0] != "CTL_REQUEST":
            yield "x", "foreign", row[0], "0"
    for number in ("0", "200", "4294967295"):
        yield "x", "unknown", number, "0"
    for seed in range(120):
        yield "x", "fill", "CTL_REQUEST", str(seed)
    yield "x", "flood", "CTL_REQUEST", "0"
    yield "x", "crowd", "CTL_REQUEST", "0"


def cases():
    if WHO.startswith("escape-"):
        for name in ESCAPES:
            yield ("parent", "escape", name, "0"), \
                None if "asan" in BUILD and name in SANITIZER_MAY else True
        return
    if WHO == "policy6":
        for name in sorted(policy6_cases()) + POLICY6_MORE:
            yield ("parent", "policy6", name, "0"), False
        return
    if WHO == "policy":
        for name in POLICY + POLICY_ROUTES + ["all-at-once", "allowed"]:
            yield ("parent", "policy", name, "0"), False
        return
    me, to = WHO.upper().split("-")
    for kind, name, seed, ends in message_cases(me, to):
        target = "parent" if to == "PARENT" else "other"
        yield (target, kind, name, str(seed)), ends


def restore(before):
    """Take away what an allowed request left."""
    subprocess.run(["ip", "addr", "del", "10.9.1.5/24", "dev", "eth0"],
                   check=False, stderr=subprocess.DEVNULL)
    subprocess.run(["ip", "addr", "del", "2001:db8:1::5/64", "dev", "eth0"],
                   check=False, stderr=subprocess.DEVNULL)
    subprocess.run(["ip", "-6", "route", "flush", "proto", "109"],
                   check=False, stderr=subprocess.DEVNULL)
    # A veth may have any MTU: what was asked for was allowed.
    subprocess.run(["ip", "link", "set", "eth0", "mtu", "1500"], check=False)
    if kernel() != before:
        return "left behind: " + difference(before, kernel())
    return None


def policy_allowed(name, before):
    """Of these the address is there, and of the routes only a good one."""
    links, routes, _ = kernel()
    new = [r for r in routes if r not in before[1]]
    mine = [a for l in links for a in l[3] if a[0] == "10.9.1.5"]
    foreign = [json.loads(r)["dst"] for r in new
               if json.loads(r).get("protocol") == "109"]
    if len(mine) != 1:
        return "the address is not there"
    if name == "allowed" and foreign != ["198.51.100.0/24"]:
        return "the route is not there: %s" % foreign
    if name != "allowed" and foreign:
        return "routes %s" % foreign
    return None


def policy6_allowed(what, before):
    """The address, and of the routes only a good one."""
    links, routes, resolv = kernel()
    settings_now = [r for r in routes if "/proc" in r]
    if resolv != before[2] or settings_now != [
            r for r in before[1] if "/proc" in r]:
        return "more than addresses: " + difference(before, kernel())
    new = [a[0] for old, now in zip(before[0], links) for a in now[3]
           if a[0] not in [b[0] for b in old[3]]]
    if new != ["2001:db8:1::5"]:
        return "addresses %s" % new
    ours = ["%s %s" % (r["dst"], r.get("gateway"))
            for r in (json.loads(x) for x in routes if x not in before[1])
            if r.get("protocol") == "109"]
    if ours != (["2001:db8:9::/48 fe80::1"] if what == "ALL" else []):
        return "routes %s" % ours
    return None


def starts_after_lies():
    """What was stored does the next start no harm; it is the real one."""
    d = Daemon(os.path.join(BUILD, "leased"), ("-", "-", "-", "0"), STATE)
    bad = None if d.until("leased: ready") else "no restart: " + d.text()
    show = subprocess.run([os.path.join(BUILD, "leasectl"), "show"],
                          check=False, stdout=subprocess.DEVNULL, timeout=60)
    if bad is None and show.returncode != 0:
        bad = "no restart: leasectl show"
    bad = bad or crashed(d.text(), None)
    return d.stop() or bad


def main():
    bad_cases = []
    n = 0
    base = baseline()
    before = kernel()
    if WHO == "client":
        d = Daemon(os.path.join(BUILD, "leased"), ("-", "-", "-", "0"))
        if not d.until("ready"):
            sys.exit(d.text())
        todo = [(c, None) for c in client_cases()]
        base = quiet(d), 0
    else:
        d = None
        todo = list(cases())
    for orders, ends in todo:
        if ONLY and orders[1] not in ONLY and orders[2] not in ONLY:
            continue
        n += 1
        if d is not None:
            bad, log = client_case(orders, d, base), d.text()
        else:
            special = orders[1] == "policy" and (
                orders[2] in POLICY_ROUTES or
                orders[2] in ("allowed", "all-at-once", "mtu-low",
                              "mtu-high", "route-mtu"))
            what = policy6_cases().get(orders[2]) \
                if orders[1] == "policy6" else None
            bad, log = run_case(orders, ends, base, before,
                                special or what in ("ADDRESS", "ALL"))
            if special and bad is None and (
                    orders[2] in POLICY_ROUTES or orders[2] == "allowed"):
                bad = policy_allowed(orders[2], before)
            if orders[1] == "policy6" and orders[2] == "leases":
                bad = bad or starts_after_lies()
            if what in ("ADDRESS", "ALL"):
                bad = bad or policy6_allowed(what, before)
                special = True
            if special:
                bad = restore(before) or bad
        if bad:
            bad_cases.append(orders)
            print("FAIL %s: %s" % (" ".join(orders[1:]), bad))
            print("\n".join("    " + l for l in log.splitlines()[-8:]))
            if kernel() != before:
                before = kernel()
    if d is not None:
        if kernel() != before:
            print("FAIL kernel state")
            bad_cases.append("kernel")
        d.stop()
    print("%s: %d cases, %d failed" % (WHO, n, len(bad_cases)))
    return 1 if bad_cases else 0


if __name__ == "__main__":
    sys.exit(main())
