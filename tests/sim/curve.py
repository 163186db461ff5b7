#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Run the power-cut simulation and write docs/load.md and docs/load.svg.

    curve.py LOAD [CLIENTS [CAPACITY]]
"""
import os
import subprocess
import sys

DELAYS = (0, 10, 60)
COLORS = ("#c0392b", "#2471a3", "#1e8449")
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 760, 360, 70, 50, 30
DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                    "docs")


def output(argv):
    return subprocess.run(argv, check=False, text=True,
                          stdout=subprocess.PIPE).stdout


def curve(load, delay, args):
    rows = output([load, "-g", "-d", str(delay)] + args).splitlines()
    return [int(line.split("\t")[1]) for line in rows]


def svg(curves, clients, capacity):
    span = max(len(c) for _, c in curves)
    top = max(max(c) for _, c in curves)
    plot_w, plot_h = WIDTH - LEFT - 20, HEIGHT - TOP - BOTTOM

    def point(x, y):
        return "%.1f,%.1f" % (LEFT + x * plot_w / span,
                              TOP + plot_h - y * plot_h / top)

    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
           'font-family="sans-serif" font-size="12">' % (WIDTH, HEIGHT),
           '<rect width="%d" height="%d" fill="white"/>' % (WIDTH, HEIGHT),
           '<text x="%d" y="18">%d clients after a power cut, one server of '
           '%d messages/s: messages per second</text>'
           % (LEFT, clients, capacity)]
    for i in range(5):
        y = top * i / 4
        x0, y0 = point(0, y).split(",")
        out.append('<line x1="%s" y1="%s" x2="%d" y2="%s" stroke="#ddd"/>'
                   '<text x="%d" y="%s" text-anchor="end">%d</text>'
                   % (x0, y0, WIDTH - 20, y0, LEFT - 6, y0, y))
    for x in range(0, span + 1, 10 if span < 150 else 30):
        x0, y0 = point(x, 0).split(",")
        out.append('<text x="%s" y="%d" text-anchor="middle">%d s</text>'
                   % (x0, float(y0) + 18, x))
    for i, (delay, values) in enumerate(curves):
        color = COLORS[i % len(COLORS)]
        out.append('<polyline fill="none" stroke="%s" stroke-width="2" '
                   'points="%s"/>' % (color, " ".join(
                       point(x, y) for x, y in enumerate(values))))
        out.append('<text x="%d" y="%d" fill="%s">startup-delay %d</text>'
                   % (WIDTH - 160, TOP + 20 + 18 * i, color, delay))
    out.append("</svg>")
    return "\n".join(out) + "\n"


def main():
    load = sys.argv[1]
    clients = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
    capacity = int(sys.argv[3]) if len(sys.argv) > 3 else 5000
    args = ["-n", str(clients), "-c", str(capacity)]
    table = "".join(output([load, "-d", str(d)] + extra + args)
                    for extra in ([], ["-r"]) for d in DELAYS)
    curves = [(d, curve(load, d, args)) for d in DELAYS]
    with open(os.path.join(DOCS, "load.svg"), "w", encoding="utf-8") as f:
        f.write(svg(curves, clients, capacity))
    with open(os.path.join(DOCS, "load.md"), "w", encoding="utf-8") as f:
        f.write("""# Load after a power cut

%d clients, each the real DHCPv4 machine on virtual time, boot within two
seconds and ask one server that answers %d messages a second and drops what
does not fit its socket buffer. `make load` runs it again and writes this file;
it needs 3 GB of memory.

| startup-delay | first message | server/s | messages | dropped | peak/s | 50 %% bound | 99 %% | all (s) |
|---|---|---|---|---|---|---|---|---|
%s
![messages per second](load.svg)

The RFC's random wait (`startup-delay 10`) is for fleets; the default is 0
because a single host should not wait.
""" % (clients, capacity, table))
    print(table, end="")


if __name__ == "__main__":
    main()
