# SPDX-License-Identifier: ISC
"""DHCPv4 frames (RFC 2131, 2132), built and taken apart by hand, so that a
test may also build wrong ones.  Standard library only."""

import socket
import struct

DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE, INFORM = range(1, 9)
FORCERENEW = 9
COOKIE = b"\x63\x82\x53\x63"
BROADCAST = b"\xff" * 6


def ip4(text):
    return socket.inet_aton(text)


def checksum(data):
    """RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def option(code, data):
    """One option; longer data is split as RFC 3396 says."""
    out = b""
    while True:
        part, data = data[:255], data[255:]
        out += bytes([code, len(part)]) + part
        if not data:
            return out


def name(text):
    """RFC 1035 3.1, uncompressed."""
    out = b""
    for label in text.split("."):
        out += bytes([len(label)]) + label.encode("latin-1")
    return out + b"\0"


def route(dst, width, gateway):
    """RFC 3442."""
    return bytes([width]) + ip4(dst)[:(min(width, 32) + 7) // 8] + ip4(gateway)


class Reply:
    """A BOOTREPLY.  Every field can be wrong.  options: a list of
    (code, data); raw: bytes after them, before END."""

    def __init__(self, xid, chaddr, kind, yiaddr, server, options=()):
        self.op, self.htype, self.hlen, self.hops = 2, 1, 6, 0
        self.xid, self.secs, self.flags = xid, 0, 0
        self.ciaddr, self.yiaddr = "0.0.0.0", yiaddr
        self.siaddr, self.giaddr = "0.0.0.0", "0.0.0.0"
        self.chaddr = chaddr
        self.sname, self.file = b"", b""
        self.cookie = COOKIE
        self.options = [(53, bytes([kind]))]
        if server:
            self.options.append((54, ip4(server)))
        self.options += list(options)
        self.raw = b""
        self.end = True
        self.pad = 300
        # frame
        self.src, self.dst = server or "0.0.0.0", "255.255.255.255"
        self.src_mac = b"\x02\0\0\0\0\x01"
        self.dst_mac = chaddr
        self.sport, self.dport = 67, 68
        self.udp = {}  # wrong fields: length, checksum
        self.ip = {}  # wrong fields: see frame()

    def set(self, code, data):
        """Replace (or add) an option; None removes it."""
        self.options = [o for o in self.options if o[0] != code]
        if data is not None:
            self.options.append((code, data))
        return self

    def bootp(self):
        out = struct.pack(
            "!BBBBIHH4s4s4s4s16s64s128s", self.op, self.htype, self.hlen,
            self.hops, self.xid, self.secs, self.flags, ip4(self.ciaddr),
            ip4(self.yiaddr), ip4(self.siaddr), ip4(self.giaddr),
            self.chaddr, self.sname, self.file)
        out += self.cookie
        out += b"".join(option(c, d) for c, d in self.options) + self.raw
        if self.end:
            out += b"\xff"
            out += b"\0" * (self.pad - len(out))
        return out

    def frame(self, payload=None):
        if payload is None:
            payload = self.bootp()
        return frame(self, payload)


def frame(r, payload):
    """Ethernet, IPv4 and UDP around payload."""
    length = self_or(r.udp, "length", 8 + len(payload))
    udp = struct.pack("!HHHH", r.sport, r.dport, length, 0)
    pseudo = ip4(r.src) + ip4(r.dst) + struct.pack("!BBH", 0, 17, length)
    udp_sum = checksum(pseudo + udp + payload) or 0xffff
    udp_sum = self_or(r.udp, "checksum", udp_sum)
    udp = udp[:6] + struct.pack("!H", udp_sum & 0xffff) + payload
    opts = r.ip.get("options", b"")
    head = struct.pack(
        "!BBHHHBBH4s4s",
        self_or(r.ip, "vhl", 0x45 + len(opts) // 4), 0,
        self_or(r.ip, "length", 20 + len(opts) + len(udp)), 1,
        self_or(r.ip, "frag", 0), 64, self_or(r.ip, "protocol", 17), 0,
        ip4(r.src), ip4(r.dst)) + opts
    ip_sum = self_or(r.ip, "checksum", checksum(head))
    head = head[:10] + struct.pack("!H", ip_sum) + head[12:]
    ether = r.dst_mac + r.src_mac + self_or(
        r.ip, "ethertype", b"\x08\x00")
    return ether + head + udp


def self_or(wrong, key, right):
    return wrong[key] if key in wrong else right


class Request:
    """What a client sent; None fields when it is no BOOTREQUEST."""

    def __init__(self, data):
        self.ok = False
        if len(data) < 14 + 20 + 8 + 240 or data[12:14] != b"\x08\x00":
            return
        ihl = (data[14] & 15) * 4
        udp = data[14 + ihl:]
        if data[23] != 17 or len(udp) < 248 or udp[2:4] != b"\0\x43":
            return
        b = udp[8:]
        if b[0] != 1 or b[236:240] != COOKIE:
            return
        self.unicast = data[:6] != BROADCAST
        self.xid = struct.unpack("!I", b[4:8])[0]
        self.secs, self.flags = struct.unpack("!HH", b[8:12])
        self.ciaddr = socket.inet_ntoa(b[12:16])
        self.chaddr = b[28:34]
        self.options = parse_options(b[240:])
        self.kind = (self.options.get(53) or b"\0")[0]
        self.ok = True


def parse_options(data):
    out, i = {}, 0
    while i < len(data) and data[i] != 255:
        if data[i] == 0:
            i += 1
            continue
        if i + 1 >= len(data):
            break
        n = data[i + 1]
        out[data[i]] = out.get(data[i], b"") + data[i + 2:i + 2 + n]
        i += 2 + n
    return out
