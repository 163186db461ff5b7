# SPDX-License-Identifier: ISC
"""What the daemon has to make of the network around it: for run.py.

A world says what log lines mean that everything is there and was renewed, puts
the kernel in order before a case, and compares it with what has to be there
while the daemon runs and after stop --withdraw.
"""
import json
import os
import subprocess


def run(argv, seconds=20, **kwargs):
    return subprocess.run(argv, check=False, text=True, timeout=seconds,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **kwargs)


def ip(*argv):
    return json.loads(run(("ip", "-j") + argv).stdout or "[]")


def addresses(family, interface):
    """Not what the kernel makes of router advertisements itself, which comes
    with a route, while its own discovery cannot be put off."""
    return sorted("%s/%d" % (a["local"], a["prefixlen"])
                  for l in ip(family, "addr", "show", "dev", interface,
                              "scope", "global")
                  for a in l.get("addr_info", []) if "local" in a and
                  (family == "-4" or a.get("noprefixroute")))


def difference(want, have):
    """None, or what is not as it should be."""
    odd = ["%s: %s" % (k, have[k]) for k in sorted(want) if have[k] != want[k]]
    return "; ".join(odd) or None


class World4:
    """DHCPv4 alone: 10.9.0.1 gives 10.9.0.100."""
    FAMILY = "-4"
    BOUND = ("bound to",)
    RENEWED = ("lease renewed",)
    RENEW_SEC = 0.5
    SETTLED = ()
    FILES = ("eth0.dhcp4",)
    WITHDRAWS = False

    def clean(self):
        run(["ip", "-4", "addr", "flush", "dev", "eth0"])
        run(["ip", "link", "set", "eth0", "mtu", "1500", "up"])

    def have(self):
        routes = ip("-4", "route", "show")
        return {
            "addresses": addresses("-4", "eth0"),
            "default": [r.get("gateway") for r in routes
                        if r["dst"] == "default"],
            "routes": len(routes),
        }

    def up(self):
        return difference({"addresses": ["10.9.0.100/24"],
                           "default": ["10.9.0.1"], "routes": 2}, self.have())

    def down(self):
        return difference({"addresses": [], "default": [], "routes": 0},
                          self.have())


def setting(name, value=None):
    path = "/proc/sys/net/ipv6/" + name
    if value is not None:
        with open(path, "w", encoding="ascii") as f:
            f.write(value)
    with open(path, encoding="ascii") as f:
        return f.read().strip()


class World6:
    """SLAAC, and DHCPv6 with a prefix of which dn1 has a subnet."""
    FAMILY = "-6"
    BOUND = ("dhcp6: .* -> bound", "slaac: address .* can be used",
             "subnet 1 of eth0.* assigned")
    RENEWED = ("renewing -> bound", "(?s)router advertisement.*router adv")
    RENEW_SEC = 1.5
    # An answer that came after the end would be the kernel's, which takes it.
    SETTLED = ("router advertisement",)
    FILES = ("eth0.dhcp6", "eth0.slaac")
    WITHDRAWS = True
    # As found; while it runs.  Not what the kernel has by itself.
    SETTINGS = {
        "conf/eth0/accept_ra": ("2", "0"),
        "conf/eth0/autoconf": ("1", "0"),
        "conf/eth0/use_tempaddr": ("2", "0"),
        "conf/eth0/optimistic_dad": ("0", "1"),
        "conf/eth0/use_optimistic": ("0", "1"),
        "conf/eth0/ignore_routes_with_linkdown": ("0", "1"),
        "conf/eth0/mtu": ("1490", ("1400", "1380")),
        "conf/eth0/hop_limit": ("63", ("70", "80")),
        "neigh/eth0/base_reachable_time_ms": ("31000", "20000"),
        "neigh/eth0/retrans_time_ms": ("1100", "500"),
    }

    def __init__(self):
        self.settings = {n: v for n, v in self.SETTINGS.items()
                         if os.path.exists("/proc/sys/net/ipv6/" + n)}

    def clean(self):
        for interface in ("eth0", "dn1"):
            run(["ip", "-6", "addr", "flush", "dev", interface, "scope",
                 "global"])
        run(["ip", "-6", "route", "flush", "proto", "109"])
        run(["ip", "-6", "route", "flush", "type", "unreachable", "proto",
             "109"])
        for name, (found, _) in self.settings.items():
            setting(name, found)
        with open("/etc/resolv.conf", "w", encoding="ascii") as f:
            f.write("# as found\n")

    def have(self):
        now = {name: setting(name) for name in self.settings}
        now["addresses"] = addresses("-6", "eth0")
        now["downstream"] = addresses("-6", "dn1")
        now["routes"] = sorted(
            "%s %s" % ("reject" if r.get("type") == "unreachable"
                       else r["dev"], r["dst"])
            for r in ip("-6", "route", "show", "proto", "109"))
        with open("/etc/resolv.conf", encoding="ascii") as f:
            now["dns"] = "2001:db8:1::53" in f.read()
        return now

    def up(self):
        have = self.have()
        have["addresses"] = sorted(
            "stable/64" if a.startswith("2001:db8:1:0:") else a
            for a in have["addresses"])
        want = {
            "addresses": ["2001:db8:1::100/128", "stable/64"],
            "downstream": ["2001:db8:f000:1::1/64"],
            "routes": ["dn1 2001:db8:f000:1::/64", "eth0 2001:db8:1::/64",
                       "eth0 default", "reject 2001:db8:f000::/56"],
            "dns": True,
        }
        for name, (_, running) in self.settings.items():
            if isinstance(running, tuple):
                running = have[name] if have[name] in running else running
            want[name] = running
        return difference(want, have)

    def down(self):
        want = {"addresses": [], "downstream": [], "routes": [], "dns": False}
        want.update((n, found) for n, (found, _) in self.settings.items())
        return difference(want, self.have())


WORLDS = {"4": World4, "6": World6}
