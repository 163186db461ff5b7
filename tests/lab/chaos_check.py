#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What has to be right when chaos.py's trouble is over."""

import ipaddress
import os
import re
import time

from chaos_lab import LL_S, NET4, NET6, PROTO, SAN, Broken, Lab


class CheckedLab(Lab):
    """A lab that knows the invariants."""

    def check(self):
        """What is wrong now: a list of texts."""
        bad = []
        if not self.running("leased"):
            raise Broken("leased has ended by itself")
        j = self.show()
        found = [i for i in j["interfaces"] if i["name"] == "eth0"]
        if len(found) != 1:
            return ["eth0 is not managed"]
        i = found[0]
        metric = self.conf[0] * 1000 + min(i["index"], 999)
        kernel, addrs = self.addresses()
        bad += self.foreign_check(addrs)
        bad += self.check4(i, addrs, metric)
        bad += self.check6(i, kernel, addrs, metric)
        bad += self.check_dns(i)
        if self.kea:
            bad += self.check_prefix(j, i)
        for knob, value in (("accept_ra", "0"), ("autoconf", "0"),
                            ("disable_ipv6", "0")):
            now = self.sysctl("c", "ipv6/conf/eth0/" + knob)
            if now != value:
                bad.append(f"{knob} is {now}")
        roles = {s["process"]: s["pid"] for s in j["sandboxes"]}
        if self.roles and roles != self.roles:
            bad.append(f"processes were {self.roles}, are {roles}")
        self.roles = roles
        return bad

    def check4(self, i, addrs, metric):
        d, bad = i["dhcp4"], []
        n4 = NET4[self.net4]
        lease = d["lease"]
        # A unicast that was lost is sent again after a minute or more.
        if d["state"] not in ("BOUND", "RENEWING", "REBINDING"):
            return ["dhcp4 is " + d["state"]]
        a = lease["address"]
        if not a.startswith(n4 + "."):
            bad.append(f"{a} is leased, not of {n4}")
        got = {x for x in addrs if ":" not in x} - {"192.0.2.5/24"}
        if got != {a + "/24"}:
            bad.append(f"the kernel has {got}, the lease is {a}")
        routes = self.ipj("-4 route show dev eth0")
        ours = [r for r in routes if r["protocol"] == PROTO]
        want = [("default", n4 + ".1", metric)]
        have = [(r["dst"], r.get("gateway"), r.get("metric")) for r in ours]
        if have != want:
            bad.append(f"IPv4 routes of ours: {have}, not {want}")
        have = [(r["dst"], r.get("prefsrc"), r.get("metric"))
                for r in routes if r["protocol"] == "kernel" and
                r["dst"] != "192.0.2.0/24"]
        if have != [(n4 + ".0/24", a, metric)]:
            bad.append(f"prefix routes: {have}")
        return bad

    def check6(self, i, kernel, addrs, metric):
        bad = []
        net = ipaddress.ip_network(NET6[self.net6] + "::/64")
        pool = ipaddress.ip_network(NET6[self.net6] + "::1000/116")
        got = {x for x in addrs if ":" in x} - {"2001:db8:99::5/64"}
        shown = {f"{a['address']}/{a['prefix_length']}"
                 for a in i.get("ipv6_addresses", [])
                 if a["protocol"] != "link-local"}
        if got != shown:
            bad.append(f"the kernel has {sorted(got)}, shown is "
                       f"{sorted(shown)}")
        good = [ipaddress.ip_address(a["local"]) for a in kernel
                if a["family"] == "inet6" and not a.get("deprecated") and
                not a.get("dadfailed")]
        if not [a for a in good if a in net and a not in pool]:
            bad.append(f"no SLAAC address of {net}")
        if self.flags[0] and not [a for a in good if a in pool]:
            bad.append(f"no DHCPv6 address of {pool}")
        routes = self.ipj("-6 route show dev eth0")
        ours = [r for r in routes if r["protocol"] == PROTO]
        default = [(r.get("gateway"), r.get("metric")) for r in ours
                   if r["dst"] == "default"]
        if default != [(LL_S, metric * 16)]:
            bad.append(f"IPv6 default routes: {default}")
        if [r for r in routes if r["protocol"] == "ra"]:
            bad.append("the kernel's own routes")
        links = [r["dst"] for r in ours if r["dst"] != "default"]
        if links.count(str(net)) != 1 or len(links) != len(set(links)) or \
                set(links) - {n + "::/64" for n in NET6.values()}:
            bad.append(f"IPv6 on-link routes: {links}")
        return bad

    def check_prefix(self, j, i):
        """Delegated to eth0, assigned to dn0, the rest of it rejected."""
        subnets = [s for d in j["interfaces"] if d["name"] == "dn0"
                   for s in d.get("subnets", [])]
        live = [s["prefix"] for s in subnets
                if not s["deprecated"] and s["error"] is None]
        prefixes = [p["prefix"] for p in i.get("dhcp6", {})["prefixes"]]
        if len(prefixes) != 1 or len(live) != 1 or not ipaddress.ip_network(
                live[0]).subnet_of(ipaddress.ip_network(prefixes[0])):
            return [f"delegated: {prefixes}, assigned: {live}"]
        bad = []
        kernel = [a["local"] for a in self.on_link("dn0", "inet6")
                  if a["scope"] == "global"]
        shown = [s["address"] for s in subnets if s["error"] is None]
        if sorted(kernel) != sorted(shown):
            bad.append(f"dn0 has {kernel}, shown is {shown}")
        routes = [r["dst"] for r in self.ipj("-6 route show dev dn0")
                  if r["protocol"] == PROTO]
        if routes.count(live[0]) != 1 or len(routes) != len(set(routes)):
            bad.append(f"routes of dn0: {routes}, not {live}")
        reject = [r["dst"] for r in self.ipj("-6 route show table all")
                  if r.get("type") == "unreachable" and
                  r["protocol"] == PROTO]
        if reject != prefixes:
            bad.append(f"rejected: {reject}, not {prefixes}")
        return bad

    def check_dns(self, i):
        lines = self.read("c.etc/resolv.conf").split("\n")
        have = [x.split()[1] for x in lines if x.startswith("nameserver")]
        want = list(i["dhcp4"]["lease"]["dns"]) if i["dhcp4"]["lease"] else []
        want += [d["address"] for d in i.get("slaac", {}).get("dns", [])
                 if d["lifetime"] != 0]
        want += i.get("dhcp6", {}).get("dns") or []
        # No more than resolver(3) reads.
        if set(have) - set(want) or len(have) != min(3, len(set(want))):
            return [f"resolv.conf has {have}, shown is {want}"]
        if NET4[self.net4] + ".1" not in have or \
                NET6[self.net6] + "::54" not in want:
            return [f"resolv.conf has {have}, shown is {want}"]
        return []

    def check_log(self):
        """New lines since the last time."""
        with open(self.dir + "/leased.log", "rb") as f:
            f.seek(self.log_seen)
            data = f.read()
        self.log_seen += len(data)
        for line in data.decode(errors="replace").split("\n"):
            if SAN.search(line):
                raise Broken("the log says: " + line)

    def check_usage(self):
        """Neither descriptors nor memory grow."""
        for role, pid in self.roles.items():
            try:
                fds = sorted(os.readlink(f"/proc/{pid}/fd/{f}").split(":")[0]
                             for f in os.listdir(f"/proc/{pid}/fd"))
                with open(f"/proc/{pid}/status", encoding="ascii") as f:
                    rss = int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))
            except (OSError, AttributeError):
                continue
            first = self.usage.setdefault(role, [len(fds), rss, 0])
            first[2] += 1
            if first[2] <= 3:  # what is used for the first time
                first[0] = max(first[0], len(fds))
                first[1] = max(first[1], rss)
                continue
            if len(fds) > first[0] + 3:
                raise Broken(f"{role}: {len(fds)} descriptors, were "
                             f"{first[0]}: {fds}")
            if rss > first[1] + 1500 and "asan" not in self.build:
                raise Broken(f"{role}: {rss} kB, were {first[1]}")

    def settle(self, bound):
        start = time.monotonic()
        last, waits = [], []
        while True:
            bad = self.check()
            late = time.monotonic() - start
            if not bad:
                break
            if late > bound:
                raise Broken(f"after {bound} s: " + "; ".join(bad))
            if bad != last:
                waits.append(f"{late:12.1f} s: " + "; ".join(bad))
            last = bad
            time.sleep(0.2)
        if late > 3:
            self.events += waits
        self.note(f"settled after {late:.1f} s")
        for family in ("-4", "-6"):
            code, out = self.ctl("wait", family, "-t", "5", "eth0")
            if code != 0:
                raise Broken(f"wait {family}: {out}")
        self.check_log()
        self.check_usage()
        return late
