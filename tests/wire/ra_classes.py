# SPDX-License-Identifier: ISC
"""Classes of malformed router advertisements.

Each yields items (body, wrong) where wrong names what of the packet around
the body is wrong, see packet().  What they try to get configured is never in
the set that check6.py allows: 2001:db8:bad::/48, 2001:db8:1::bad:0/112, and
names under "evil.example".
"""

import struct
import types

import ra
from classes6 import BAD_TEXT

CLASSES = {}
MAC = bytes.fromhex("020000000001")
EVIL = "2001:db8:bad:%x::/64"


class Class:
    def __init__(self, make, dropped):
        self.make, self.dropped = make, dropped


def malformed(dropped=False):
    """dropped: not one of these may be accepted."""
    def add(f):
        CLASSES[f.__name__] = Class(f, dropped)
        return f
    return add


def head(kind=134, code=0, hop=64, flags=0, lifetime=1800, reachable=0,
         retrans=0):
    return struct.pack("!BBHBBHII", kind, code, 0, hop, flags, lifetime,
                       reachable, retrans)


def good(*more):
    """What the good router says, and more."""
    return (head() + ra.option(1, MAC) +
            ra.prefix_option("2001:db8:1::/64,3600,1800") + b"".join(more))


def evil(n=1):
    return good(ra.prefix_option(EVIL % n),
                ra.rdnss_option("2001:db8:bad::53"),
                ra.route_option("2001:db8:bad:77::/64"))


def packet(body, wrong=None):
    w = dict(wrong or {})
    args = types.SimpleNamespace(
        hop_limit=w.get("hop_limit", 255), bad_checksum=w.get("sum", 0),
        fragment=w.get("fragment", False), to_mac=b"\xff" * 6)
    return ra.frame(args, MAC, w.get("src", ra.link_local(MAC)),
                    w.get("dst", ra.ALL_NODES), body)


def frames(name):
    for item in CLASSES[name].make():
        yield packet(*item) if isinstance(item, tuple) else packet(item)


# ---- around the message ----

@malformed(dropped=True)
def hop_limit(*_):
    for n in (0, 1, 64, 128, 254):
        yield evil(), {"hop_limit": n}


@malformed(dropped=True)
def source(*_):
    for src in ("::", "::1", "2001:db8:1::1", "fec0::1", "ff02::1",
                "::ffff:198.51.100.1", "fe00::1"):
        yield evil(), {"src": src}


@malformed(dropped=True)
def checksum_and_fragment(*_):
    yield evil(), {"sum": 0x0101}
    yield evil(), {"sum": 0xffff}
    yield evil(), {"fragment": True}


@malformed(dropped=True)
def type_and_code(*_):
    for code in (1, 2, 128, 255):
        yield head(code=code) + evil()[16:]
    for kind in (1, 3, 128, 133, 135, 136, 137, 138, 151):
        yield head(kind=kind) + evil()[16:]


# ---- lengths ----

@malformed(dropped=True)
def short(*_):
    for n in range(4, 16):
        yield evil()[:n]


@malformed(dropped=True)
def truncated(*_):
    """Everywhere but behind a whole option."""
    whole, at = {16}, 16
    body = evil()
    while at < len(body):
        at += body[at + 1] * 8
        whole.add(at)
    for n in range(17, len(body)):
        if n not in whole:
            yield body[:n]


@malformed(dropped=True)
def option_length_zero(*_):
    for kind in (0, 1, 2, 3, 5, 24, 25, 31, 37, 38, 144, 200, 255):
        yield evil() + bytes([kind, 0]) + bytes(6)
        yield head() + bytes([kind, 0]) + bytes(6) + evil()[16:]


@malformed(dropped=True)
def option_past_the_end(*_):
    for kind in (1, 3, 5, 24, 25, 31, 37, 38, 144, 200):
        for n in (2, 3, 32, 128, 255):
            yield evil() + bytes([kind, n]) + bytes(6)
        yield evil() + bytes([kind])


@malformed()
def option_too_short(*_):
    for kind in (3, 5, 24, 25, 31, 37, 38, 144):
        for n in (1, 2, 3):
            if kind in (5, 24, 37, 144) or (kind, n) in ((31, 2), (31, 3),
                                                         (25, 3), (38, 2)):
                continue
            yield good(bytes([kind, n]) + b"\xff" * (8 * n - 2))


@malformed()
def option_too_long(*_):
    for kind, n in ((3, 5), (3, 31), (5, 2), (24, 4), (24, 31), (38, 3),
                    (25, 4), (25, 2)):
        yield good(bytes([kind, n]) + b"\xff" * (8 * n - 2))


# ---- prefixes and routes ----

@malformed()
def prefix_length(*_):
    for n in (129, 130, 136, 192, 255):
        net = ra.packed("2001:db8:bad::")
        yield good(struct.pack("!BBBBIII", 3, 4, n, 0xc0, 3600, 1800, 0) +
                   net)
        yield good(bytes([24, 3, n, 0]) + struct.pack("!I", 1800) + net)
    for n in (0, 1, 8, 48, 63, 65, 80, 127, 128):  # A: only of 64
        yield good(struct.pack("!BBBBIII", 3, 4, n, 0x40, 3600, 1800, 0) +
                   ra.packed("2001:db8:bad::"))


@malformed()
def prefix_unusable(*_):
    for text in ("fe80::", "ff02::", "ff0e::", "::", "fe80:0:0:1::"):
        for n in (64, 16, 10):
            yield good(struct.pack("!BBBBIII", 3, 4, n, 0xc0, 3600, 1800, 0) +
                       ra.packed(text))


@malformed()
def prefix_lifetimes(*_):
    for valid, preferred in ((10, 20), (0, 1), (1800, 0xffffffff),
                             (0xfffffffe, 0xffffffff), (0, 0)):
        # without L, which goes by the valid lifetime alone
        yield good(struct.pack("!BBBBIII", 3, 4, 64, 0x40, valid, preferred,
                               0) + ra.packed("2001:db8:bad::"))


@malformed()
def route_too_short(*_):
    """RFC 4191 2.3: 16 bytes for more than 64 bits, 8 for any."""
    for n, size in ((1, 1), (64, 1), (65, 2), (128, 2), (48, 1), (255, 1)):
        yield good(bytes([24, size, n, 0]) + struct.pack("!I", 1800) +
                   ra.packed("2001:db8:bad::")[:8 * (size - 1)])


@malformed()
def route_unusable(*_):
    for text, n in (("fe80::", 64), ("ff00::", 8), ("::1", 128), ("fe80::",
                                                                  10)):
        yield good(bytes([24, 3, n, 0]) + struct.pack("!I", 1800) +
                   ra.packed(text))
    yield good(bytes([24, 3, 48, 2 << 3]) + struct.pack("!I", 1800) +
               ra.packed("2001:db8:bad::"))  # reserved preference


# ---- the rest ----

@malformed()
def mtu(*_):
    for n in (0, 1, 68, 1279, 1501, 9000, 65536, 0x80000000, 0xffffffff):
        yield good(ra.option(5, struct.pack("!HI", 0, n)))


@malformed()
def parameters(*_):
    yield head(hop=1) + good()[16:]
    yield head(reachable=0xffffffff, retrans=0xffffffff) + good()[16:]
    yield head(reachable=3600001, retrans=1) + good()[16:]
    yield head(reachable=1, retrans=1) + good()[16:]
    for flags in range(0, 32):  # no M and no O: no DHCPv6 here
        yield head(flags=flags) + good()[16:]


@malformed()
def dns_server_unusable(*_):
    for text in ("::", "::1", "ff02::fb", "ff0e::1"):
        yield good(ra.rdnss_option(text))
    for n in (0, 1):
        yield good(bytes([25, 1 + n]) + bytes(6 + 8 * n))


@malformed()
def bad_names(*_):
    label = b"\x3f" + b"e" * 63
    # What is padded with zeros ends with a root.
    for data in (b"\xc0\x00", b"\xc0\x02\xc0\x00", b"\xff\xff",
                 b"\4evil\2ab", b"\7evilevi", b"\x3f", label * 4,
                 label * 4 + b"\0", b"\1e" * 600 + b"\0", b"\x40evil\0",
                 b"\x80evil\0", b"\xbfevil\0", b"\0", b"\0\0\0\0"):
        yield good(ra.option(31, struct.pack("!HI", 0, 1800) + data))


@malformed()
def text(*_):
    for t in BAD_TEXT:
        name = bytes([len(t)]) + t + b"\7example\0"
        yield good(ra.option(31, struct.pack("!HI", 0, 1800) + name),
                   ra.option(37, t),
                   ra.option(144, struct.pack("!HIH", 1, 1800, len(name)) +
                             name + bytes(4)))


@malformed()
def pref64(*_):
    for plc in (6, 7):
        yield good(bytes([38, 2, 0, 8 | plc]) + b"\x20\x01\x0d\xb8" * 3)
    yield good(ra.option(38, b"\xff\xf8" + b"\xff" * 12))


@malformed()
def encrypted_dns(*_):
    for body in (b"", bytes(5), bytes(8), struct.pack("!HIH", 1, 9, 0xffff),
                 struct.pack("!HIH", 1, 9, 3) + b"\1a\0\xff\xff",
                 struct.pack("!HIH", 1, 9, 2) + b"\xc0\0" + bytes(4),
                 struct.pack("!HIH", 1, 9, 3) + b"\1a\0\0\x10" +
                 ra.packed("ff02::1") + b"\0\0"):
        yield good(ra.option(144, body))


@malformed()
def many(*_):
    yield good(*[ra.option(200, b"")] * 150)
    yield good(*[ra.rdnss_option("+".join(
        "2001:db8:1::%x" % (i * 8 + j) for j in range(8)))
        for i in range(1, 9)])
    yield good(*[ra.dnssl_option("n%d.lab.example" % i) for i in range(40)])
    yield good(*[ra.prefix_option("2001:db8:f0%02x::/64" % i)
                 for i in range(40)])
    yield good(*[ra.route_option("2001:db8:f0%02x::/48" % i)
                 for i in range(60)])
    yield good(*[ra.option(5, struct.pack("!HI", 0, 1500))] * 100)
