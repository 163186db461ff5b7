#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Write the seed corpora of the fuzzers, corpus/TARGET/NAME, anew.

Small, plain examples of what each format looks like; the fuzzer does the rest.
"""
import os
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
MAC = bytes([2, 0, 0, 0, 0, 1])


def write(target, name, data):
    directory = os.path.join(HERE, "corpus", target)
    os.makedirs(directory, exist_ok=True)
    with open(os.path.join(directory, name), "wb") as f:
        f.write(data)


def option(code, data):
    return bytes([code, len(data)]) + data


def bootp(kind, options):
    head = struct.pack("!BBBBIHH4s4s4s4s16s64s128s", 2, 1, 6, 0, 0x01020304,
                       0, 0, b"", bytes([192, 0, 2, 10]), b"", b"", MAC,
                       b"", b"")
    return (head + b"\x63\x82\x53\x63" + option(53, bytes([kind])) +
            b"".join(options) + b"\xff")


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def frame(payload):
    udp = struct.pack("!HHHH", 67, 68, len(payload) + 8, 0) + payload
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, len(udp) + 20, 0, 0, 64, 17,
                       0, bytes([192, 0, 2, 1]), b"\xff" * 4)
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return MAC + b"\x02\0\0\0\0\x09\x08\x00" + head + udp


def dhcp4():
    server = option(54, bytes([192, 0, 2, 1]))
    common = [server, option(51, struct.pack("!I", 3600)),
              option(1, b"\xff\xff\xff\0"), option(3, bytes([192, 0, 2, 1])),
              option(6, bytes([192, 0, 2, 1, 192, 0, 2, 2])),
              option(15, b"example.org")]
    more = [option(58, struct.pack("!I", 1800)),
            option(59, struct.pack("!I", 3150)),
            option(26, struct.pack("!H", 1400)),
            option(28, bytes([192, 0, 2, 255])), option(12, b"www"),
            option(42, bytes([192, 0, 2, 3])),
            option(114, b"https://example.org/portal"),
            option(43, b"\1\2ab"), option(61, b"\1" + MAC), option(80, b"")]
    routes = option(121, bytes([24, 198, 51, 100, 192, 0, 2, 1,
                                0, 192, 0, 2, 1]))
    search = option(119, b"\3eng\7example\3org\0\2hq\xc0\4")
    sixrd = option(212, bytes([14, 32]) + bytes.fromhex(
        "20010db8000000000000000000000000") + bytes([192, 0, 2, 9]))
    dnr = option(162, struct.pack("!HHB", 24, 1, 13) + b"\3dns\7example\0" +
                 bytes([4, 192, 0, 2, 5]) + b"\0\1\0\1\0"[:1])
    split = [option(119, b"\3eng\7exam"), option(119, b"ple\3org\0")]
    overload = bootp(2, [server, option(52, b"\1")])
    overload = overload[:108] + option(15, b"file.example") + b"\xff" + \
        overload[108 + 15:]
    messages = {
        "offer": bootp(2, common), "ack": bootp(5, common + more),
        "nak": bootp(6, [server, option(56, b"no")]),
        "routes": bootp(5, common + [routes, search]),
        "tunnels": bootp(5, common + [sixrd, dnr]),
        "split": bootp(5, common + split),
        "v6only": bootp(2, common + [option(108, struct.pack("!I", 1800))]),
        "static": bootp(5, common + [option(33, bytes([198, 51, 100, 7,
                                                      192, 0, 2, 1]))]),
        "overload": overload,
    }
    for name, data in messages.items():
        write("dhcp4_msg", name, data)
        write("dhcp4_msg", name + "-frame", frame(data))


def option6(code, data):
    return struct.pack("!HH", code, len(data)) + data


def dhcp6_options():
    prefix = bytes.fromhex("20010db8010000000000000000000000")
    addr = bytes.fromhex("20010db8000000000000000000000010")
    na = option6(3, struct.pack("!III", 1, 50, 80) + option6(
        5, addr + struct.pack("!II", 100, 200)))
    pd = option6(25, struct.pack("!III", 2, 0, 0) + option6(
        26, struct.pack("!IIB", 100, 200, 48) + prefix +
        option6(67, b"\x40\0\xff")))
    refused = option6(25, struct.pack("!III", 2, 0, 0) +
                      option6(13, b"\0\x03no"))
    other = option6(23, addr) + option6(24, b"\3lan\0") + option6(
        82, struct.pack("!I", 120)) + option6(14, b"") + option6(7, b"\xff")
    more = option6(64, b"\4aftr\0") + option6(103, b"http://a/") + option6(
        144, b"\0\1\0\5\3dns\0") + option6(148, b"") + option6(
        32, struct.pack("!I", 600)) + option6(56, option6(1, addr))
    auth = option6(11, bytes([3, 1, 0]) + bytes(8) + b"\1" + b"k" * 16)
    return {"both": na + pd, "refused": na + refused, "other": na + other,
            "more": na + more, "auth": na + auth,
            "fail": option6(13, b"\0\1"), "link": option6(13, b"\0\4")}


def dhcp6():
    ids = option6(1, b"\0\4duidduid") + option6(2, b"\0\1\0\0")
    options = dhcp6_options()
    for name, data in options.items():
        write("dhcp6_msg", name, b"\x07\0\0\1" + ids + data)

    def said(kind, data):
        return bytes([0, kind, len(data)]) + data
    bind = bytes([0x13]) + said(0, options["both"] + option6(
        7, b"\xff")) + said(1, options["both"])
    write("dhcp6", "bind", bind)
    write("dhcp6", "renew", bind + b"\4\0\x40" + said(1, options["both"]))
    write("dhcp6", "nobinding", bind + b"\4\0\x40" +
          said(1, options["refused"]))
    write("dhcp6", "rebind", bind + b"\4\0\x60" + said(3, options["both"]))
    write("dhcp6", "link", bind + b"\5\5" + said(1, options["link"]))
    write("dhcp6", "release", bind + b"\x09" + said(1, b""))
    write("dhcp6", "decline", bind + b"\7\0\x09" + said(1, b""))
    write("dhcp6", "inform", b"\x04\x42" + said(1, options["more"]) +
          b"\7\x81\1")
    write("lease_dhcp6", "full", b"""leased-dhcp6 1
obtained 1700000000
network-id 6e6574
ia 0 7 1000 2000 fe80::9 255 0003000102000000
ia 2 9 4294967295 4294967295 2001:db8::9 0 000300
address 2001:db8::10 3000 4000
prefix 2 2001:db8:100::/48 5000 6000 2001:db8:100:ff::/64
sol-max-rt 60
key 4294967298 000102030405060708090a0b0c0d0e0f
information 1
name-server 2001:db8::53
search example.net
ntp-server 2001:db8::123
aftr aftr.example.net
captive-portal https://portal.example/
softwires 005e0014005a001020010db8000000000000000000000001
dnr 000900010005036473730000
end
""")


def names():
    write("dns_name", "plain", b"\0\3www\7example\3org\0")
    write("dns_name", "pointer", b"\0\7example\3org\0\3www\xc0\0")
    write("dns_name", "back", b"\x0d\7example\3org\0\3www\xc0\0\2a_\xc0\x0d")
    write("dns_name", "loop", b"\0\3www\xc0\0")
    write("dns_name", "text", b"\0www.example.org.")
    write("dns_name", "long", b"\0" + (b"\x3f" + b"a" * 63) * 3 + b"\0")


def imsg():
    def header(kind, length, peer=0, pid=4711):
        return struct.pack("=IIII", kind, length, peer, pid)
    write("imsg", "empty-struct", b"\0\x0f" + header(29, 20) + b"\0" * 4)
    write("imsg", "short", b"\0\x0f" + header(29, 15))
    write("imsg", "huge", b"\0\x0f" + header(29, 1 << 20))
    # The rest is made of the table, whatever it is today.
    for i in range(8):
        body = b"".join(bytes([t, t % 7, 1]) + bytes(range(16))
                        for t in range(100))
        right = b"".join(bytes([t, 0, 1]) + bytes(range(16))
                         for t in range(100))
        write("imsg", "list%d" % i, bytes([0x80 | i, 0x05]) + body)
        write("imsg", "run%d" % i, bytes([0xc0 | i, 0x0f]) + right)


def control():
    """The fields of struct ipc_ctl_request, in a good header (4)."""
    for command in range(0, 12):
        body = struct.pack("=IIIII", 1, command, command & 8, 1000, 1) + b"em0"
        for who in range(4):
            write("control", "c%d-%d" % (command, who),
                  bytes([4 | who, 255]) + body)
    write("control", "raw", b"\0\xff" + struct.pack("=IIII", 67, 296, 0, 1))


def lease():
    head = ("leased-lease4 1\naddress 192.0.2.9/24\nserver 192.0.2.1\n"
            "obtained 1700000000\nlease-time 3600\nt1 1800\nt2 3150\n")
    lines = ["broadcast 192.0.2.255", "mtu 1400", "ipv6-only 1800",
             "route 0.0.0.0/0 192.0.2.1", "route 198.51.100.0/24 0.0.0.0",
             "name-server 192.0.2.1", "ntp-server 192.0.2.3",
             "search example.org", "search eng.example", "host-name www",
             "domain example.org", "captive-portal https://example.org/",
             "vendor 0102", "client-id 01020000000001",
             "hwaddr 020000000001", "router-mac 020000000009",
             "network-id 6c6162", "rapid-commit", "rapid-commit 1"]
    write("lease", "least", (head + "end\n").encode())
    for i, line in enumerate(lines):
        write("lease", "line%d" % i, (head + line + "\nend\n").encode())


def conf():
    unit = os.path.join(HERE, "..", "unit", "conf")
    for name in sorted(os.listdir(unit)):
        if name.endswith(".conf"):
            with open(os.path.join(unit, name), "rb") as f:
                write("conf", name, f.read())


def nd_option(kind, data):
    data += b"\0" * (-(len(data) + 2) % 8)
    return bytes([kind, (len(data) + 2) // 8]) + data


def advertisement(lifetime, flags, *options):
    return struct.pack("!BBHBBHII", 134, 0, 0, 64, flags, lifetime, 30000,
                       1000) + b"".join(options)


def ra_steps(*steps):
    """What tests/fuzz/ra.c reads: how, length, packet."""
    return b"".join(struct.pack("!BH", how, len(packet)) + packet
                    for how, packet in steps)


def ra():
    def prefix(n, flags=0xc0, valid=7200, preferred=3600):
        return nd_option(3, struct.pack("!BBIII", 64, flags, valid, preferred,
                                        0) +
                         bytes.fromhex("20010db8") + bytes([0, n]) +
                         bytes(10))

    def route(n, flags=0, life=600):
        return nd_option(24, struct.pack("!BBI", 48, flags, life) +
                         bytes.fromhex("20010db9") + bytes([0, n, 0, 0]))

    server = bytes.fromhex("20010db8000000000000000000000053")
    name = b"\3dns\7example\0"
    dns = nd_option(25, struct.pack("!HI", 0, 600) + server)
    search = nd_option(31, struct.pack("!HI", 0, 600) + name)
    more = [nd_option(5, struct.pack("!HI", 0, 1400)),
            nd_option(37, b"https://example.org/"),
            nd_option(38, struct.pack("!H", 100 << 3) +
                      bytes.fromhex("0064ff9b") + bytes(8)),
            nd_option(144, struct.pack("!HIH", 1, 600, len(name)) + name +
                      struct.pack("!H", 16) + server +
                      struct.pack("!HHH3s", 7, 1, 3, b"dot"))]
    full = advertisement(1800, 0xc8, prefix(1), route(1), dns, search, *more)
    write("ra", "full", ra_steps((1, full)))
    write("ra", "repeat", ra_steps((0x81, full), (0xa1, full), (1, full)))
    write("ra", "goodbye", ra_steps(
        (0x41, full), (0x42, advertisement(1800, 0, prefix(2))),
        (0x61, advertisement(0, 0, prefix(1, 0xc0, 0, 0), route(1, 0, 0)))))
    write("ra", "days", ra_steps((0xc1, full), (0xe1, full), (0xc1, full)))
    write("ra", "many", ra_steps(*[
        (0x20 | n, advertisement(9000, n << 3 & 0x18, prefix(n), route(n)))
        for n in range(1, 31)]))


if __name__ == "__main__":
    dhcp4()
    dhcp6()
    names()
    imsg()
    control()
    lease()
    conf()
    ra()
