#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A scripted DHCPv4 server on a packet socket.

Without --control it is a good server for one client.  With --control FIFO it
reads lines "CLASS PHASE FIRST COUNT" there, answers "armed ...", and puts so
many frames of that class of malformed input (classes.py) once before the good
answer of that phase: offer (before the OFFER), ack or nak (before the ACK),
bound (behind the ACK).  "sent ..." follows.  The good answer to the same
message always follows, so a client that drops what is malformed is bound
without a retransmission.
"""

import argparse
import os
import select
import socket
import struct

import classes
import dhcp


def say(text):
    print(text, flush=True)


class Server:
    def __init__(self, args):
        self.args = args
        self.armed = None
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.sock.bind((args.interface, 0x0800))
        self.mac = self.sock.getsockname()[4]
        # Holds the port, so that the kernel does not answer a unicast
        # REQUEST with ICMP port unreachable.
        self.port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.port.bind(("0.0.0.0", 67))
        self.control = -1
        if args.control:
            self.control = os.open(args.control, os.O_RDWR | os.O_NONBLOCK)
        self.rest = b""

    def options(self):
        a = self.args
        out = [(51, struct.pack("!I", a.lease)), (1, dhcp.ip4(a.mask))]
        if a.t1:
            out.append((58, struct.pack("!I", a.t1)))
        if a.t2:
            out.append((59, struct.pack("!I", a.t2)))
        if a.router:
            out.append((3, dhcp.ip4(a.router)))
        if a.dns:
            out.append((6, b"".join(dhcp.ip4(d) for d in a.dns.split(","))))
        if a.domain:
            out.append((15, a.domain.encode()))
        for text in a.option:
            code, value = text.split("=", 1)
            out.append((int(code), bytes.fromhex(value)))
        return out

    def reply(self, req, kind):
        a = self.args
        extra = [] if kind == dhcp.NAK else self.options()
        r = dhcp.Reply(req.xid, req.chaddr, kind, a.yiaddr, a.server, extra)
        if kind == dhcp.NAK:
            r.yiaddr = "0.0.0.0"
        if req.kind == dhcp.INFORM:
            r.yiaddr = "0.0.0.0"
            r.ciaddr = req.ciaddr
            r.set(51, None)
        r.src_mac = self.mac
        r.flags = req.flags
        if req.flags & 0x8000 or kind == dhcp.NAK:
            r.dst_mac = dhcp.BROADCAST
        elif req.ciaddr != "0.0.0.0":
            r.dst = req.ciaddr
        else:
            r.dst = a.yiaddr
        return r

    def send(self, data):
        try:
            self.sock.send(data)
        except OSError as e:  # longer than the link takes, or link down
            say("send: %s (%d bytes)" % (e, len(data)))

    def bad(self, req, phase):
        """The armed class, if it is for this phase."""
        if self.armed is None or self.armed[1] != phase:
            return
        name, _, first, count = self.armed
        for item in classes.frames(name, phase,
                                   lambda k: self.reply(req, k))[
                                       int(first):int(first) + int(count)]:
            self.send(item)
        say("sent %s %s %s %s" % self.armed)
        self.armed = None

    def handle(self, req):
        a = self.args
        say("got %d xid %08x secs %d ciaddr %s %s" % (
            req.kind, req.xid, req.secs, req.ciaddr,
            "unicast" if req.unicast else "broadcast"))
        if req.kind == dhcp.DISCOVER and a.no_offer:
            return
        if req.kind == dhcp.DISCOVER:
            self.bad(req, "offer")
            rapid = a.rapid and 80 in req.options
            r = self.reply(req, dhcp.ACK if rapid else dhcp.OFFER)
            if rapid:
                r.set(80, b"")
            self.send(r.frame())
        elif req.kind == dhcp.REQUEST:
            if a.no_ack:
                return
            if a.nak:
                a.nak -= 1
                self.send(self.reply(req, dhcp.NAK).frame())
                return
            self.bad(req, "ack")
            self.bad(req, "nak")
            self.send(self.reply(req, dhcp.ACK).frame())
            self.bad(req, "bound")
        elif req.kind == dhcp.INFORM:
            self.send(self.reply(req, dhcp.ACK).frame())

    def command(self):
        self.rest += os.read(self.control, 4096)
        while b"\n" in self.rest:
            line, self.rest = self.rest.split(b"\n", 1)
            words = line.decode().split()
            if len(words) == 4 and words[0] in classes.CLASSES:
                self.armed = tuple(words)
                say("armed %s %s %s %s" % self.armed)
            else:
                say("what? %r" % line)

    def receive(self):
        try:
            data, addr = self.sock.recvfrom(4096)
        except OSError as e:  # the link went down
            say("receive: %s" % e)
            return
        req = dhcp.Request(data)
        if addr[2] != socket.PACKET_OUTGOING and req.ok:
            self.handle(req)

    def run(self):
        say("ready")
        fds = [self.sock.fileno(), self.port.fileno()]
        if self.control >= 0:
            fds.append(self.control)
        while True:
            for fd in select.select(fds, [], [])[0]:
                if fd == self.control:
                    self.command()
                elif fd == self.port.fileno():
                    self.port.recv(4096)
                else:
                    self.receive()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("-i", "--interface", required=True)
    p.add_argument("--control")
    p.add_argument("--yiaddr", default="10.9.0.100")
    p.add_argument("--server", default="10.9.0.1")
    p.add_argument("--mask", default="255.255.255.0")
    p.add_argument("--router", default="10.9.0.1")
    p.add_argument("--dns", default="10.9.0.1")
    p.add_argument("--domain", default="lab.example")
    p.add_argument("--lease", type=int, default=600)
    p.add_argument("--t1", type=int, default=0)
    p.add_argument("--t2", type=int, default=0)
    p.add_argument("--option", action="append", default=[],
                   help="CODE=HEX, may be given more than once")
    p.add_argument("--rapid", action="store_true")
    p.add_argument("--no-offer", action="store_true")
    p.add_argument("--no-ack", action="store_true")
    p.add_argument("--nak", type=int, default=0,
                   help="answer so many REQUESTs with a NAK first")
    args = p.parse_args()
    Server(args).run()


if __name__ == "__main__":
    main()
