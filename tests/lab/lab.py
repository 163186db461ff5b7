#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What the lab's shell library cannot do well by itself.

  line FILE REGEX SECONDS    wait for a line after FILE.mark; print it, and
                             move the mark behind it
  between MONITOR REGEX      exit 1 and the line, when one between MONITOR.from
                             and MONITOR.mark matches that is not about lo
  json FILE EXPRESSION       value of a python expression over JSON
  counter FILE IFACE NAME    one counter of `leasectl -j show counters`
  processes FILE             "role pid" lines of `leasectl -j show`
  hold ADDRESS PORT          hold a UDP port like another DHCP client
  mute SOCKET N COMMAND...   N control clients that send what COMMAND sends to
                             SOCKET.mute, read nothing, and wait until they
                             are hung up on; milliseconds until the last was
  kill PID OTHER...          kill -9 PID; milliseconds until all are gone
  addresses FILE IFACE       for each RTM_NEWADDR/DELADDR line of `ip -ts -o
                             monitor`: seconds, add|del, address
"""

import datetime
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time


def cmd_line(path, regex, seconds):
    """Exit status 0 and the line, or 1."""
    want = re.compile(regex.encode())
    mark = path + ".mark"
    try:
        with open(mark, encoding="ascii") as f:
            offset = int(f.read())
    except (OSError, ValueError):
        offset = 0
    end = time.monotonic() + float(seconds)
    rest = b""
    with open(path, "rb") as f:
        f.seek(offset)
        while True:
            data = f.read()
            rest += data
            while b"\n" in rest:
                line, rest = rest.split(b"\n", 1)
                offset += len(line) + 1
                if want.search(line):
                    with open(mark, "w", encoding="ascii") as m:
                        m.write(str(offset))
                    print(line.decode(errors="replace"))
                    return 0
            if time.monotonic() >= end:
                return 1
            if not data:
                time.sleep(0.005)


def cmd_between(path, regex):
    """What `ip monitor` wrote between two marks."""
    with open(path + ".from", encoding="ascii") as f:
        start = int(f.read())
    with open(path + ".mark", encoding="ascii") as f:
        end = int(f.read())
    with open(path, "rb") as f:
        f.seek(start)
        lines = f.read(end - start).decode(errors="replace").splitlines()
    for line in lines:
        if re.search(regex, line) and not re.search(r"\blo\b", line):
            print(line)
            return 1
    return 0


def interface(j, name):
    """The object of one interface."""
    for i in j.get("interfaces", []):
        if i["name"] == name:
            return i
    raise KeyError("no interface " + name)


def cmd_json(path, expression):
    """Booleans and None print as true, false, null; the rest as it is."""
    with open(path, encoding="utf-8") as f:
        j = json.load(f)
    value = eval(expression, {  # the expression is the test's own
        "j": j, "i": lambda name: interface(j, name), "re": re})
    if isinstance(value, (bool, type(None))):
        print(json.dumps(value))
    else:
        print(value)
    return 0


def cmd_counter(path, iface, name):
    """A misspelt name is an error."""
    with open(path, encoding="utf-8") as f:
        print(interface(json.load(f), iface)["counters"][name])
    return 0


def cmd_processes(path):
    """The daemon's own list."""
    with open(path, encoding="utf-8") as f:
        j = json.load(f)
    for p in j["sandboxes"]:
        print(p["process"], p["pid"])
    return 0


def cmd_hold(address, port):
    """Until killed; without SO_REUSEPORT, as most clients do it."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((address, int(port)))
    print("ready", flush=True)
    while True:
        s.recv(2048)


def gone(pid):
    """A zombie that nobody has waited for is gone too."""
    try:
        with open("/proc/%s/stat" % pid, encoding="ascii") as f:
            return f.read().rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def cmd_mute(path, count, *command):
    """Control clients that do not take their answers."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + ".mute")
    listener.listen(1)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as asking:
        asked, _ = listener.accept()
        request = asked.recv(65536)
        poll = select.poll()
        start = time.monotonic()
        clients = [socket.socket(socket.AF_UNIX) for _ in range(int(count))]
        for c in clients:
            c.connect(path)
            c.sendall(request)
            poll.register(c, 0)
        print("asked", flush=True)
        left = len(clients)
        while left:
            for fd, _ in poll.poll(30000) or sys.exit("still there"):
                poll.unregister(fd)
                left -= 1
        print(int((time.monotonic() - start) * 1000))
        asked.close()
        asking.wait(10)


def cmd_kill(pid, *others):
    """Exit status 1 when they are still there after 5 s."""
    pids = [pid, *others]
    start = time.monotonic()
    os.kill(int(pid), signal.SIGKILL)
    while time.monotonic() < start + 5:
        if all(gone(p) for p in pids):
            print(int((time.monotonic() - start) * 1000))
            return 0
        time.sleep(0.001)
    print([p for p in pids if not gone(p)])
    return 1


def cmd_addresses(path, iface):
    """Times are seconds since the epoch."""
    line_re = re.compile(
        r"^\[(\S+)\] (Deleted )?\d+: (\S+?)(?:@\S+)?\s+inet ([0-9.]+)/")
    with open(path, encoding="utf-8", errors="replace") as f:
        for line in f:
            m = line_re.match(line)
            if m and m.group(3) == iface:
                when = datetime.datetime.fromisoformat(m.group(1))
                print("%.6f %s %s" % (when.timestamp(),
                                      "del" if m.group(2) else "add",
                                      m.group(4)))
    return 0


def main():
    commands = {k[4:]: v for k, v in globals().items()
                if k.startswith("cmd_")}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        sys.stderr.write(__doc__)
        return 2
    try:
        return commands[sys.argv[1]](*sys.argv[2:])
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
