# SPDX-License-Identifier: ISC
"""Is all IPv6 that the client has configured in the set that the good server
of wire_server6.py, or the good router of ra.py, allows?  See check.py."""

import ipaddress
import json
import re

import check

TOKEN = re.compile(r"(?<![\w:.])([0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})"
                   r"(?:%\w+)?(?:/(\d+))?(?![\w:])")
ALLOWED = [ipaddress.ip_network(n) for n in (
    "fe80::/10", "ff02::/16", "ff00::/8", "::1/128", "2001:db8:1::/64",
    # delegated: the prefix, and those of classes that send many
    "2001:db8:f000::/40")]
HARDWARE = re.compile(r"link/\S+ \S+(?: brd \S+)?|lladdr \S+")
NAME = re.compile(r"^(?:(?:n{60}\.)*n\d+\.)?(?:(?:a|aftr)\.)?lab(?:\.example)?"
                  r"$")


def addresses(text):
    for address, length in TOKEN.findall(HARDWARE.sub("", text)):
        try:
            yield ipaddress.ip_network(
                "%s/%s" % (address, length or "128"), strict=False)
        except ValueError:
            pass  # a time, a MAC address


def allowed(net):
    return any(net.subnet_of(a) for a in ALLOWED)


def check_monitor(path):
    for line in check.monitor_lines(path):
        for net in addresses(line):
            if not allowed(net):
                yield "kernel: " + line
        if re.search(r"^\d+: eth0\S*: <.*> mtu (?!1500 )", line):
            yield "kernel: " + line


def check_resolv(path):
    with open(path, "rb") as f:
        text = f.read().decode("latin-1")
    for line in text.split("\n"):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[0] == "nameserver":
            good = len(words) == 2 and all(allowed(n)
                                           for n in addresses(words[1]))
        elif words[0] == "search":
            good = all(NAME.match(w) for w in words[1:])
        else:
            good = False
        if not good:
            yield "resolv.conf: %r" % line


def check_json(text):
    """The output of `leasectl -j show`, or a line of `-j monitor`."""
    for s in check.strings(json.loads(text.decode("utf-8"))):
        if re.search(r"db8:bad|203\.0\.113|evil|touch", s) or \
                not all(" " <= c <= "~" for c in s):
            yield "leasectl: %r" % s
