#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The trouble: each function is an event of chaos.py, named after it."""

import os
import signal
import subprocess
import time

from chaos_lab import MAC_C, NET4, NET6, Broken


def ev_carrier(lab):
    lab.ip("s", "link set srv0 down")
    lab.pause(1.2)
    lab.ip("s", "link set srv0 up")
    lab.server_addresses()


def ev_down(lab):
    lab.foreign_lost = True
    lab.ip("c", "link set eth0 down")
    lab.pause()
    lab.ip("c", "link set eth0 up")


def ev_flap(lab):
    lab.foreign_lost = True
    host, name = lab.rng.choice([("c", "eth0"), ("s", "srv0")])
    lab.batch(host, [f"link set {name} down", f"link set {name} up"] *
              lab.rng.randint(2, 6))
    lab.server_addresses()


def ev_rename(lab):
    name = lab.rng.choice(["eth7", "other0"])
    lab.foreign_lost = True
    if lab.rng.random() < 0.5:
        lab.ip("c", "link set eth0 down")
    lab.ip("c", "link set eth0 name " + name)
    lab.pause()
    lab.ip("c", f"link set {name} name eth0")
    lab.ip("c", "link set eth0 up")


def ev_mac(lab):
    lab.foreign_lost = True
    mac = f"02:00:00:00:77:{lab.rng.randint(1, 99):02d}"
    down = lab.rng.random() < 0.5
    if down:
        lab.ip("c", "link set eth0 down")
    lab.ip("c", "link set eth0 address " + mac)
    if down:
        lab.ip("c", "link set eth0 up")
    lab.pause()
    lab.ip("c", "link set eth0 address " + MAC_C)


def ev_remake(lab):
    lab.ip("c", "link del eth0")
    lab.pause()
    lab.make_link()
    for host, name in lab.rng.sample([("c", "eth0"), ("s", "srv0")], 2):
        lab.ip(host, f"link set {name} up")
        lab.pause(0.2)
    lab.server_addresses()
    for name in ("dhcp4", "dhcp6", "radvd"):
        lab.stop(name)


def ev_mtu(lab):
    lab.foreign_lost = True
    mtu = lab.rng.choice([1280, 1400, 576, 1000])
    lab.ip("c", f"link set eth0 mtu {mtu}")
    lab.pause()
    lab.ip("c", "link set eth0 mtu 1500")


def ev_vlan(lab):
    lab.ip("c", "link add link eth0 name eth0.7 type vlan id 7")
    lab.ip("c", "link set eth0.7 up")
    lab.pause()
    lab.ip("c", "link del eth0.7")


def ev_bridge(lab):
    lab.foreign_lost = True
    lab.ip("c", "link add br9 type bridge")
    lab.ip("c", "link set eth0 master br9")
    lab.pause()
    lab.ip("c", "link set eth0 nomaster")
    lab.ip("c", "link del br9")


def ev_netns(lab):
    lab.foreign_lost = True
    lab.ip("c", "link set eth0 netns " + lab.ns["s"])
    lab.pause()
    lab.ip("s", "link set eth0 netns " + lab.ns["c"])
    lab.ip("c", "link set eth0 up")


def ev_admin_addr4(lab):
    for x in lab.on_eth0("inet"):
        if not x["local"].startswith("192.0.2."):
            lab.ip("c", f"addr del {x['local']}/{x['prefixlen']} dev eth0")


def ev_admin_addr6(lab):
    for x in lab.on_eth0("inet6"):
        if x["scope"] == "global" and lab.rng.random() < 0.7 and \
                not x["local"].startswith("2001:db8:99:"):
            lab.ip("c", f"-6 addr del {x['local']}/{x['prefixlen']} dev eth0")


def ev_admin_routes(lab):
    what = lab.rng.choice(["-4 default", "-6 default", "-4 prefix",
                           "-6 prefix"])
    family = what[:2]
    if what.endswith("default"):
        lab.ip("c", f"{family} route del default dev eth0")
        return
    for net in NET4.values() if family == "-4" else NET6.values():
        lab.ip("c", f"{family} route del " +
               (net + ".0/24" if family == "-4" else net + "::/64") +
               " dev eth0")


def ev_admin_flush(lab):
    lab.foreign_lost = True
    lab.ip("c", lab.rng.choice(["route flush dev eth0",
                                "-6 route flush dev eth0 proto 109",
                                "addr flush dev eth0",
                                "-6 addr flush dev eth0 scope global"]))


def ev_admin_link_local(lab):
    lab.foreign_lost = True
    lab.ip("c", "-6 addr flush dev eth0 scope link")
    lab.pause()
    lab.ip("c", "link set eth0 down")
    lab.ip("c", "link set eth0 up")


def ev_downstream(lab):
    """Only where there is one."""
    what = lab.rng.choice(["link set dn0 down", "-6 addr flush dev dn0 scope "
                           "global", "link del dn0"])
    lab.ip("c", what)
    lab.pause()
    if what == "link del dn0" and lab.kea:
        lab.ip("c", "link add dn0 type veth peer name dn0p")
    lab.ip("c", "link set dn0 up")


def ev_away(lab):
    """Long enough for whoever tries again to wait longer each time."""
    what = lab.rng.choice(["carrier", "disable", "dhcp4", "dhcp6", "radvd"])
    seconds = lab.rng.uniform(2, 6)
    lab.note(f"  {what} {seconds:.1f} s")
    if what == "carrier":
        lab.ip("s", "link set srv0 down")
    elif what == "disable":
        lab.foreign_lost = True
        lab.sysctl("c", "ipv6/conf/eth0/disable_ipv6", 1)
    else:
        lab.stop(what)
    time.sleep(seconds)
    lab.sysctl("c", "ipv6/conf/eth0/disable_ipv6", 0)
    lab.ip("s", "link set srv0 up")
    lab.server_addresses()


def ev_renew(lab):
    lab.ctl("renew")


def ev_resume(lab):
    lab.ctl("resume")


def ev_reload(lab):
    kind = lab.rng.choice(["same", "preference", "off4", "off6", "bad", "hup",
                           "none"])
    good = lab.conf
    if kind == "preference":
        lab.conf = (lab.rng.choice([50, 100, 200]), "")
    elif kind == "off4":
        lab.conf = (100, "\n\tdhcp4 no")
    elif kind == "off6":
        lab.conf = (100, "\n\trapid-commit no\n\ttemporary yes")
    lab.conf_write()
    if kind == "bad":
        lab.write("c.etc/leased.conf", "interface {{ no\n")
    elif kind == "none":
        lab.write("c.etc/leased.conf", 'interface "other0" { }\n')
    if kind == "hup" and lab.running("leased"):
        lab.procs["leased"].send_signal(signal.SIGHUP)
    else:
        lab.ctl("reload")
    lab.conf_loaded = None
    if kind == "bad":
        lab.conf = good


def ev_release(lab):
    lab.ctl("release", "eth0")
    lab.pause()
    lab.ctl("renew", "eth0")


def ev_release_only(lab):
    lab.ctl("release", "eth0")


def ev_stop(lab):
    lab.ctl("stop", *lab.rng.choice([[], ["--withdraw"]]))
    lab.stop("leased", signal.SIGTERM)
    lab.pause()
    if lab.rng.random() < 0.7:
        lab.leased_start()


def ev_term(lab):
    lab.stop("leased", signal.SIGTERM)
    lab.leased_start()


def ev_kill(lab):
    """The daemon leaves with any of its processes; the service restarts it."""
    if not lab.running("leased"):
        return
    pids = list(lab.roles.values())
    if not pids:
        pids = [lab.procs["leased"].pid]
    role = lab.rng.choice(["parent", "frontend", "engine", "helper"])
    pid = lab.roles.get(role, lab.procs["leased"].pid)
    lab.note(f"  kill {role} {pid}")
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    lab.unclean.append(time.monotonic())
    try:
        lab.procs["leased"].wait(10)
    except subprocess.TimeoutExpired as e:
        raise Broken(f"{role} was killed, and leased goes on") from e
    lab.pause()
    lab.leased_start()


def ev_freeze(lab):
    """A process that the others are ahead of, and netlink's."""
    if not lab.running("leased"):
        return
    role = lab.rng.choice(["parent", "frontend", "engine", "helper"])
    pid = lab.roles.get(role, lab.procs["leased"].pid)
    others = lab.rng.choices(FAST, k=lab.rng.randint(1, 3))
    lab.note(f"  {role}: {' '.join(others)}")
    try:
        os.kill(pid, signal.SIGSTOP)
    except ProcessLookupError:
        return
    try:
        for name in others:
            EVENTS[name](lab)
            lab.pause()
    finally:
        os.kill(pid, signal.SIGCONT)


def ev_server(lab):
    name = lab.rng.choice(["dhcp4", "dhcp6", "radvd"])
    if lab.running(name):
        lab.stop(name, lab.rng.choice([signal.SIGTERM, signal.SIGKILL]))
        lab.pause()
    if lab.rng.random() < 0.6:
        lab.server_start(name)


def ev_renumber(lab):
    what = lab.rng.choice(["net4", "net6"])
    setattr(lab, what, lab.rng.choice("ab"))
    lab.server_addresses()
    for name in ("dhcp4",) if what == "net4" else ("dhcp6", "radvd"):
        lab.stop(name)
        lab.server_start(name)


def ev_wipe(lab):
    name = lab.rng.choice(["dhcp4", "dhcp6"])
    lab.stop(name, signal.SIGKILL)
    try:
        os.unlink(f"{lab.dir}/{name}.leases")
    except FileNotFoundError:
        pass
    lab.server_start(name)


def ev_ra(lab):
    lab.flags = (lab.rng.random() < 0.5, lab.rng.random() < 0.5)
    lab.lifetime = lab.rng.choice([0, 1800])
    if lab.running("radvd"):
        lab.radvd_reload()


def ev_disable(lab):
    lab.foreign_lost = True
    lab.disabled_touched = True
    which = lab.rng.choice(["eth0", "eth0", "all"])
    lab.sysctl("c", f"ipv6/conf/{which}/disable_ipv6", 1)
    lab.pause()
    lab.sysctl("c", f"ipv6/conf/{which}/disable_ipv6", 0)


def ev_loss(lab):
    host, name = lab.rng.choice([("c", "eth0"), ("s", "srv0")])
    lab.run(lab.on(host, "tc", "qdisc", "add", "dev", name, "root", "netem",
                   *lab.rng.choice(["loss 40%", "delay 300ms",
                                    "duplicate 50%",
                                    "delay 80ms reorder 50%"]).split()))


def ev_drop(lab):
    what = lab.rng.choice(["udp dport 67", "udp sport 67", "udp dport 547",
                           "udp sport 547", "icmpv6 type nd-router-advert",
                           "icmpv6 type nd-neighbor-solicit"])
    lab.run(lab.on("c", "nft", f"add table netdev x; add chain netdev x y {{ "
                   "type filter hook ingress device eth0 priority 0 ; }; "
                   f"add rule netdev x y {what} drop"))


def ev_burst(lab):
    """More messages than a netlink socket holds."""
    n = lab.rng.choice([50, 300])
    lab.batch("c", [f"link add d{i} type dummy" for i in range(n)] +
              [f"link set d{i} up" for i in range(n)] +
              ["link set eth0 down", "link set eth0 up"] +
              [f"link del d{i}" for i in range(n)])
    lab.foreign_lost = True


EVENTS = {f[3:]: g for f, g in list(globals().items()) if f.startswith("ev_")}
# Without leasectl, which would wait for who is stopped.
FAST = ["admin_addr4", "admin_addr6", "admin_flush", "admin_link_local",
        "admin_routes", "bridge", "burst", "carrier", "disable", "down",
        "flap", "mac", "mtu", "netns", "remake", "rename", "server", "wipe"]
# After these a lease is right or a route left out until it is renewed.
RENEW = {"admin_routes", "admin_flush", "release_only", "freeze", "mtu"}
WEIGHTS = {"away": 0.4, "burst": 0.3, "remake": 0.7, "kill": 0.7, "stop": 0.7}
