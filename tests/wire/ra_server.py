#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A router that says what it is told: ra_server.py IFACE FIFO

Reads "CLASS FIRST COUNT" from the fifo, sends so many frames of that class
(ra_classes.py) and a good advertisement behind them, and says "sent ...".
Solicitations are answered well.
"""

import os
import select
import socket
import sys

import ra
import ra_classes


def main():
    sock = ra.open_socket(sys.argv[1])
    fifo = os.open(sys.argv[2], os.O_RDWR | os.O_NONBLOCK)
    rest = b""
    print("ready", flush=True)
    while True:
        for fd in select.select([sock.fileno(), fifo], [], [])[0]:
            if fd != fifo:
                data, where = sock.recvfrom(2048)
                if where[2] != socket.PACKET_OUTGOING and \
                        ra.solicitation(data):
                    sock.send(ra_classes.packet(ra_classes.good()))
                continue
            rest += os.read(fifo, 4096)
            while b"\n" in rest:
                line, rest = rest.split(b"\n", 1)
                name, first, count = line.decode().split()
                for frame in list(ra_classes.frames(name))[
                        int(first):int(first) + int(count)]:
                    try:
                        sock.send(frame)
                    except OSError as e:
                        print("send:", e, flush=True)
                sock.send(ra_classes.packet(ra_classes.good()))
                print("sent", line.decode(), flush=True)


if __name__ == "__main__":
    main()
