#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Apply each patches/ID-name.patch alone and expect its test to fail.

    patches.py [-n N] [-s SEED] [-j JOBS] [ID ...]

The first line of a patch says which test must fail, "Test: PROGRAM[:CASE]";
PROGRAM is in tests/unit, or lab/PROGRAM, redteam/PROGRAM.  Without it the unit tests that
docs/conformance.md names for the id must fail together.  Every test must pass
without the patch.  -n takes N patches at random; the seed is printed.

Each worker has a copy of the tree.  Objects are kept by the hash of what the
preprocessor makes of their source, so that only what a patch changes is
compiled (BUILD/mutants/cache).
"""
import argparse
import concurrent.futures
import os
import queue
import random
import re
import shutil
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
PATCHES = os.path.join(HERE, "patches")
CACHE = os.path.join(ROOT, "build", "mutants", "cache")
CASE_SECONDS = 120

COMPILER = """#!/bin/sh
# Compile through the cache: CC -c -o OBJECT SOURCE with the flags before.
set -eu
case " $* " in
*" -c "*) ;;
*) exec %(cc)s "$@" ;;
esac
out= prev= flags=
for a; do
	case $prev:$a in
	-o:*) out=$a ;;
	*:-c | *:-o) ;;
	*) flags="$flags $a" ;;
	esac
	prev=$a
done
# What the source becomes, without the lines' numbers and paths.
key=$({ %(cc)s $flags -E -P && echo "$flags"; } | md5sum | cut -c 1-32)
file=%(cache)s/$key.o
if [ ! -f "$file" ]; then
	%(cc)s "$@"
	cp "$out" "$file.$$"
	mv "$file.$$" "$file"
	exit 0
fi
cp "$file" "$out"
"""


def conformance_tests(ident):
    with open(os.path.join(ROOT, "docs", "conformance.md"),
              encoding="utf-8") as f:
        for line in f:
            if line.startswith("| %s |" % ident):
                names = line.rsplit("|", 2)[1].split()
                return [n for n in names if os.path.exists(
                    os.path.join(ROOT, "tests", "unit", n + ".c"))]
    return []


class Patch:
    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)[:-len(".patch")]
        m = re.match(r"([A-Z0-9]+-[0-9]+)", self.name)
        self.ident = m.group(1) if m else None
        with open(path, encoding="utf-8") as f:
            spec = re.search(r"^Test: *(\S+)", f.read(), re.MULTILINE)
        if spec:
            prog, _, case = spec.group(1).partition(":")
            self.tests = [(prog, case or None)]
        else:
            self.tests = [(p, None) for p in conformance_tests(self.ident)]


class Tree:
    """A copy of the tree and its build directory."""

    def __init__(self, directory, number):
        self.path = os.path.join(directory, "tree%d" % number)
        names = subprocess.run(
            ["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard"],
            check=True, text=True, stdout=subprocess.PIPE).stdout.split("\n")
        for name in filter(None, names):
            if name.startswith("tests/fuzz/corpus"):
                continue
            src, dst = os.path.join(ROOT, name), os.path.join(self.path, name)
            if os.path.isfile(src):
                os.makedirs(os.path.dirname(dst), exist_ok=True)
                shutil.copy2(src, dst)
        self.cc = os.path.join(directory, "cc")

    def target(self, prog):
        if prog.startswith("redteam/"):
            return ["build/leased", "build/leasectl", "build/tests/" + prog,
                    "build/tests/redteam/client",
                    "build/tests/redteam/leased-engine",
                    "build/tests/redteam/leased-frontend"]
        if "/" in prog:
            return ["build/leased", "build/leasectl", "build/tests/" + prog]
        return ["build/tests/unit/" + prog]

    def build(self, prog):
        """None, or what the compiler says."""
        p = subprocess.run(
            [os.environ.get("MAKE", "make"), "-s", "B=build",
             "CC=" + self.cc, "HARDEN=", "WARN=-w", "CFLAGS=-O0 -pipe",
             "LDHARDEN="] + self.target(prog),
            cwd=self.path, check=False, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        return None if p.returncode == 0 else p.stdout[-600:]

    def program(self, prog):
        if "/" in prog:
            return os.path.join(self.path, "build", "tests", prog)
        return os.path.join(self.path, "build", "tests", "unit", prog)

    def run(self, argv, work):
        env = dict(os.environ, LEASED_BUILD=os.path.join(self.path, "build"),
                   LEASED_SRC=self.path)
        try:
            return subprocess.run(
                argv, cwd=work, env=env, timeout=CASE_SECONDS, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def passes(self, prog, only):
        program = self.program(prog)
        listing = subprocess.run(
            [program, "-l"], check=True, text=True, cwd=self.path,
            stdout=subprocess.PIPE).stdout
        all_cases = re.findall(r"^ident: (\S+)", listing, re.MULTILINE)
        if only and only not in all_cases:
            raise LookupError("%s has no case %s" % (prog, only))
        for case in [only] if only else all_cases:
            work = os.path.join(self.path, "work")
            shutil.rmtree(work, ignore_errors=True)
            os.mkdir(work)
            ok = self.run([program, "-r", "/dev/null", case], work)
            if "/" in prog:
                self.run([program, case + ":cleanup"], work)
            if not ok:
                return False
        return True

    def patch(self, patch, *args):
        return subprocess.run(
            ["patch", "-d", self.path, "-p1", "-s", "-F2"] + list(args) +
            ["-i", patch.path], check=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL).returncode == 0


class Runner:
    def __init__(self, directory, jobs):
        self.trees = queue.Queue()
        self.good = {}
        self.lock = threading.Lock()
        for i in range(jobs):
            self.trees.put(Tree(directory, i))

    def unpatched(self, tree, prog, case):
        """Why it fails without any patch; None: it passes."""
        with self.lock:
            if (prog, case) in self.good:
                return self.good[prog, case]
        why = tree.build(prog)
        if why is None and not tree.passes(prog, case):
            why = "%s fails without the patch" % prog
        with self.lock:
            self.good[prog, case] = why
        return why

    def mutant(self, tree, patch):
        if not patch.tests:
            return "no test is named"
        for prog, case in patch.tests:
            why = self.unpatched(tree, prog, case)
            if why is not None:
                return why
        if not tree.patch(patch, "--dry-run"):
            return "does not apply"
        tree.patch(patch)
        try:
            for prog, case in patch.tests:
                why = tree.build(prog)
                if why is not None:
                    return "does not compile: " + why
                if not tree.passes(prog, case):
                    return None
            return "SURVIVED: %s passes" % " ".join(
                ":".join(filter(None, t)) for t in patch.tests)
        finally:
            tree.patch(patch, "-R")

    def stale(self, patches):
        """Those that the code has left behind, whether chosen or not."""
        tree = self.trees.get()
        found = [p for p in patches if not tree.patch(p, "--dry-run")]
        self.trees.put(tree)
        return found

    def __call__(self, patch):
        tree = self.trees.get()
        try:
            return self.mutant(tree, patch)
        except (LookupError, subprocess.CalledProcessError) as e:
            return str(e)
        finally:
            self.trees.put(tree)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("-n", type=int, default=0)
    p.add_argument("-s", type=int, default=None)
    p.add_argument("-j", type=int, default=os.cpu_count() or 1)
    p.add_argument("ids", nargs="*")
    args = p.parse_args()
    todo = [Patch(os.path.join(PATCHES, n))
            for n in sorted(os.listdir(PATCHES)) if n.endswith(".patch")]
    everything = list(todo)
    if args.ids:
        everything = todo = [t for t in todo if any(
            t.name == i or t.name.startswith(i + "-") for i in args.ids)]
    if args.n and args.n < len(todo):
        seed = random.randrange(1 << 32) if args.s is None else args.s
        print("mutants: seed %d" % seed, flush=True)
        todo = random.Random(seed).sample(todo, args.n)
    if not todo:
        return 0
    directory = os.path.join(ROOT, "build", "mutants")
    os.makedirs(CACHE, exist_ok=True)
    for name in os.listdir(directory):
        if name.startswith("tree"):
            shutil.rmtree(os.path.join(directory, name))
    with open(os.path.join(directory, "cc"), "w", encoding="ascii") as f:
        f.write(COMPILER % {"cc": os.environ.get("CC", "cc"), "cache": CACHE})
    os.chmod(os.path.join(directory, "cc"), 0o755)
    jobs = max(1, min(args.j, len(todo)))
    runner = Runner(directory, jobs)
    stale = runner.stale(everything)
    for t in stale:
        print("%s: does not apply" % t.name)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        results = list(pool.map(runner, todo))
    bad = [(t, r) for t, r in zip(todo, results) if r is not None]
    for t, r in bad:
        print("%s: %s" % (t.name, r))
    print("patches: %d mutants, %d killed, %d not" % (
        len(todo), len(todo) - len(bad), len(bad)))
    return 1 if bad or stale else 0


if __name__ == "__main__":
    sys.exit(main())
