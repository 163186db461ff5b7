#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Two tun interfaces, each in a network namespace, joined as by a cable.

  tunpipe.py NS1 IF1 NS2 IF2     names of namespaces; says "up"

SIGUSR1 takes the carrier of the first away, SIGUSR2 gives it back.
"""

import ctypes
import fcntl
import os
import select
import signal
import struct
import sys

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454ca
TUNSETCARRIER = 0x400454e2
IFF_TUN, IFF_NO_PI = 1, 0x1000


def open_tun(namespace, name):
    libc = ctypes.CDLL(None, use_errno=True)
    ns = os.open("/run/netns/" + namespace, os.O_RDONLY)
    if libc.setns(ns, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), namespace)
    os.close(ns)
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", name.encode(),
                                           IFF_TUN | IFF_NO_PI))
    return fd


def main():
    fds = [open_tun(*sys.argv[1:3]), open_tun(*sys.argv[3:5])]

    def carrier(number, _frame):
        fcntl.ioctl(fds[0], TUNSETCARRIER,
                    struct.pack("i", number == signal.SIGUSR2))
        print("carrier", int(number == signal.SIGUSR2), flush=True)

    signal.signal(signal.SIGUSR1, carrier)
    signal.signal(signal.SIGUSR2, carrier)
    print("up", flush=True)
    while True:
        for fd in select.select(fds, [], [])[0]:
            try:
                data = os.read(fd, 65536)
                os.write(fds[1 - fds.index(fd)], data)
            except OSError:
                pass  # the other end is down


if __name__ == "__main__":
    main()
