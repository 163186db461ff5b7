# SPDX-License-Identifier: ISC
"""Classes of malformed DHCPv6 input.

Each is a generator: make(good) yields payloads (bytes) or dhcp6.Msg objects;
good() gives a fresh good message of the phase.  What they try to get
configured is never in the set that check6.py allows: 2001:db8:bad::/48, and
names under "evil.example".
"""

import struct

import dhcp6
from dhcp6 import Opt, ip6, name, status

CLASSES = {}
ANSWERS = ("advertise", "reply", "renew", "bound")
# A Reply to a Renew goes the same way as one to a Request, but what it does
# not confirm is asked for again only after REN_TIMEOUT (10 s): there only what
# is dropped as a whole, or confirms everything beside its nonsense.
LEASES = ("advertise", "reply")
CHANGES = LEASES + ("renew",)
ANY = ANSWERS + ("reconf",)
BAD = "2001:db8:bad::66"
BAD_TEXT = (
    b"evil.example;reboot", b"$(touch /tmp/leased-pwned)",
    b"`touch /tmp/leased-pwned`", b"evil.example\nnameserver 203.0.113.66",
    b"evil\0.example", b"\0", b"ev\xe9l.example", b"\xff\xfe\xfd",
    b"evil'example", b'evil"example', b"evil\x1b[2J.example",
    b"../../etc/passwd", b"..", b"evil..example", b"%s%n%s%n",
    b"evil\\example", b"#evil.example", b"-n evil",
    b"\xe2\x80\xae.evil.example",
)
# Options the client reads, a good value of each, and what of it is fixed.
KNOWN = {
    1: bytes.fromhex("00030001deadbeef0001"),
    2: bytes.fromhex("00030001020000000001"), 7: b"\x01",
    11: bytes.fromhex("030100") + bytes(7) + b"\x09\1" + bytes(16),
    13: b"\0\0", 14: b"", 19: b"\x05", 23: ip6("2001:db8:1::53"),
    24: name("lab.example"), 31: ip6("2001:db8:1::53"), 32: b"\0\0\2\x58",
    39: b"\0\4host\0", 56: b"\0\1\0\x10" + ip6("2001:db8:1::53"),
    64: name("aftr.lab.example"), 82: b"\0\0\0\x3c", 83: b"\0\0\0\x3c",
    94: b"\0\x5a\0\x10" + ip6("2001:db8:1::53"),
    95: b"\0\x5b\0\x09\x40" + ip6("2001:db8:1::")[:8],
    96: b"\0\x5a\0\x10" + ip6("2001:db8:1::53"),
    103: b"https://portal.example/",
    144: b"\0\1\0\x0d\3dns\3lab\7example"[:4] + name("a.lab"), 148: b"",
}
PATHS = ((3,), (3, 5), (25,), (25, 26))


class Class:
    def __init__(self, make, phases, dropped):
        self.make, self.phases, self.dropped = make, phases, dropped


def malformed(*phases, dropped=False):
    """dropped: not one of these may be accepted."""
    def add(f):
        CLASSES[f.__name__] = Class(f, phases, dropped)
        return f
    return add


def messages(class_name, phase, good):
    items = CLASSES[class_name].make(good)
    return [i if isinstance(i, bytes) else i.wire() for i in items]


def evil(m):
    """The message with an address and a prefix that must not be taken."""
    for o in m.opts:
        for kid in o.kids:
            if kid.code == dhcp6.IAADDR:
                kid.fixed = ip6(BAD) + kid.fixed[16:]
            elif kid.code == dhcp6.IAPREFIX:
                kid.fixed = kid.fixed[:9] + ip6("2001:db8:bad::")
    return m


# ---- the message ----

@malformed(*ANY, dropped=True)
def short(good):
    wire = evil(good()).wire()
    for n in range(0, 4):
        yield wire[:n]
    yield wire[:1] + wire[4:]


@malformed(*ANSWERS, dropped=True)
def foreign_transaction(good):
    for bit in range(24):
        m = evil(good())
        m.xid ^= 1 << bit
        yield m


@malformed(*ANY, dropped=True)
def message_types(good):
    for kind in [0, *range(1, 7), 8, 9, *range(11, 36), 38, 64, 128, 254,
                 255]:
        m = evil(good())
        if m.kind != kind:
            m.kind = kind
            yield m


@malformed(*ANSWERS, dropped=True)
def relayed(good):
    """Relay-forward and -reply with the whole of it inside."""
    for kind in (12, 13):
        yield (bytes([kind, 0]) + ip6("2001:db8:1::1") + ip6("fe80::1") +
               Opt(9, evil(good()).wire()).wire())


@malformed(*ANY, dropped=True)
def server_id_missing_or_two(good):
    yield evil(good()).drop(2)
    m = evil(good())
    m.opts.insert(0, Opt(2, KNOWN[2]))
    yield m
    yield evil(good()).add(Opt(2, bytes.fromhex("00030001020000000099")))
    for n in (0, 1, 2, 131, 200):
        yield evil(good()).set(2, (KNOWN[2] * 30)[:n])


@malformed(*ANY, dropped=True)
def client_id_missing_or_foreign(good):
    yield evil(good()).drop(1)
    yield evil(good()).set(1, KNOWN[1])
    ours = good().at(1).fixed
    yield evil(good()).set(1, ours + b"\0")
    yield evil(good()).set(1, ours[:-1])
    yield evil(good()).add(Opt(1, ours))
    for n in (0, 1, 2, 131):
        yield evil(good()).set(1, (KNOWN[1] * 30)[:n])


@malformed("reply", "renew", dropped=True)
def server_id_foreign(good):
    """An answer to somebody who was not asked."""
    yield evil(good()).set(2, bytes.fromhex("000300010200000000ff"))


@malformed("advertise", "reply", "bound", "reconf")
def truncated(good):
    """Behind a whole option it is a good message with less in it."""
    wire = good().wire()
    for n in range(4, len(wire)):
        yield wire[:n]


@malformed(*ANY, dropped=True)
def too_long(good):
    for n in (1600, 4000, 8000, 20000):
        m = evil(good())
        m.raw = Opt(999, bytes(n)).wire()
        if len(m.wire()) > 4096:
            yield m


# ---- options: lengths, at every level ----

@malformed(*ANY, dropped=True)
def past_the_end(good):
    for code in [*KNOWN, 3, 25, 999]:
        for n in (1, 16, 0x7fff, 0x8000, 0xffff):
            m = evil(good()).drop(code) if code in (7, 14) else evil(good())
            m.raw = struct.pack("!HH", code, n) + bytes(min(n, 20) - 1)
            yield m


@malformed(*ANY, dropped=True)
def half_a_header(good):
    for raw in (b"\0", b"\0\x17", b"\0\x17\0", b"\xff\xff\xff"):
        m = evil(good())
        m.raw = raw
        yield m


@malformed(*CHANGES, dropped=True)
def nested_past_the_end(good):
    for path in PATHS:
        for code in (5, 26, 13, 67, 999):
            for n in (1, 3, 24, 0xffff):
                m = evil(good())
                m.at(*path).kids.append(Opt(code, b"", (), n))
                yield m
        for tail in (b"\0", b"\0\x0d", b"\0\x0d\0"):
            m = evil(good())
            o = m.at(*path)
            o.fixed += b"".join(k.wire() for k in o.kids) + tail
            o.kids = []
            yield m


@malformed(*CHANGES, dropped=True)
def nested_too_short(good):
    for path in PATHS:
        for n in range(len(good().at(*path).fixed)):
            m = evil(good())
            o = m.at(*path)
            o.fixed, o.kids = o.fixed[:n], []
            yield m


@malformed(*LEASES)
def length_zero(good):
    for code in KNOWN:
        if code not in (1, 2, 14, 148):
            yield good().set(code, b"")


@malformed(*LEASES)
def length_wrong(good):
    for code, value in KNOWN.items():
        if code in (1, 2):
            continue
        for n in {1, len(value) - 1, len(value) // 2}:
            if 0 < n < len(value):
                yield good().set(code, value[:n])
        yield good().set(code, value + b"\x01")


@malformed(*LEASES)
def every_option_empty(good):
    m = good()
    m.raw = b"".join(Opt(c).wire() for c in range(20, 400) if c not in
                     (25, 26))
    yield m


@malformed(*CHANGES)
def nested_deep(good):
    """An IA in an IA in an IA: not an IA of ours."""
    for code, fixed in ((3, bytes(12)), (25, bytes(12)), (4, bytes(4))):
        inner = dhcp6.address(BAD, 1800, 3600)
        for _ in range(40):
            inner = Opt(code, fixed, [inner])
        yield good().add(inner)
        m = good()
        m.at(3).kids.append(inner)
        yield m
        m = good()
        m.at(3, 5).kids.append(dhcp6.address(BAD, 1800, 3600))
        m.at(25, 26).kids.append(dhcp6.prefix("2001:db8:bad::/48", 600, 600))
        yield m


# ---- counts ----

@malformed(*LEASES)
def many_servers(good):
    many = b"".join(ip6("2001:db8:1::%x" % i) for i in range(0x50, 0x90))
    yield good().set(23, many).set(31, many)
    m = good()
    m.opts += [Opt(23, many[:256])] * 5
    yield m
    yield good().set(56, b"".join(b"\0\1\0\x10" + many[i:i + 16]
                                  for i in range(0, 1024, 16)))


@malformed(*LEASES)
def many_names(good):
    yield good().set(24, b"".join(name("n%d.lab.example" % i)
                                  for i in range(150)))
    yield good().set(24, b"".join(
        name(".".join(["n" * 60] * 3 + ["n%d.lab.example" % i]))
        for i in range(15)))


@malformed(*CHANGES)
def many_addresses_and_prefixes(good):
    m = good()
    m.at(3).kids = [dhcp6.address("2001:db8:1::%x" % (0x100 + i), 900, 1800)
                    for i in range(70)]
    yield m
    m = good()
    m.at(25).kids = [dhcp6.prefix("2001:db8:f0%02x::/56" % i, 900, 1800)
                     for i in range(70)]
    yield m
    for code in (3, 25, 4):
        m = good()
        m.opts += [Opt(code, struct.pack("!III", i, 10, 20),
                       [dhcp6.address(BAD, 900, 1800),
                        dhcp6.prefix("2001:db8:bad::/56", 900, 1800)])
                   for i in range(30)]
        yield m


@malformed(*LEASES)
def many_of_the_rest(good):
    for code in (13, 64, 94, 103, 144, 148, 999):
        if code == 13:
            continue
        m = good()
        m.opts += [Opt(code, KNOWN.get(code, b"xx"))] * 60
        yield m


# ---- names and text ----

@malformed(*LEASES)
def bad_names(good):
    label = b"\x3f" + b"e" * 63
    for data in (
            b"\xc0\x00", b"\xc0\x02\xc0\x00", b"\xc0", b"\xff\xff",
            b"\4evil\xc0\x00", name("lab.example") + b"\xc0\x00",
            b"\4evil", b"\4evil\7example", b"\x3f", b"\4evi", label * 4,
            label * 4 + b"\0", b"\1e" * 127 + b"\0", b"\1e" * 128 + b"\0",
            b"\1e" * 600 + b"\0", b"\x40evil\0", b"\x80evil\0",
            b"\xbfevil\0", b"\0", b"\0\0\0\0"):
        for code in (24, 64):
            yield good().set(code, data)
        yield good().set(56, b"\0\3" + struct.pack("!H", len(data)) + data)
        yield good().set(144, b"\0\1" + struct.pack("!H", len(data)) + data)


@malformed(*LEASES)
def text(good):
    for t in BAD_TEXT:
        wire = bytes([len(t)]) + t + b"\7example\0"
        yield (good().set(24, wire).set(64, wire).set(103, t)
               .set(144, b"\0\1" + struct.pack("!H", len(wire)) + wire))
        m = good().add(status(0, t)).set(39, b"\0" + wire)
        m.at(3).kids.append(status(0, t))
        yield m


# ---- values ----

@malformed(*LEASES)
def address_unusable(good):
    for a in ("::", "::1", "ff02::1", "ff0e::1", "fe80::66",
              "::ffff:198.51.100.7", "febf::1"):
        m = good()
        m.at(3, 5).fixed = ip6(a) + m.at(3, 5).fixed[16:]
        yield m


@malformed(*LEASES)
def prefix_length(good):
    for n in (0, 1, 127, 128, 129, 130, 136, 160, 192, 254, 255):
        m = evil(good())
        o = m.at(25, 26)
        o.fixed = o.fixed[:8] + bytes([n]) + (
            b"\xff" * 16 if n > 128 else ip6("ff02::") if n < 8
            else ip6("fe80::"))
        m.at(3, 5).fixed = good().at(3, 5).fixed
        yield m


@malformed(*LEASES)
def prefix_unusable(good):
    for a in ("::", "ff02::", "fe80::", "::ffff:0:0", "::1"):
        for n in (8, 56, 64, 128):
            m = good()
            o = m.at(25, 26)
            o.fixed = o.fixed[:8] + bytes([n]) + ip6(a)
            yield m


@malformed(*LEASES)
def exclude(good):
    """RFC 6603: lengths against the prefix's, bytes against the lengths."""
    for n in (0, 1, 55, 56, 129, 255):
        for size in (0, 1, 2, 9, 16, 40):
            m = good()
            m.at(25, 26).kids.append(Opt(67, bytes([n]) + b"\xff" * size))
            yield m
    for n, size in ((57, 0), (57, 2), (64, 0), (64, 2), (128, 8), (128, 10)):
        m = good()
        m.at(25, 26).kids.append(Opt(67, bytes([n]) + b"\xff" * size))
        yield m
    m = good()
    m.at(25, 26).kids += [dhcp6.exclude(64, 8, 200)] * 3
    yield m
    yield good().set(67, b"\x40\xff")


@malformed(*LEASES)
def lifetimes_disordered(good):
    forever = 0xffffffff
    for p, v in ((3600, 1800), (forever, 60), (forever, forever - 1), (1, 0),
                 (0x80000000, 0x7fffffff)):
        m = evil(good())
        for path, at in (((3, 5), 16), ((25, 26), 0)):
            o = m.at(*path)
            o.fixed = (o.fixed[:at] + struct.pack("!II", p, v) +
                       o.fixed[at + 8:])
        yield m


@malformed(*LEASES)
def lifetimes_extreme(good):
    forever = 0xffffffff
    for p, v in ((forever, forever), (60, forever), (forever - 1,
                                                     forever - 1),
                 (0x7fffffff, 0x80000000), (0, 60)):
        m = good()
        for path, at in (((3, 5), 16), ((25, 26), 0)):
            o = m.at(*path)
            o.fixed = (o.fixed[:at] + struct.pack("!II", p, v) +
                       o.fixed[at + 8:])
        yield m


@malformed(*LEASES)
def lifetime_none(good):
    m = good()
    for path, at in (((3, 5), 16), ((25, 26), 0)):
        o = m.at(*path)
        o.fixed = o.fixed[:at] + bytes(8) + o.fixed[at + 8:]
    yield m


@malformed(*LEASES)
def clocks(good):
    for t1, t2 in ((2, 1), (0xffffffff, 1), (1000, 999)):
        m = evil(good())
        for code in (3, 25):
            o = m.at(code)
            o.fixed = o.fixed[:4] + struct.pack("!II", t1, t2)
        yield m
    for t1, t2 in ((0, 0), (0xffffffff, 0xffffffff), (0, 0xffffffff),
                   (0xfffffffe, 0xffffffff), (7200, 9000), (1, 1)):
        m = good()
        for code in (3, 25):
            o = m.at(code)
            o.fixed = o.fixed[:4] + struct.pack("!II", t1, t2)
        yield m


@malformed(*LEASES)
def foreign_iaid(good):
    for code in (3, 25):
        m = evil(good())
        for c in (3, 25):
            o = m.at(c)
            o.fixed = b"\xde\xad\xbe\xef" + o.fixed[4:]
        yield m
        m = good()
        other = evil(good()).at(code)
        m.opts.append(other)  # the same a second time, with something else
        yield m


@malformed(*CHANGES)
def wrong_kind_of_ia(good):
    m = good()
    m.at(3).kids.append(dhcp6.prefix("2001:db8:bad::/56", 600, 1200))
    m.at(25).kids.append(dhcp6.address(BAD, 600, 1200))
    yield m
    m = good()
    m.opts += [dhcp6.prefix("2001:db8:bad::/56", 600, 1200),
               dhcp6.address(BAD, 600, 1200)]
    yield m


@malformed(*LEASES)
def dns_unusable(good):
    bad = ("::", "::1", "ff02::fb", "ff05::1:3")
    for a in bad:
        yield good().set(23, ip6(a)).set(31, ip6(a)).set(
            56, b"\0\1\0\x10" + ip6(a) + b"\0\2\0\x10" + ip6(a))
    yield good().set(23, b"".join(ip6(a) for a in bad))


@malformed(*LEASES)
def max_rt(good):
    for n in (0, 1, 59, 86401, 0x80000000, 0xffffffff):
        value = struct.pack("!I", n)
        yield good().set(82, value).set(83, value).set(32, value)


@malformed(*LEASES)
def status_everywhere(good):
    for code in (1, 2, 3, 4, 6, 5, 7, 255, 0xffff):
        for path in PATHS:
            m = evil(good())
            m.at(*path).kids.append(status(code, BAD_TEXT[3]))
            for p in ((3, 5), (25, 26)):
                if not path[0] == p[0]:
                    m.at(*p).fixed = good().at(*p).fixed
            yield m


@malformed(*LEASES)
def s46(good):
    rule = b"\0\x59\0\x0c\0\x08\x18" + bytes(4) + b"\x28" + bytes(4)
    for data in (
            b"\0\x59\0\x0c\0\x31\x18" + bytes(9), rule[:6] + b"\x21" +
            rule[7:], rule[:11] + b"\xff" + bytes(4), b"\0\x59\0\0",
            b"\0\x5a\0\x0f" + bytes(15), b"\0\x5a\0\x10" + ip6("ff02::1"),
            b"\0\x5b\0\1\x81", b"\0\x5b\0\1\xff", b"\0\x5c\0\4\0\0\0\0",
            b"\0\x5d\0\4\x10\x20\0\0", b"\0\x59\xff\xff", rule + b"\0",
            (b"\0\x59\0\x0c" + bytes(12)) * 60):
        for code in (94, 95, 96):
            yield good().set(code, data)


@malformed("reply", "renew")
def authentication(good):
    """A key that is none, beside a good lease."""
    body = bytes.fromhex("030100") + bytes(8)
    for data in (b"", body, body + b"\1", body + b"\1" + bytes(15),
                 body + b"\1" + bytes(17), body + b"\2" + bytes(16),
                 body + b"\0" + bytes(16), b"\2" + body[1:] + b"\1" +
                 bytes(16), b"\3\2" + body[2:] + b"\1" + bytes(16),
                 b"\3\1\1" + body[3:] + b"\1" + bytes(16), b"\xff" * 28):
        yield good().set(11, data)
    yield good().add(Opt(11, body + b"\1" + bytes(16)))


# ---- Reconfigure ----

@malformed("reconf", dropped=True)
def reconfigure_unauthentic(good):
    yield good().drop(11)
    m = good()
    fixed = m.at(11).fixed
    for i in range(12, 28):  # each byte of the digest
        m = good()
        m.at(11).fixed = fixed[:i] + bytes([fixed[i] ^ 1]) + fixed[i + 1:]
        yield m
    for data in (b"", fixed[:11], fixed[:12], fixed[:27], fixed + b"\0",
                 fixed[:11] + b"\1" + fixed[12:],
                 fixed[:11] + b"\2" + bytes(16), b"\0" + fixed[1:],
                 b"\3\0" + fixed[2:], b"\3\1\1" + fixed[3:],
                 fixed[:3] + b"\xff" * 8 + fixed[11:]):
        m = good()
        m.at(11).fixed = data
        yield m
    m = good()
    m.opts.append(m.at(11))
    yield m


@malformed("reconf", dropped=True)
def reconfigure_changed(good):
    """Signed, then changed; and the signature's bytes are not what counts."""
    for kind in (6, 11, 3):  # it was a Renew
        m = good()
        m.at(19).fixed = bytes([kind])
        yield m
    m = good()
    m.xid = 77
    yield m
    m = good()
    m.raw = Opt(999, b"x").wire()
    yield m
    m = good()
    m.opts.reverse()
    yield m


@malformed("reconf", dropped=True)
def reconfigure_message(good):
    yield good().drop(19)
    for data in (b"", b"\5\5", b"\0", b"\1", b"\7", b"\xff"):
        m = good()
        m.at(19).fixed = data
        yield m
    m = good()
    m.opts.append(Opt(19, b"\6"))
    yield m
