#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Is all that the client has configured in the set a good server allows?

The kernel is judged by the output of `ip -ts -o monitor link address route`,
behind the mark beside the file, so that also what was there for a moment only
is seen; the mark is moved.  Each function yields one text per offence.
"""

import json
import re

DEV = r"(?: dev eth0)"
TAIL = (r"(?: table \S+)?(?: proto \S+)?(?: scope \S+)?(?: src 10\.9\.0\.100)?"
        r"(?: metric \d+)?(?: mtu \d+)?(?: onlink)?\s*$")
VIA = r"(?: via 10\.9\.0\.\d+)?"
ALLOWED = [re.compile(p) for p in (
    # a mask that is missing or ignored means the classful one (D4-14)
    r"inet 10\.9\.0\.100/(?:24|8) ",
    r"^10\.0\.0\.0/8 dev eth0" + TAIL,
    r"inet 127\.0\.0\.25[34]/32 ",
    # prefix, default and the routes of the classes that send many good ones
    r"^(?:10\.9\.0\.0/24|default|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+\S*)" +
    VIA + DEV + TAIL,
    # host route to a router
    r"^10\.9\.0\.\d+" + DEV + TAIL,
    # what the kernel adds by itself
    r"^(?:local|broadcast) 10\.9\.0\.(?:0|100|255) dev eth0",
    r"^(?:local|broadcast) 10\.(?:0\.0\.0|255\.255\.255) dev eth0",
    r"^(?:local|broadcast) 127\.\d+\.\d+\.\d+ dev lo",
    r"^(?:local |multicast |anycast )?(?:fe80|ff00|::1)\S* ",
    r"inet6 ",
    # links: no MTU other than the device's
    r"^\d+: \S+: <.*> mtu (?:1500|65536) ",
)]
# "ab": what overload_loops appends to option 15, as RFC 3396 has it
NAME = re.compile(r"^(?:n\d+\.)?lab\.example(?:ab)*$")


def monitor_lines(path):
    with open(path + ".mark", encoding="ascii") as f:
        offset = int(f.read())
    with open(path, "rb") as f:
        f.seek(offset)
        data = f.read()
    data = data[:data.rfind(b"\n") + 1]
    with open(path + ".mark", "w", encoding="ascii") as f:
        f.write(str(offset + len(data)))
    for line in data.decode(errors="replace").splitlines():
        line = re.sub(r"^\[[^]]*\] ?", "", line)
        if not line.startswith("Deleted "):
            yield line.strip()


def check_monitor(path):
    for line in monitor_lines(path):
        if line and not any(p.search(line) for p in ALLOWED):
            yield "kernel: " + line


def check_resolv(path):
    with open(path, "rb") as f:
        text = f.read().decode("latin-1")
    for line in text.split("\n"):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[0] == "nameserver":
            good = len(words) == 2 and re.match(r"^10\.9\.0\.\d+$", words[1])
        elif words[0] in ("search", "domain"):
            good = all(NAME.match(w) for w in words[1:])
        else:
            good = False
        if not good:
            yield "resolv.conf: %r" % line


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for k, v in value.items():
            yield k
            yield from strings(v)
    elif isinstance(value, list):
        for v in value:
            yield from strings(v)


def check_json(text):
    """The output of `leasectl -j show`, or a line of `-j monitor`."""
    j = json.loads(text.decode("utf-8"))
    for s in strings(j):
        if re.search(r"198\.51\.100|203\.0\.113|evil", s) or \
                not all(" " <= c <= "~" for c in s):
            yield "leasectl: %r" % s
