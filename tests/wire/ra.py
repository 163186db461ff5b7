#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Router advertisements by hand (RFC 4861 4.2, 4191, 8106, 8781, 8910).

  ra.py IFACE [option...]            send one, and say "sent N"
  ra.py IFACE --answer [option...]   answer every solicitation, until killed
  ra.py IFACE --flood RATE SECONDS   random routers, prefixes and routes

Sources are made up: the frames leave through a packet socket.
"""

import argparse
import ipaddress
import os
import random
import select
import socket
import struct
import time

PREFERENCES = {"medium": 0, "high": 1, "low": 3, "reserved": 2}
ALL_NODES = "ff02::1"
ALL_ROUTERS = "ff02::2"


def packed(text):
    return ipaddress.IPv6Address(text).packed


def option(kind, body):
    body += bytes(-(len(body) + 2) % 8)
    return struct.pack("!BB", kind, (len(body) + 2) // 8) + body


def dns_name(name):
    out = b""
    for label in name.rstrip(".").split("."):
        out += bytes([len(label)]) + label.encode()
    return out + b"\0"


def prefix_option(text):
    """PREFIX/LEN[,VALID[,PREFERRED[,FLAGS]]], flags of L, A, P and R."""
    parts = text.split(",") + ["", "", ""]
    net = ipaddress.IPv6Network(parts[0], strict=False)
    valid = int(parts[1] or 3600)
    preferred = int(parts[2] or 1800)
    letters = parts[3] or "LA"
    flags = sum(bit for c, bit in zip("LARP", (0x80, 0x40, 0x20, 0x10))
                if c in letters)
    return option(3, struct.pack("!BBIII", net.prefixlen, flags, valid,
                                 preferred, 0) + packed(parts[0].split("/")[0]))


def route_option(text):
    """PREFIX/LEN[,LIFETIME[,PREFERENCE]]"""
    parts = text.split(",") + ["", ""]
    net = ipaddress.IPv6Network(parts[0])
    keep = 0 if net.prefixlen == 0 else 8 if net.prefixlen <= 64 else 16
    return option(24, struct.pack("!BBI", net.prefixlen,
                                  PREFERENCES[parts[2] or "medium"] << 3,
                                  int(parts[1] or 1800)) +
                  net.network_address.packed[:keep])


def rdnss_option(text):
    """ADDRESS[+ADDRESS...][,LIFETIME]"""
    parts = text.split(",") + [""]
    return option(25, struct.pack("!HI", 0, int(parts[1] or 1800)) +
                  b"".join(packed(a) for a in parts[0].split("+")))


def dnssl_option(text):
    parts = text.split(",") + [""]
    return option(31, struct.pack("!HI", 0, int(parts[1] or 1800)) +
                  b"".join(dns_name(n) for n in parts[0].split("+")))


def pref64_option(text):
    parts = text.split(",") + [""]
    net = ipaddress.IPv6Network(parts[0])
    plc = {96: 0, 64: 1, 56: 2, 48: 3, 40: 4, 32: 5}[net.prefixlen]
    life = (int(parts[1] or 1800) // 8) << 3 | plc
    return option(38, struct.pack("!H", life) + net.network_address.packed[:12])


def advertisement(args, mac):
    flags = ((0x80 if args.managed else 0) | (0x40 if args.other else 0) |
             PREFERENCES[args.preference] << 3)
    out = struct.pack("!BBHBBHII", 134, args.code, 0, args.hop, flags,
                      args.lifetime, args.reachable, args.retrans)
    if not args.no_source:
        out += option(1, mac)
    if args.mtu:
        out += option(5, struct.pack("!HI", 0, args.mtu))
    for text in args.prefix:
        out += prefix_option(text)
    for text in args.route:
        out += route_option(text)
    for text in args.rdnss:
        out += rdnss_option(text)
    for text in args.dnssl:
        out += dnssl_option(text)
    for text in args.pref64:
        out += pref64_option(text)
    if args.portal:
        out += option(37, args.portal.encode())
    for text in args.raw:
        out += bytes.fromhex(text)
    if args.cut:
        out = out[:args.cut]
    return out


def checksum(src, dst, body):
    data = src + dst + struct.pack("!II", len(body), 58) + body
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def frame(args, mac, src, dst, body):
    source, target = packed(src), packed(dst)
    if len(body) >= 4:
        total = checksum(source, target, body) ^ args.bad_checksum
        body = body[:2] + struct.pack("!H", total) + body[4:]
    kind = 58
    if args.fragment:
        # An atomic fragment: RFC 6980 wants it dropped.
        body = struct.pack("!BBHI", 58, 0, 0, 1) + body
        kind = 44
    head = struct.pack("!IHBB", 6 << 28, len(body), kind, args.hop_limit)
    ether = b"\x33\x33" + target[12:] if target[0] == 0xff else args.to_mac
    return ether + mac + b"\x86\xdd" + head + source + target + body


def link_local(mac):
    return str(ipaddress.IPv6Address(
        b"\xfe\x80" + bytes(6) + bytes([mac[0] ^ 2]) + mac[1:3] + b"\xff\xfe" +
        mac[3:]))


def open_socket(iface):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.bind((iface, 0x86dd))
    return sock


def solicitation(data):
    """The source of a router solicitation, or None."""
    if len(data) < 62 or data[12:14] != b"\x86\xdd" or data[20] != 58:
        return None
    if data[54] != 133:
        return None
    return str(ipaddress.IPv6Address(data[22:38]))


def answer(args, sock, mac, src):
    while True:
        select.select([sock], [], [])
        data, where = sock.recvfrom(2048)
        if where[2] == socket.PACKET_OUTGOING:
            continue
        who = solicitation(data)
        if who is None:
            continue
        print("solicited by", who, flush=True)
        sock.send(frame(args, mac, src, ALL_NODES, advertisement(args, mac)))
        print("sent 1", flush=True)
        if args.alternate:
            now = "%d,%d" % (args.hop, args.mtu)
            args.hop, args.mtu = (int(n) for n in args.alternate.split(","))
            args.alternate = now


def flood(args, sock):
    """So many a second, each from a router of its own."""
    rate, seconds = int(args.flood[0]), float(args.flood[1])
    rng = random.Random(1)
    begin = time.monotonic()
    sent = late = 0
    while True:
        now = time.monotonic() - begin
        if now >= seconds:
            break
        if sent >= now * rate:
            time.sleep(min(0.001, (sent + 1) / rate - now))
            continue
        mac = bytes([2]) + rng.randbytes(5)
        net = "2001:db8:%x:%x::/64" % (rng.getrandbits(16), rng.getrandbits(16))
        args.prefix = [net]
        args.route = ["2001:db8:%x::/48,1800,%s" % (
            rng.getrandbits(16), rng.choice(["low", "medium", "high"]))]
        try:
            sock.send(frame(args, mac, link_local(mac), ALL_NODES,
                            advertisement(args, mac)))
        except OSError:
            late += 1
        sent += 1
    print("sent", sent, "lost", late, flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("iface")
    p.add_argument("--answer", action="store_true")
    p.add_argument("--flood", nargs=2, metavar=("RATE", "SECONDS"))
    p.add_argument("--count", type=int, default=1)
    p.add_argument("--src", help="source address")
    p.add_argument("--mac", help="source MAC")
    p.add_argument("--to", default=ALL_NODES)
    p.add_argument("--to-mac", default="ffffffffffff")
    p.add_argument("--hop-limit", type=int, default=255)
    p.add_argument("--bad-checksum", type=int, default=0)
    p.add_argument("--fragment", action="store_true")
    p.add_argument("--code", type=int, default=0)
    p.add_argument("--lifetime", type=int, default=1800)
    p.add_argument("--preference", default="medium", choices=PREFERENCES)
    p.add_argument("--managed", action="store_true")
    p.add_argument("--other", action="store_true")
    p.add_argument("--hop", type=int, default=64)
    p.add_argument("--reachable", type=int, default=0)
    p.add_argument("--retrans", type=int, default=0)
    p.add_argument("--no-source", action="store_true")
    p.add_argument("--mtu", type=int, default=0)
    for name in ("prefix", "route", "rdnss", "dnssl", "pref64", "raw"):
        p.add_argument("--" + name, action="append", default=[])
    p.add_argument("--alternate", metavar="HOP,MTU", default="",
                   help="with --answer: of every second advertisement")
    p.add_argument("--portal")
    p.add_argument("--cut", type=int, default=0, help="bytes to leave")
    args = p.parse_args()
    args.to_mac = bytes.fromhex(args.to_mac.replace(":", ""))
    sock = open_socket(args.iface)
    mac = (bytes.fromhex(args.mac.replace(":", "")) if args.mac
           else sock.getsockname()[4])
    src = args.src or link_local(mac)
    if args.answer:
        answer(args, sock, mac, src)
    elif args.flood:
        flood(args, sock)
    else:
        for _ in range(args.count):
            sock.send(frame(args, mac, src, args.to, advertisement(args, mac)))
        print("sent", args.count)
    os._exit(0)


if __name__ == "__main__":
    main()
