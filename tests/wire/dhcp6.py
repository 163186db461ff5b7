# SPDX-License-Identifier: ISC
"""DHCPv6 messages (RFC 9915), built and taken apart by hand, so that a test
may also build wrong ones.  Standard library only."""

import copy
import hashlib
import hmac
import ipaddress
import struct

(SOLICIT, ADVERTISE, REQUEST, CONFIRM, RENEW, REBIND, REPLY, RELEASE, DECLINE,
 RECONFIGURE, INFORM) = range(1, 12)
REG_INFORM, REG_REPLY = 36, 37  # RFC 9686
CLIENT_ID, SERVER_ID, IA_NA, IA_TA, IAADDR = 1, 2, 3, 4, 5
PREFERENCE, AUTH, STATUS, RAPID, RECONF_MSG = 7, 11, 13, 14, 19
DNS, DOMAINS, IA_PD, IAPREFIX, SNTP, NTP = 23, 24, 25, 26, 31, 56
AFTR, EXCLUDE, SOL_MAX_RT, PORTAL, DNR, REG_ENABLE = 64, 67, 82, 103, 144, 148
(SUCCESS, UNSPEC_FAIL, NO_ADDRS, NO_BINDING, NOT_ON_LINK, USE_MULTICAST,
 NO_PREFIX) = range(7)

FIXED = {IA_NA: 12, IA_TA: 4, IAADDR: 24, IA_PD: 12, IAPREFIX: 25}


def ip6(text):
    return ipaddress.IPv6Address(text).packed


def name(text):
    """RFC 1035 3.1, uncompressed."""
    out = b""
    for label in text.split("."):
        out += bytes([len(label)]) + label.encode("latin-1")
    return out + b"\0"


class Opt:
    """An option: fixed bytes, then options in it; length may be wrong."""

    def __init__(self, code, fixed=b"", kids=(), length=None):
        self.code, self.fixed = code, fixed
        self.kids, self.length = list(kids), length

    def wire(self):
        body = self.fixed + b"".join(k.wire() for k in self.kids)
        n = len(body) if self.length is None else self.length
        return struct.pack("!HH", self.code & 0xffff, n & 0xffff) + body


def status(code, text=b""):
    return Opt(STATUS, struct.pack("!H", code) + text)


def address(text, preferred, valid, kids=()):
    return Opt(IAADDR, ip6(text) + struct.pack("!II", preferred, valid), kids)


def prefix(text, preferred, valid, kids=()):
    net, length = text.split("/")
    return Opt(IAPREFIX, struct.pack("!IIB", preferred, valid, int(length)) +
               ip6(net), kids)


def exclude(length, bits, value):
    """RFC 6603 4.2: so many bits of value, left-aligned."""
    size = (bits - 1) // 8 + 1
    return Opt(EXCLUDE, bytes([length]) +
               (value << (size * 8 - bits)).to_bytes(size, "big"))


class Msg:
    """A message.  Every part can be wrong; raw: bytes behind the options."""

    def __init__(self, kind, xid, opts):
        self.kind, self.xid, self.opts, self.raw = kind, xid, list(opts), b""

    def at(self, *codes):
        """The option at this path of codes."""
        opts, found = self.opts, None
        for code in codes:
            found = next(o for o in opts if o.code == code)
            opts = found.kids
        return found

    def drop(self, code):
        self.opts = [o for o in self.opts if o.code != code]
        return self

    def set(self, code, fixed):
        self.drop(code).opts.append(Opt(code, fixed))
        return self

    def add(self, *opts):
        self.opts += opts
        return self

    def copy(self):
        return copy.deepcopy(self)

    def wire(self):
        return (bytes([self.kind]) + self.xid.to_bytes(3, "big") +
                b"".join(o.wire() for o in self.opts) + self.raw)


def sign(msg, key, replay):
    """RFC 9915 20.4: a message with the HMAC of all of it."""
    head = struct.pack("!BBBQB", 3, 1, 0, replay, 2)
    msg.drop(AUTH).add(Opt(AUTH, head + bytes(16)))
    wire = msg.wire()
    msg.at(AUTH).fixed = head + hmac.new(key, wire, hashlib.md5).digest()
    return msg


def key_option(key, replay):
    return Opt(AUTH, struct.pack("!BBBQB", 3, 1, 0, replay, 1) + key)


def parse_options(data):
    """A list of (code, data); what does not fit ends it."""
    out, i = [], 0
    while i + 4 <= len(data):
        code, n = struct.unpack("!HH", data[i:i + 4])
        out.append((code, data[i + 4:i + 4 + n]))
        i += 4 + n
    return out


class Request:
    """What a client sent."""

    def __init__(self, data):
        self.ok = len(data) >= 4
        if not self.ok:
            return
        self.kind, self.xid = data[0], int.from_bytes(data[1:4], "big")
        self.options = parse_options(data[4:])

    def get(self, code):
        return next((d for c, d in self.options if c == code), None)

    def iaids(self, code):
        return [d[:4] for c, d in self.options if c == code]

    def inside(self, code):
        """Options within all IAs of that kind."""
        return [o for c, d in self.options if c == code
                for o in parse_options(d[12:])]

    def asks(self, code):
        oro = self.get(6) or b""
        return struct.pack("!H", code) in [
            oro[i:i + 2] for i in range(0, len(oro), 2)]
