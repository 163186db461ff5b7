# SPDX-License-Identifier: ISC
"""Classes of malformed DHCPv4 input.

Each is a generator: make(reply) yields frames (bytes) or dhcp.Reply objects;
reply() gives a fresh good answer of the phase's type, reply(KIND) of another.
What they try to get configured is never in the set that check.py allows:
198.51.100.0/24 addresses, 203.0.113.0/24 routes and name servers, names under
"evil.example".
"""

import struct

import dhcp
from dhcp import ip4, name, option, route

CLASSES = {}
ALL = ("offer", "ack", "nak")
LEASES = ("offer", "ack")  # where a NAK has no such thing
ANY = ALL + ("bound",)

# Options that the client asks for or reads, with a good value of each.
KNOWN = {
    1: ip4("255.255.255.0"), 3: ip4("10.9.0.1"), 6: ip4("10.9.0.1"),
    12: b"host", 15: b"lab.example", 26: b"\x05\xdc",
    28: ip4("10.9.0.255"), 33: ip4("172.16.1.1") + ip4("10.9.0.1"),
    42: ip4("10.9.0.1"), 43: b"\x01\x01\x01", 51: b"\0\0\x02\x58",
    52: b"\0", 53: b"\x02", 54: ip4("10.9.0.1"), 56: b"text",
    57: b"\x05\xdc", 58: b"\0\0\0\x3c", 59: b"\0\0\0\x78", 61: b"\1abcdef",
    80: b"", 82: b"\x01\x01\x01", 108: b"\0\0\x01\x2c",
    114: b"https://portal.example/", 119: name("lab.example"),
    121: route("172.16.0.0", 16, "10.9.0.1"),
    162: b"\0\x0b\0\1\5\3dns\7example\0"[:13],
    212: b"\x0e\x10\x20\x01\x0d\xb8" + b"\0" * 12 + ip4("10.9.0.1"),
}
FIXED = {1: 4, 26: 2, 28: 4, 51: 4, 52: 1, 53: 1, 54: 4, 57: 2, 58: 4, 59: 4,
         108: 4}
LISTS = {3: 4, 6: 4, 33: 8, 42: 4}


class Class:
    def __init__(self, make, phases):
        self.make, self.phases = make, phases


def malformed(*phases):
    def add(f):
        CLASSES[f.__name__] = Class(f, phases)
        return f
    return add


KIND = {"offer": dhcp.OFFER, "ack": dhcp.ACK, "nak": dhcp.NAK,
        "bound": dhcp.ACK}


def frames(class_name, phase, reply):
    """All frames of a class; reply(KIND) gives a good answer."""
    items = CLASSES[class_name].make(lambda k=KIND[phase]: reply(k))
    return [i if isinstance(i, bytes) else i.frame() for i in items]


# ---- options: lengths ----

@malformed(*ANY)
def length_zero(reply):
    for code in KNOWN:
        if code != 80:
            yield reply().set(code, b"")


@malformed(*ANY)
def length_short(reply):
    for code, size in list(FIXED.items()) + list(LISTS.items()):
        for n in range(1, size):
            yield reply().set(code, b"\xc6\x33\x64\x01\xcb\0\x71\1"[:n])


@malformed(*ANY)
def length_long(reply):
    for code, size in FIXED.items():
        yield reply().set(code, (b"\xc6\x33\x64\x01" * 3)[:size + 1])
    for code, size in LISTS.items():
        yield reply().set(code, (ip4("203.0.113.1") * 5)[:2 * size + 1])


@malformed(*ANY)
def length_past_the_end(reply):
    for code in KNOWN:
        for n in (1, 4, 255):
            r = reply()
            r.set(code, None)
            r.raw, r.end = bytes([code, n]), False
            yield r


@malformed(*ANY)
def code_without_length(reply):
    for code in KNOWN:
        r = reply()
        r.raw, r.end = bytes([code]), False
        yield r


@malformed(*ANY)
def no_options_at_all(reply):
    for raw in (b"", b"\xff", b"\0" * 60, b"\0" * 59 + b"\x35", b"\xff" * 60):
        r = reply()
        r.options, r.raw, r.end = [], raw, False
        yield r


@malformed(*ANY)
def every_option_empty(reply):
    r = reply()
    r.options = []
    r.raw = b"".join(bytes([c, 0]) for c in range(1, 255))
    yield r
    r = reply()
    r.raw = b"".join(bytes([c, 0]) for c in range(1, 255))
    yield r


@malformed(*ANY)
def repeated_options(reply):
    """RFC 3396: they concatenate, so a fixed size becomes wrong."""
    for code in (1, 51, 53, 54, 26):
        r = reply()
        r.options.append((code, KNOWN[code]))
        yield r
    r = reply()
    r.raw = option(121, b"")[:2] * 300
    yield r


# ---- options: counts ----

@malformed(*LEASES)
def many_routes(reply):
    data = b"".join(route("172.16.%d.0" % i, 24, "10.9.0.1")
                    for i in range(120))
    r = reply()
    r.set(121, route("0.0.0.0", 0, "10.9.0.1") + data)
    yield r


@malformed(*LEASES)
def many_static_routes(reply):
    data = b"".join(ip4("172.16.1.%d" % i) + ip4("10.9.0.1")
                    for i in range(1, 120))
    yield reply().set(33, data)


@malformed(*LEASES)
def many_routers_and_servers(reply):
    many = b"".join(ip4("10.9.0.%d" % i) for i in range(1, 61))
    yield reply().set(3, many).set(6, many).set(42, many)


@malformed(*LEASES)
def many_names(reply):
    names = b"".join(name("n%d.lab.example" % i) for i in range(64))
    yield reply().set(119, names)
    yield reply().set(15, b" ".join(b"n%d.lab.example" % i
                                    for i in range(15)))


# ---- options: DNS names ----

@malformed(*LEASES)
def name_pointer_loops(reply):
    for data in (
            b"\xc0\x00", b"\xc0\x02\xc0\x00", b"\xc0\x02", b"\xc0\xff",
            b"\xff\xff", b"\xc0", b"\4evil\xc0\x00", b"\4evil\xc0\x05",
            b"\4evil\xc0\x07\xc0\x05", b"\1a\xc0\x00" * 60,
            b"\1a\1b\xc0\x02\xc0\x00", name("lab.example") + b"\xc0\x0d",
            b"".join(b"\1a\xc0" + bytes([max(0, i * 4 - 4)])
                     for i in range(60))):
        yield reply().set(119, data)


@malformed(*LEASES)
def name_without_root(reply):
    for data in (b"\4evil", b"\4evil\7example", b"\4evi", b"\x3f",
                 b"\4evil\7exampl", b"\x3f" + b"a" * 62):
        yield reply().set(119, data)


@malformed(*LEASES)
def name_too_long(reply):
    label = b"\x3f" + b"e" * 63
    for data in (label * 4 + b"\0", label * 8 + b"\0", b"\1e" * 127 + b"\0",
                 b"\1e" * 400 + b"\0",
                 label * 3 + b"\0" + b"\x3f" + b"e" * 63 + b"\xc0\0"):
        yield reply().set(119, data)
    yield reply().set(15, b"e" * 64 + b".evil.example")
    yield reply().set(15, b".".join([b"e" * 60] * 5))
    yield reply().set(12, b"e" * 255 + b".evil.example")


@malformed(*LEASES)
def name_label_types(reply):
    for first in (0x40, 0x41, 0x7f, 0x80, 0xbf):
        yield reply().set(119, bytes([first]) + b"evil\0")
    yield reply().set(119, b"\0\0\0\0")


BAD_TEXT = (
    b"evil.example;reboot", b"$(touch /tmp/leased-pwned)",
    b"`touch /tmp/leased-pwned`", b"evil.example\nnameserver\t203.0.113.66",
    b"evil.example\r\nnameserver\t203.0.113.66", b"evil\0.example",
    b"\0", b"evil.example\0nameserver\t203.0.113.66", b"ev\xe9l.example",
    b"\xff\xfe\xfd", b"evil'example", b'evil"example', b"evil|example",
    b"evil\x1b[2J.example", b"../../etc/passwd", b"..", b".evil.example",
    b"evil..example", b"%s%n%s%n", b"evil\\example", b"evil.example\t;",
    b"#evil.example", b"{evil}", b"-n", b"\xe2\x80\xae.evil.example",
)


@malformed(*LEASES)
def text_in_names(reply):
    for text in BAD_TEXT:
        yield reply().set(15, text)
        yield reply().set(12, text)


@malformed(*LEASES)
def text_in_search_list(reply):
    for text in BAD_TEXT:
        data = bytes([len(text)]) + text + b"\7example\0"
        yield reply().set(119, data)


@malformed(*ALL)
def text_in_other_options(reply):
    for text in BAD_TEXT:
        r = reply()
        for code in (17, 18, 40, 56, 60, 64, 66, 67, 114):
            r.set(code, text)
        r.sname, r.file = text[:64], text[:128]
        yield r


# ---- overload (52) ----

@malformed(*ANY)
def overload_values(reply):
    for n in (0, 1, 2, 3, 4, 128, 255):
        r = reply().set(52, bytes([n]))
        yield r


@malformed(*ANY)
def overload_loops(reply):
    """An overload inside the overloaded fields must not start again."""
    inner = bytes([52, 1, 3, 15, 2]) + b"ab" + b"\x34\1\1"
    for n in (1, 2, 3):
        r = reply().set(52, bytes([n]))
        r.file, r.sname = inner * 12, inner * 6
        yield r
        r = reply().set(52, bytes([n]))
        r.file, r.sname = b"\x34\1\3" * 42, b"\x34\1\3" * 21
        yield r


@malformed(*ANY)
def overload_long_options(reply):
    for n in (1, 2, 3):
        for code in (6, 12, 15, 119, 121):
            r = reply().set(52, bytes([n]))
            r.set(code, b"\xcb\0\x71" * 50)
            r.file = bytes([code, 255]) + b"\xcb" * 126
            r.sname = bytes([code, 63]) + b"\xcb" * 62
            yield r


@malformed(*ANY)
def overload_edges(reply):
    for tail in (b"\x06", b"\x06\x04", b"\x06\x04\xcb"):
        r = reply().set(52, b"\3")
        r.file = b"\0" * (128 - len(tail)) + tail
        r.sname = b"\0" * (64 - len(tail)) + tail
        yield r
    r = reply()  # the type itself split over the areas
    r.options = [(52, b"\3"), (54, ip4("10.9.0.1"))]
    r.file, r.sname = b"\x35\1\2\xff", b"\x35\1\5\xff"
    yield r


# ---- addresses ----

@malformed(*LEASES)
def address_unusable(reply):
    for a in ("0.0.0.0", "0.1.2.3", "127.0.0.1", "127.1.2.3", "224.0.0.1",
              "239.255.255.255", "240.0.0.1", "255.255.255.255",
              "198.51.100.0", "198.51.100.255"):
        r = reply()
        r.yiaddr, r.dst = a, "255.255.255.255"
        yield r


@malformed(*LEASES)
def mask_unusable(reply):
    for m in ("0.0.0.0", "255.0.255.0", "0.0.0.255", "0.255.255.255",
              "255.255.255.1", "127.255.255.255"):
        yield reply().set(1, ip4(m))


@malformed(*LEASES)
def router_unusable(reply):
    for g in ("127.0.0.1", "0.1.2.3", "224.0.0.1", "255.255.255.255",
              "10.9.0.0", "10.9.0.255", "240.1.1.1"):
        yield reply().set(3, ip4(g))


@malformed(*LEASES)
def name_server_unusable(reply):
    bad = ("0.0.0.0", "127.0.0.1", "127.0.0.53", "224.0.0.251",
           "255.255.255.255")
    for a in bad:
        yield reply().set(6, ip4(a))
    yield reply().set(6, b"".join(ip4(a) for a in bad))


@malformed("offer")
def server_id_unusable(reply):
    for a in ("0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255"):
        r = reply().set(54, ip4(a))
        r.yiaddr = "198.51.100.7"
        yield r


# ---- classless routes (121) ----

@malformed(*LEASES)
def route_width(reply):
    for width in (33, 34, 40, 64, 127, 128, 255):
        yield reply().set(121, bytes([width]) + ip4("203.0.113.0") +
                          ip4("10.9.0.1"))


@malformed(*LEASES)
def route_truncated(reply):
    whole = route("203.0.113.0", 24, "10.9.0.1")
    for n in range(1, len(whole)):
        yield reply().set(121, whole[:n])
        yield reply().set(121, route("203.0.113.64", 26, "10.9.0.1") +
                          whole[:n])


@malformed(*LEASES)
def route_unusable(reply):
    for dst, width, gw in (
            ("127.0.0.0", 8, "10.9.0.1"), ("127.0.0.1", 32, "10.9.0.1"),
            ("224.0.0.0", 4, "10.9.0.1"), ("240.0.0.0", 4, "10.9.0.1"),
            ("255.255.255.255", 32, "10.9.0.1"), ("0.0.0.0", 8, "10.9.0.1"),
            ("0.1.2.3", 32, "10.9.0.1"), ("203.0.113.0", 24, "127.0.0.1"),
            ("203.0.113.0", 24, "224.0.0.1"),
            ("203.0.113.0", 24, "255.255.255.255"),
            ("203.0.113.0", 24, "0.1.2.3"), ("128.0.0.0", 1, "127.0.0.1")):
        yield reply().set(121, route(dst, width, gw))


# ---- times ----

@malformed(*LEASES)
def lease_too_short(reply):
    for n in (0, 1, 4):
        r = reply().set(51, struct.pack("!I", n))
        r.yiaddr, r.dst = "198.51.100.7", "255.255.255.255"
        yield r


@malformed(*LEASES)
def lease_times_disordered(reply):
    for t1, t2 in ((0, 0), (0xffffffff, 0xffffffff), (500, 100), (100, 100),
                   (700, 800), (0, 1), (1, 0), (0x80000000, 0x80000001)):
        yield reply().set(58, struct.pack("!I", t1)).set(
            59, struct.pack("!I", t2))


@malformed(*LEASES)
def lease_infinite(reply):
    yield reply().set(51, b"\xff" * 4)
    yield reply().set(51, b"\xff" * 4).set(58, b"\xff" * 4).set(
        59, b"\xff" * 4)
    yield reply().set(51, b"\x80\0\0\0")
    yield reply().set(51, b"\xff\xff\xff\xfe")


@malformed(*LEASES)
def mtu_too_small(reply):
    for n in (0, 1, 67, 68, 575):
        yield reply().set(26, struct.pack("!H", n))


# ---- BOOTP ----

@malformed(*ANY)
def bootp_fields(reply):
    for field, values in (
            ("op", (0, 1, 3, 255)), ("htype", (0, 6, 255)),
            ("hlen", (0, 5, 7, 16, 17, 255)),
            ("cookie", (b"\0\0\0\0", b"\x63\x82\x53\x64")),
            ("chaddr", (b"\0" * 6, b"\xff" * 6, b"\2\0\0\0\0\x63"))):
        for v in values:
            r = reply()
            mac = r.dst_mac
            setattr(r, field, v)
            r.yiaddr, r.dst_mac = "198.51.100.7", mac
            yield r


@malformed(*ANY)
def foreign_xid(reply):
    for change in (1, 0x80000000, 0xffffffff, 0x01000000):
        r = reply()
        r.xid ^= change
        r.yiaddr = "198.51.100.7"
        yield r
    r = reply()
    r.xid = 0
    r.yiaddr = "198.51.100.7"
    yield r


# ---- types and servers ----

@malformed(*ANY)
def unexpected_types(reply):
    for kind in (0, 1, 3, 4, 7, 8, 9, 10, 13, 17, 18, 200, 255):
        r = reply().set(53, bytes([kind]))
        r.yiaddr = "198.51.100.7"
        yield r
    yield reply().set(53, None)
    yield reply().set(53, b"\x02\x05")


@malformed("bound")
def forcerenew(reply):
    """RFC 3203, without the authentication it needs."""
    yield reply().set(53, b"\x09")
    r = reply().set(53, b"\x09")
    r.xid = 0
    yield r
    r = reply().set(53, b"\x09")
    r.dst_mac = dhcp.BROADCAST
    yield r


@malformed("bound")
def unsolicited_answers(reply):
    for kind in (dhcp.OFFER, dhcp.ACK, dhcp.NAK):
        r = reply(kind)
        if kind != dhcp.NAK:
            r.yiaddr = "198.51.100.7"
        yield r


@malformed("ack", "bound")
def answers_of_another_server(reply):
    for kind in (dhcp.NAK, dhcp.ACK, dhcp.OFFER):
        for server in ("10.9.0.66", "203.0.113.1"):
            r = reply(kind).set(54, ip4(server))
            r.src = server
            if kind != dhcp.NAK:
                r.yiaddr = "198.51.100.7"
            yield r
    r = reply(dhcp.NAK).set(54, None)
    yield r
    r = reply(dhcp.ACK).set(54, None)
    r.yiaddr = "198.51.100.7"
    yield r


@malformed("offer")
def ack_without_rapid_commit(reply):
    """RFC 4039: not an answer to a DISCOVER."""
    r = reply(dhcp.ACK)
    r.yiaddr = "198.51.100.7"
    yield r
    r = reply(dhcp.NAK)
    yield r


# ---- frames ----

@malformed(*ANY)
def ip_header(reply):
    for wrong in ({"vhl": 0x44}, {"vhl": 0x40}, {"vhl": 0x4f}, {"vhl": 0x65},
                  {"vhl": 0x05}, {"length": 0}, {"length": 19},
                  {"length": 27}, {"length": 65535}, {"length": 2000},
                  {"frag": 0x2000}, {"frag": 1}, {"frag": 0x1fff},
                  {"protocol": 6}, {"protocol": 1}, {"checksum": 0},
                  {"checksum": 0x1234}, {"ethertype": b"\x86\xdd"},
                  {"ethertype": b"\x81\x00\x00\x05\x08\x00"},
                  {"ethertype": b"\x88\xa8\x00\x05\x08\x00"},
                  {"ethertype": b"\0\x10"}):
        r = reply()
        r.ip = wrong
        r.yiaddr, r.dst = "198.51.100.7", "255.255.255.255"
        yield r


@malformed(*ANY)
def udp_header(reply):
    for wrong in ({"length": 0}, {"length": 7}, {"length": 8}, {"length": 9},
                  {"length": 65535}, {"length": 2000}, {"checksum": 0x1234},
                  {"checksum": 1}):
        r = reply()
        r.udp = wrong
        r.yiaddr, r.dst = "198.51.100.7", "255.255.255.255"
        yield r
    for port in (0, 67, 69, 546):
        r = reply()
        r.dport = port
        r.yiaddr = "198.51.100.7"
        yield r


@malformed(*ANY)
def udp_empty(reply):
    r = reply()
    yield r.frame(b"")
    yield r.frame(b"\2")
    r.dst = "255.255.255.255"
    yield r.frame(b"")


def truncated(reply, first, last, whole_headers):
    """Cut at each offset; with headers that say so, or that lie."""
    r = reply()
    payload, data = r.bootp(), r.frame()
    for n in range(first, min(last, len(payload))):
        yield r.frame(payload[:n]) if whole_headers else data[:42 + n]


# In portions, so that the client's limit on packets a second does not hide
# the good answer that follows.
@malformed(*ALL)
def truncated_header(reply):
    yield from truncated(reply, 0, 240, True)


@malformed(*ALL)
def truncated_options(reply):
    yield from truncated(reply, 240, 285, True)


@malformed(*ALL)
def truncated_frame(reply):
    data = reply().frame()
    for n in list(range(14, 60)) + list(range(60, len(data), 7)):
        yield data[:n]


@malformed(*ANY)
def longest(reply):
    """As much as the link takes, and options up to its last byte."""
    r = reply()
    room = 1500 - 28 - len(r.bootp()) - 1
    r.raw, r.end = option(43, b"\x01" * (room - 2 * (room // 255 + 1))), False
    yield r
    r = reply()
    r.pad = 1472
    yield r


@malformed(*LEASES)
def blobs(reply):
    """Structured options (43, 162, 212, 108, 82) with nonsense inside."""
    for code in (43, 82, 108, 114, 162, 212, 124, 125):
        for data in (b"\xff" * 255, b"\0" * 255, b"\x01\xff" * 100,
                     bytes(range(255)), b"\xff" * 700):
            yield reply().set(code, data)
