#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""chaos.py's hosts, servers and daemon, and how all is put right again."""

import json
import os
import random
import re
import signal
import subprocess
import time

BOUND = int(os.environ.get("CHAOS_BOUND", "25"))  # seconds
SAN = re.compile(r"fatal|anitizer|runtime error|is broken or compromised|"
                 r"is not allowed|has not left|has not stopped|assert", re.I)
MAC_C, MAC_S = "02:00:00:00:c0:01", "02:00:00:00:50:01"
LL_S = "fe80::ff:fe00:5001"
NET4 = {"a": "10.9.0", "b": "10.8.0"}
NET6 = {"a": "2001:db8:1", "b": "2001:db8:2"}
PROTO = "109"  # LEASED_RTPROT
KNOBS = ["ipv6/conf/eth0/accept_ra", "ipv6/conf/eth0/autoconf",
         "ipv6/conf/eth0/use_tempaddr", "ipv6/conf/eth0/optimistic_dad",
         "ipv6/conf/eth0/use_optimistic",
         "ipv6/conf/eth0/ignore_routes_with_linkdown",
         "ipv4/conf/eth0/ignore_routes_with_linkdown",
         "ipv4/conf/eth0/promote_secondaries",
         "ipv6/neigh/eth0/base_reachable_time_ms",
         "ipv6/neigh/eth0/retrans_time_ms", "ipv6/conf/eth0/hop_limit"]
CONF = """interface "eth0" {
	preference %d
	dhcp6 auto
	slaac yes%s%s
}
"""
PREFIX = """
	prefix ::/56 { assign dn0 subnet 1 suffix ::1 }"""
KEA = """{ "Dhcp6": {
  "interfaces-config": { "interfaces": [ "srv0" ] },
  "lease-database": { "type": "memfile", "persist": false },
  "preferred-lifetime": 1800, "valid-lifetime": 3600,
  "renew-timer": %(t1)d, "rebind-timer": %(t2)d,
  "option-data": [ { "name": "dns-servers", "data": "%(net)s::53" } ],
  "subnet6": [ { "id": 1, "subnet": "%(net)s::/64", "interface": "srv0",
    "rapid-commit": true,
    "pools": [ { "pool": "%(net)s::1000-%(net)s::1fff" } ],
    "pd-pools": [ { "prefix": "2001:db8:f000::", "prefix-len": 40,
      "delegated-len": 56 } ] } ],
  "loggers": [ { "name": "kea-dhcp6", "severity": "INFO",
    "output_options": [ { "output": "stdout" } ] } ]
} }
"""


class Broken(Exception):
    """An invariant does not hold."""


class Lab:
    """The hosts, their processes, and what an administrator made on them."""

    def __init__(self, directory, build, seed):
        self.dir, self.build = directory, build
        self.rng = random.Random(seed)
        self.t0 = time.monotonic()
        self.events = []
        self.procs = {}
        self.ns = {h: self.read(h + ".netns").strip() for h in "cs"}
        self.pid = {h: self.read(h + ".pid").strip() for h in "cs"}
        self.log_seen = 0
        self.unclean = []
        self.conf = (100, "")
        self.conf_loaded = None
        self.net4 = self.net6 = "a"
        self.flags = (True, True)
        self.lifetime = 1800
        # In half of the sessions renewals are part of the trouble.
        self.times4 = self.rng.choice([[], ["--dhcp-option=58,3",
                                            "--dhcp-option=59,6"]])
        # In a quarter of them a prefix is delegated, by a real server.
        self.kea = seed % 4 == 3
        self.knobs = {}
        self.foreign_lost = True
        self.disabled_touched = False
        self.usage = {}
        self.roles = {}

    # ---- tools ----

    def read(self, name):
        with open(os.path.join(self.dir, name), encoding="utf-8",
                  errors="replace") as f:
            return f.read()

    def write(self, name, text):
        path = os.path.join(self.dir, name)
        with open(path + ".new", "w", encoding="ascii") as f:
            f.write(text)
        os.chmod(path + ".new", 0o644)
        os.rename(path + ".new", path)

    def on(self, host, *args):
        return ["nsenter", f"--net=/proc/{self.pid[host]}/ns/net",
                f"--mount=/proc/{self.pid[host]}/ns/mnt",
                "--wd=" + self.dir, *args]

    def run(self, argv, must=False, timeout=60):
        p = subprocess.run(argv, stdin=subprocess.DEVNULL, timeout=timeout,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           check=False)
        out = p.stdout.decode(errors="replace")
        if must and p.returncode != 0:
            raise RuntimeError(f"{' '.join(argv)}: {out}")
        return p.returncode, out

    def ip(self, host, *args, must=False):
        """ip(8); what is there already, or no longer, is no matter."""
        words = [w for a in args for w in a.split()]
        return self.run(["ip", "-n", self.ns[host], *words], must)

    def ipj(self, *args):
        words = [w for a in args for w in a.split()]
        code, out = self.run(["ip", "-n", self.ns["c"], "-j", "-d", *words])
        if code != 0 or not out.strip():
            return []
        return json.loads(out)

    def batch(self, host, lines):
        """Several at once, without a pause."""
        subprocess.run(["ip", "-n", self.ns[host], "-force", "-batch", "-"],
                       input="\n".join(lines).encode() + b"\n", check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def sysctl(self, host, path, value=None):
        path = "/proc/sys/net/" + path
        if value is None:
            return self.run(self.on(host, "cat", path))[1].strip()
        return self.run(self.on(host, "sh", "-c", f"echo {value} >{path}"))[0]

    def spawn(self, name, host, *argv):
        with open(os.path.join(self.dir, name + ".log"), "ab") as log:
            self.procs[name] = subprocess.Popen(  # ends in stop()
                self.on(host, *argv), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log)

    def running(self, name):
        p = self.procs.get(name)
        return p is not None and p.poll() is None

    def stop(self, name, sig=signal.SIGTERM, wait=10):
        p = self.procs.get(name)
        if p is None:
            return
        if p.poll() is None:
            p.send_signal(sig)
        try:
            p.wait(wait)
        except subprocess.TimeoutExpired as e:
            raise Broken(f"{name} does not end") from e

    def pause(self, most=0.4):
        time.sleep(self.rng.choice([0, self.rng.uniform(0, most)]))

    def note(self, text):
        self.events.append(f"{time.monotonic() - self.t0:8.3f} {text}")

    # ---- the link and the servers ----

    def make_link(self):
        self.run(["ip", "link", "add", "eth0", "address", MAC_C, "netns",
                  self.ns["c"], "type", "veth", "peer", "name", "srv0",
                  "address", MAC_S, "netns", self.ns["s"]], must=True)
        self.sysctl("s", "ipv6/conf/srv0/accept_dad", 0)
        self.sysctl("s", "ipv6/conf/srv0/accept_ra", 0)
        self.foreign_lost = True

    def server_addresses(self):
        n4, n6 = NET4[self.net4], NET6[self.net6]
        other4, other6 = NET4["ba"[self.net4 == "b"]], \
            NET6["ba"[self.net6 == "b"]]
        self.ip("s", f"addr del {other4}.1/24 dev srv0")
        self.ip("s", f"-6 addr del {other6}::1/64 dev srv0")
        self.ip("s", f"addr replace {n4}.1/24 dev srv0")
        self.ip("s", f"-6 addr replace {n6}::1/64 dev srv0 nodad")

    def dhcp4_start(self):
        n4 = NET4[self.net4]
        self.spawn(
            "dhcp4", "s", "dnsmasq", "-k", "--conf-file=/dev/null", "--port=0",
            "--log-facility=-", "--interface=srv0", "--bind-dynamic",
            "--except-interface=lo", "--no-ping", "--dhcp-authoritative",
            "--log-dhcp", "--user=root", "--dhcp-sequential-ip",
            f"--dhcp-leasefile={self.dir}/dhcp4.leases",
            f"--pid-file={self.dir}/dhcp4.pid",
            f"--dhcp-option=option:dns-server,{n4}.1",
            *self.times4, f"--dhcp-range={n4}.100,{n4}.120,10m")

    def kea_start(self):
        short = self.times4 != []
        self.write("kea6.json", KEA % {
            "net": NET6[self.net6], "t1": 3 if short else 900,
            "t2": 6 if short else 1440})
        self.run(self.on("s", "mkdir", "-p", "/run/kea", "/var/lib/kea"))
        self.spawn("dhcp6", "s", "env", "KEA_PIDFILE_DIR=" + self.dir,
                   "KEA_LOCKFILE_DIR=none", "kea-dhcp6", "-c",
                   self.dir + "/kea6.json")

    def kea_wait(self):
        end = time.monotonic() + 20
        while "DHCP6_STARTED" not in self.read("dhcp6.log"):
            if time.monotonic() > end:
                raise RuntimeError("Kea does not start")
            time.sleep(0.05)

    def dhcp6_start(self):
        n6 = NET6[self.net6]
        if self.kea:
            self.kea_start()
            return
        self.spawn(
            "dhcp6", "s", "dnsmasq", "-k", "--conf-file=/dev/null", "--port=0",
            "--log-facility=-", "--interface=srv0", "--bind-dynamic",
            "--except-interface=lo", "--dhcp-authoritative", "--log-dhcp",
            "--user=root", f"--dhcp-leasefile={self.dir}/dhcp6.leases",
            f"--pid-file={self.dir}/dhcp6.pid",
            f"--dhcp-range={n6}::1000,{n6}::1fff,64,1h",
            f"--dhcp-option=option6:dns-server,[{n6}::53]")

    def radvd_conf(self):
        managed, other = ("off on".split()[f] for f in self.flags)
        self.write("radvd.conf", f"""interface srv0 {{
	AdvSendAdvert on;
	MinRtrAdvInterval 3;
	MaxRtrAdvInterval 4;
	MinDelayBetweenRAs 3;
	AdvManagedFlag {managed};
	AdvOtherConfigFlag {other};
	AdvDefaultLifetime {self.lifetime};
	prefix {NET6[self.net6]}::/64 {{
		AdvValidLifetime 3600;
		AdvPreferredLifetime 1800;
	}};
	RDNSS {NET6[self.net6]}::54 {{ AdvRDNSSLifetime 1800; }};
}};
""")

    def radvd_reload(self):
        """Not before it has the handler: the signal would end it."""
        self.radvd_conf()
        p = self.procs["radvd"]
        with open(f"/proc/{p.pid}/status", encoding="ascii") as f:
            caught = int(re.search(r"SigCgt:\s+(\w+)", f.read()).group(1), 16)
        if caught & 1:
            p.send_signal(signal.SIGHUP)

    def radvd_start(self):
        self.radvd_conf()
        self.spawn("radvd", "s", "radvd", "-n", "-d", "1", "-m", "stderr",
                   "-C", self.dir + "/radvd.conf", "-p",
                   self.dir + "/radvd.pid")

    def server_start(self, name):
        {"dhcp4": self.dhcp4_start, "dhcp6": self.dhcp6_start,
         "radvd": self.radvd_start}[name]()

    # ---- leased ----

    def ctl(self, *args, timeout=60):
        return self.run(self.on("c", self.build + "/leasectl", *args),
                        timeout=timeout)

    def conf_write(self):
        self.write("c.etc/leased.conf",
                   CONF % (*self.conf, PREFIX if self.kea else ""))

    def leased_start(self):
        """As the service would: at most five times a minute after a crash."""
        if self.running("leased"):
            return
        now = time.monotonic()
        self.unclean = [t for t in self.unclean if now - t < 61]
        if len(self.unclean) >= 4:
            time.sleep(61 - (now - self.unclean[0]))
        self.spawn("leased", "c", "env", "ASAN_OPTIONS=detect_leaks=0",
                   self.build + "/leased", "-dv", "-f", "/etc/leased.conf")
        self.conf_loaded = None
        self.usage, self.roles = {}, {}

    def leased_wait(self, seconds=10):
        end = time.monotonic() + seconds
        while self.ctl("show")[0] != 0:
            if not self.running("leased"):
                raise Broken("leased has ended")
            if time.monotonic() > end:
                raise Broken("leased does not answer")
            time.sleep(0.05)

    def reload(self):
        end = time.monotonic() + 5
        while True:
            code, out = self.ctl("reload")
            if code == 0:
                self.conf_loaded = self.conf
                return
            if "one reload a second" not in out or time.monotonic() > end:
                raise Broken("reload: " + out)
            time.sleep(0.1)

    def show(self):
        code, out = self.ctl("-j", "show")
        if code != 0:
            raise Broken("show: " + out)
        return json.loads(out)

    # ---- the administrator's own ----

    def foreign_add(self):
        # With its prefix route.
        self.ip("c", "addr del 192.0.2.5/24 dev eth0")
        self.ip("c", "addr add 192.0.2.5/24 dev eth0")
        self.ip("c", "route add 198.51.100.0/24 via 192.0.2.1 dev eth0")
        self.ip("c", "-6 addr add 2001:db8:99::5/64 dev eth0 nodad")
        self.ip("c", "-6 route add 2001:db8:98::/48 via 2001:db8:99::1 "
                "dev eth0 metric 77")
        self.foreign_lost = False

    def on_link(self, name, *families):
        """Its addresses; none when it is away."""
        return [a for link in self.ipj("addr show dev " + name)
                for a in link.get("addr_info", []) if a["family"] in families]

    def on_eth0(self, *families):
        return self.on_link("eth0", *families)

    def addresses(self):
        """Without those that the kernel made of an advertisement before
        leased was there, which have been deprecated."""
        kernel = [a for a in self.on_eth0("inet", "inet6")
                  if not (a.get("deprecated") and ":ff:fe" in a["local"])]
        return kernel, [f"{a['local']}/{a['prefixlen']}" for a in kernel
                        if a["scope"] == "global"]

    def foreign_check(self, addrs):
        want = []
        if "192.0.2.5/24" not in addrs:
            want.append("foreign address 192.0.2.5 is gone")
        if "2001:db8:99::5/64" not in addrs:
            want.append("foreign address 2001:db8:99::5 is gone")
        if not self.ipj("-4 route show 198.51.100.0/24"):
            want.append("foreign route 198.51.100.0/24 is gone")
        if not self.ipj("-6 route show 2001:db8:98::/48"):
            want.append("foreign route 2001:db8:98::/48 is gone")
        return want

    # ---- the quiet phase ----

    def restore_link(self):
        self.run(self.on("c", "nft", "flush", "ruleset"))
        self.run(self.on("s", "tc", "qdisc", "del", "dev", "srv0", "root"))
        self.run(self.on("c", "tc", "qdisc", "del", "dev", "eth0", "root"))
        if self.ip("s", "link show dev eth0")[0] == 0:
            self.ip("s", "link set eth0 netns " + self.ns["c"])
        for name in ("other0", "eth7"):
            if self.ip("c", "link show dev " + name)[0] == 0:
                self.ip("c", f"link set {name} down")
                self.ip("c", f"link set {name} name eth0")
                self.foreign_lost = True
        for name in ("br9", "eth0.7"):
            self.ip("c", "link del " + name)
        if self.ip("c", "link show dev eth0")[0] != 0:
            self.make_link()
        link = self.ipj("link show dev eth0")[0]
        if link["address"] != MAC_C:
            self.ip("c", "link set eth0 address " + MAC_C)
        if link["mtu"] != 1500:
            self.ip("c", "link set eth0 mtu 1500")
        self.sysctl("c", "ipv6/conf/eth0/disable_ipv6", 0)
        self.sysctl("c", "ipv6/conf/all/disable_ipv6", 0)
        if not [a for a in self.on_eth0("inet6") if a["scope"] == "link"]:
            # Whoever removes the link-local address means it.
            self.ip("c", "link set eth0 down")
        self.ip("c", "link set eth0 up")
        self.ip("s", "link set srv0 up")
        # Who answers to another MAC address by now.
        self.ip("s", "neigh flush dev srv0")
        self.ip("s", "-6 neigh flush dev srv0")
        self.server_addresses()

    def carrier(self):
        """The kernel tells of it once a second for all namespaces."""
        end = time.monotonic() + 30
        while True:
            up = [self.ip(h, "-o link show dev " + i)[1]
                  for h, i in (("c", "eth0"), ("s", "srv0"))]
            if all("LOWER_UP" in u and "state UP" in u for u in up):
                return
            if time.monotonic() > end:
                raise RuntimeError(f"no carrier: {up}")
            time.sleep(0.02)

    def quiet(self, kick):
        self.note("quiet, " + kick)
        remade = self.ip("s", "link show dev srv0")[0] != 0
        self.restore_link()
        self.flags, self.lifetime = (True, True), 1800
        if self.kea:
            # It opens its sockets once.
            self.stop("dhcp6")
            self.write("dhcp6.log", "")
            if self.ip("c", "link show dev dn0")[0] != 0:
                self.ip("c", "link add dn0 type veth peer name dn0p")
            for name in ("dn0p", "dn0"):
                self.ip("c", f"link set {name} up")
            self.carrier()
            self.dhcp6_start()
            self.kea_wait()
        for name in ("dhcp4", "dhcp6", "radvd"):
            if remade and (name, self.kea) != ("dhcp6", True):
                self.stop(name)
            if not self.running(name):
                self.server_start(name)
        self.radvd_reload()
        self.conf = (100, "")
        self.conf_write()
        if self.foreign_lost:
            self.foreign_add()
        fresh = not self.running("leased")
        self.leased_start()
        self.leased_wait()
        if not fresh and self.conf_loaded != self.conf:
            self.reload()
        self.conf_loaded = self.conf
        self.carrier()
        if self.foreign_lost:
            self.foreign_add()
        if kick == "renew":
            code, out = self.ctl("renew")
            if code != 0:
                raise Broken("renew: " + out)
        elif kick == "carrier":
            self.ip("s", "link set srv0 down")
            time.sleep(0.2)
            self.ip("s", "link set srv0 up")
            self.server_addresses()
            self.carrier()
