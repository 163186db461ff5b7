#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Measuring tools of run6.sh (Linux); times are ns of CLOCK_MONOTONIC.

  router IF [rapid]  answers solicitations and DHCPv6 at once; prints
                     "rs T", "ra T" and "dhcp6 T TYPE" as they come or go
  watch              prints "addr T FLAGS ADDRESS" (IFA_F_*, hexadecimal)
  launch FILE CMD    writes the time to FILE, then becomes CMD
"""

import os
import select
import socket
import struct
import sys
import time
import types

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)),
                                "..", "wire"))
import dhcp6
import ra
import wire_server6

MAC = bytes.fromhex("0200000000aa")


def say(*words):
    print(words[0], time.monotonic_ns(), *words[1:], flush=True)


def router(iface, rapid):
    sock = ra.open_socket(iface)
    args = types.SimpleNamespace(
        interface=iface, control=None, duid="00030001020000000001",
        address="2001:db8:1::100", prefix="2001:db8:f000::/56",
        dns="2001:db8:1::53", preferred=1800, valid=3600, t1=900, t2=1440,
        preference=255, rapid=rapid, auth=False, register=False, exclude="",
        sol_max_rt=0, noaddrs=0, noprefix="", nobinding="", fail=0,
        fail_count=0, silent="", option=[])
    server = wire_server6.Server(args)
    wire_server6.say = lambda text: None
    around = types.SimpleNamespace(hop_limit=255, bad_checksum=0,
                                   fragment=False, to_mac=b"")
    body = (struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0) +
            ra.option(1, MAC) + ra.prefix_option("2001:db8:1::/64"))
    frame = ra.frame(around, MAC, ra.link_local(MAC), ra.ALL_NODES, body)
    say("ready")
    while True:
        for fd in select.select([sock, server.sock], [], [])[0]:
            data, where = fd.recvfrom(4096)
            if fd is server.sock:
                req = dhcp6.Request(data)
                say("dhcp6", data[0])
                server.handle(req, where)
            elif where[2] != socket.PACKET_OUTGOING and \
                    ra.solicitation(data):
                say("rs")
                now = time.monotonic_ns()
                sock.send(frame)
                print("ra", now, flush=True)


def watch():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    sock.bind((0, 0x100))  # RTMGRP_IPV6_IFADDR
    say("ready")
    while True:
        data, now = sock.recv(65536), time.monotonic_ns()
        while len(data) >= 16:
            size, kind = struct.unpack_from("=IH", data)
            if kind == 20 and data[19] == 0:  # RTM_NEWADDR, universe
                flags, address, at = data[18], "", 24
                while at + 4 <= size:
                    n, attr = struct.unpack_from("=HH", data, at)
                    if attr == 8:
                        flags = struct.unpack_from("=I", data, at + 4)[0]
                    elif attr == 1:
                        address = socket.inet_ntop(
                            socket.AF_INET6, data[at + 4:at + 20])
                    at += (n + 3) & ~3
                print("addr", now, "%x" % flags, address, flush=True)
            data = data[(size + 3) & ~3:]


def main():
    if sys.argv[1] == "router":
        router(sys.argv[2], len(sys.argv) > 3)
    elif sys.argv[1] == "watch":
        watch()
    else:
        with open(sys.argv[2], "w", encoding="ascii") as f:
            f.write("%d\n" % time.monotonic_ns())
        os.execvp(sys.argv[3], sys.argv[3:])


if __name__ == "__main__":
    main()
