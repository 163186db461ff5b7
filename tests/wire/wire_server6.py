#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A scripted DHCPv6 server for one client.

Without --control it is a good server.  With --control FIFO it reads lines
there:

  CLASS PHASE FIRST COUNT   "armed ..." is answered; so many messages of that
      class of malformed input (classes6.py) are put before the good answer of
      that phase: advertise, reply (to a Request), renew (the Reply to a
      Renew), or at once to the client that is bound: bound, reconf.  "sent
      ..." follows.
  set NAME VALUE            change a setting of the command line (--NAME)
  reconfigure KIND [HOW]    5 renew, 6 rebind, 11 information-request; HOW is
      "good", "global" (to the leased address), "unsigned", "forged" (another
      key) or "replayed".
"""

import argparse
import os
import select
import socket
import struct

import classes6
import dhcp6
from dhcp6 import Opt, status

KEY = bytes(range(1, 17))


def say(text):
    print(text, flush=True)


def listen(iface, port):
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, iface.encode())
    sock.bind(("::", port))
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                    dhcp6.ip6("ff02::1:2") +
                    struct.pack("@I", socket.if_nametoindex(iface)))
    return sock


class Server:
    def __init__(self, args):
        self.args = args
        self.armed = None
        self.replay = 1
        self.client = None  # (address, its last message)
        self.sock = listen(args.interface, 547)
        self.control = -1
        if args.control:
            self.control = os.open(args.control, os.O_RDWR | os.O_NONBLOCK)
        self.rest = b""

    # ---- the good answer ----

    def times(self):
        a = self.args
        return struct.pack("!II", a.t1, a.t2)

    def ia_na(self, iaid, req):
        a = self.args
        out = Opt(dhcp6.IA_NA, iaid + self.times())
        if a.noaddrs:
            out.kids = [status(dhcp6.NO_ADDRS, b"none left")]
        elif req.kind == dhcp6.RENEW and a.nobinding == "na":
            out.kids = [status(dhcp6.NO_BINDING)]
        else:
            out.kids = [dhcp6.address(a.address, a.preferred, a.valid)]
        return out

    def ia_pd(self, iaid, req):
        a = self.args
        out = Opt(dhcp6.IA_PD, iaid + self.times())
        refusal = [status(dhcp6.NO_PREFIX, b"no prefix")]
        if a.noprefix == "ia":
            out.kids = refusal
        elif a.noprefix == "inside":
            out.kids = [dhcp6.prefix("::/0", 0, 0, refusal)]
        elif a.noprefix == "deep":
            out.kids = [dhcp6.prefix(a.prefix, a.preferred, a.valid, refusal)]
        elif req.kind == dhcp6.RENEW and a.nobinding == "pd":
            out.kids = [status(dhcp6.NO_BINDING)]
        else:
            kids = []
            if a.exclude:
                length, bits, value = (int(n) for n in a.exclude.split(","))
                kids = [dhcp6.exclude(length, bits, value)]
            out.kids = [dhcp6.prefix(a.prefix, a.preferred, a.valid, kids)]
        return out

    def options(self, req):
        a = self.args
        out = [Opt(dhcp6.DNS, dhcp6.ip6(a.dns)),
               Opt(dhcp6.DOMAINS, dhcp6.name("lab.example"))]
        if a.sol_max_rt:
            out.append(Opt(dhcp6.SOL_MAX_RT, struct.pack("!I", a.sol_max_rt)))
        if a.register:
            out.append(Opt(dhcp6.REG_ENABLE))
        for text in a.option:
            code, value = text.split("=", 1)
            out.append(Opt(int(code), bytes.fromhex(value)))
        return out

    def reply(self, req, kind):
        """A good answer."""
        a = self.args
        m = dhcp6.Msg(kind, req.xid, [Opt(dhcp6.SERVER_ID,
                                          bytes.fromhex(a.duid))])
        if req.get(dhcp6.CLIENT_ID) is not None:
            m.add(Opt(dhcp6.CLIENT_ID, req.get(dhcp6.CLIENT_ID)))
        if req.kind in (dhcp6.CONFIRM, dhcp6.RELEASE, dhcp6.DECLINE):
            return m.add(status(dhcp6.SUCCESS))
        if kind == dhcp6.ADVERTISE:
            m.add(Opt(dhcp6.PREFERENCE, bytes([a.preference])))
        m.opts += [self.ia_na(i, req) for i in req.iaids(dhcp6.IA_NA)]
        m.opts += [self.ia_pd(i, req) for i in req.iaids(dhcp6.IA_PD)]
        m.opts += self.options(req)
        if a.auth and kind == dhcp6.REPLY and req.get(20) is not None:
            m.add(Opt(20), dhcp6.key_option(KEY, self.replay))
        return m

    def send(self, data, where):
        try:
            self.sock.sendto(data, where)
        except OSError as e:
            say("send: %s (%d bytes)" % (e, len(data)))

    # ---- the bad ones ----

    def bad(self, req, where, *phases):
        if self.armed is None or self.armed[1] not in phases:
            return
        name, phase, first, count = self.armed
        for item in classes6.messages(
                name, phase, lambda: self.good(req, phase))[
                    int(first):int(first) + int(count)]:
            self.send(item, where)
        say("sent %s %s %s %s" % self.armed)
        self.armed = None

    def good(self, req, phase):
        if phase == "reconf":
            self.replay += 1
            return self.reconfigure(req, 5, self.replay)
        m = self.reply(req, dhcp6.ADVERTISE if phase == "advertise"
                       else dhcp6.REPLY)
        return m.drop(dhcp6.PREFERENCE)  # so that none ends the collecting

    def reconfigure(self, req, kind, replay, key=KEY):
        m = dhcp6.Msg(dhcp6.RECONFIGURE, 0, [
            Opt(dhcp6.SERVER_ID, bytes.fromhex(self.args.duid)),
            Opt(dhcp6.CLIENT_ID, req.get(dhcp6.CLIENT_ID)),
            Opt(dhcp6.RECONF_MSG, bytes([kind]))])
        return dhcp6.sign(m, key, replay)

    def send_reconfigure(self, kind, how):
        where, req = self.client
        self.replay += 1
        m = self.reconfigure(req, kind, self.replay)
        if how == "forged":
            m = self.reconfigure(req, kind, self.replay, bytes(16))
        elif how == "unsigned":
            m.drop(dhcp6.AUTH)
        elif how == "replayed":
            self.replay -= 1  # that of the one before
            m = self.reconfigure(req, kind, self.replay)
        elif how == "global":
            where = (self.args.address, 546, 0, 0)
        self.send(m.wire(), where)
        say("reconfigured %d %s" % (kind, how))

    # ---- what comes in ----

    def handle(self, req, where):
        a = self.args
        say("got %d xid %06x from %s" % (req.kind, req.xid, where[0]))
        if req.kind in map(int, a.silent.split(",") if a.silent else []):
            return
        sid = req.get(dhcp6.SERVER_ID)
        if sid is not None and sid != bytes.fromhex(a.duid):
            say("for another server")
            return
        if req.get(dhcp6.CLIENT_ID) is not None:
            self.client = (where, req)
        if req.kind == dhcp6.REG_INFORM:
            self.register(req, where)
        elif req.kind == dhcp6.SOLICIT:
            self.bad(req, where, "advertise")
            rapid = a.rapid and req.get(dhcp6.RAPID) is not None
            m = self.reply(req, dhcp6.REPLY if rapid else dhcp6.ADVERTISE)
            if rapid:
                m.add(Opt(dhcp6.RAPID))
            self.send(m.wire(), where)
        elif req.kind in (dhcp6.REQUEST, dhcp6.RENEW):
            self.bad(req, where,
                     "reply" if req.kind == dhcp6.REQUEST else "renew")
            if a.fail and a.fail_count:
                a.fail_count -= 1
                m = self.reply(req, dhcp6.REPLY)
                m.opts = m.opts[:2] + [status(a.fail, b"try again")]
                self.send(m.wire(), where)
                return
            self.send(self.reply(req, dhcp6.REPLY).wire(), where)
        elif req.kind in range(1, 12):
            self.send(self.reply(req, dhcp6.REPLY).wire(), where)
        if req.kind in (dhcp6.REQUEST, dhcp6.REBIND) and a.nobinding:
            say("granted %d prefixes asked" % len(req.iaids(dhcp6.IA_PD)))

    def register(self, req, where):
        """RFC 9686 4.3: what is in it goes back."""
        data = req.get(dhcp6.IAADDR) or b""
        say("registered %s" % socket.inet_ntop(socket.AF_INET6, data[:16]))
        m = dhcp6.Msg(dhcp6.REG_REPLY, req.xid, [
            Opt(dhcp6.CLIENT_ID, req.get(dhcp6.CLIENT_ID)),
            Opt(dhcp6.SERVER_ID, bytes.fromhex(self.args.duid)),
            Opt(dhcp6.IAADDR, data)])
        self.send(m.wire(), where)

    def command(self):
        self.rest += os.read(self.control, 4096)
        while b"\n" in self.rest:
            line, self.rest = self.rest.split(b"\n", 1)
            words = line.decode().split()
            if words[0] == "set":
                old = getattr(self.args, words[1])
                new = words[2] if len(words) > 2 else ""
                setattr(self.args, words[1],
                        int(new) if isinstance(old, int) else new)
                say("set %s" % words[1])
            elif words[0] == "reconfigure":
                self.send_reconfigure(int(words[1]), words[2])
            elif len(words) == 4 and words[0] in classes6.CLASSES:
                self.armed = tuple(words)
                say("armed %s %s %s %s" % self.armed)
                if self.client:
                    self.bad(self.client[1], self.client[0], "bound", "reconf")
            else:
                say("what? %r" % line)

    def run(self):
        say("ready")
        fds = [self.sock.fileno()]
        if self.control >= 0:
            fds.append(self.control)
        while True:
            for fd in select.select(fds, [], [])[0]:
                if fd == self.control:
                    self.command()
                    continue
                data, where = self.sock.recvfrom(4096)
                req = dhcp6.Request(data)
                if req.ok:
                    self.handle(req, where)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("-i", "--interface", required=True)
    p.add_argument("--control")
    p.add_argument("--duid", default="00030001020000000001")
    p.add_argument("--address", default="2001:db8:1::100")
    p.add_argument("--prefix", default="2001:db8:f000::/56")
    p.add_argument("--dns", default="2001:db8:1::53")
    p.add_argument("--preferred", type=int, default=1800)
    p.add_argument("--valid", type=int, default=3600)
    p.add_argument("--t1", type=int, default=900)
    p.add_argument("--t2", type=int, default=1440)
    p.add_argument("--preference", type=int, default=255)
    p.add_argument("--rapid", action="store_true")
    p.add_argument("--auth", action="store_true",
                   help="give a reconfigure key")
    p.add_argument("--register", action="store_true")
    p.add_argument("--exclude", default="", help="LENGTH,BITS,VALUE")
    p.add_argument("--sol-max-rt", type=int, default=0)
    p.add_argument("--noaddrs", type=int, default=0)
    p.add_argument("--noprefix", default="", help="ia, inside or deep")
    p.add_argument("--nobinding", default="", help="na or pd: at a Renew")
    p.add_argument("--fail", type=int, default=0, help="status code, ...")
    p.add_argument("--fail-count", type=int, default=0, help="... so often")
    p.add_argument("--silent", default="", help="message types not answered")
    p.add_argument("--option", action="append", default=[],
                   help="CODE=HEX, may be given more than once")
    Server(p.parse_args()).run()


if __name__ == "__main__":
    main()
