#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Flip every comparison of one source file in turn; each must fail a test.

    flip.py [-n N] [-s SEED] [-j JOBS] [-l] [-v] SOURCE FILE ...

SOURCE is linked with each FILE that is an ATF C program (*_test.c) and with
the FILEs that are not, nothing else, by $CC, $MUTANT_CFLAGS and $MUTANT_LIBS.
-n takes N mutants at random, -l only lists them, -v names the test that each
fails.  Exit code 1 when a mutant survives.
"""
import argparse
import concurrent.futures
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile

FLIPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=",
         "!=": "==", "&&": "||", "||": "&&"}
# Longer operators first, so that "<<" and "->" are not taken for "<" and ">".
OPERATORS = re.compile(r"<<=|>>=|<<|>>|->|<=|>=|==|!=|&&|\|\||<|>")
# What is no code that runs: comments, strings, directives, static assertions.
IGNORED = re.compile(
    r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    r"|^[ \t]*\#(?:\\\n|[^\n])*|_Static_assert\s*\([^;]*;",
    re.DOTALL | re.MULTILINE)
CASE_SECONDS = 10


def mutants(text):
    """Yield (offset, operator, replacement) of each comparison."""
    code = IGNORED.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
    for m in OPERATORS.finditer(code):
        if m.group() in FLIPS:
            yield m.start(), m.group(), FLIPS[m.group()]


def describe(path, text, mutant):
    """file:line: the operator and the line it stands in."""
    offset, old, new = mutant
    begin = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line = text.count("\n", 0, offset) + 1
    return "%s:%d:%d: %s -> %s in: %s" % (
        path, line, offset - begin + 1, old, new, text[begin:end].strip())


class Builder:
    """Compiles a variant of the source and runs the tests' cases on it."""

    def __init__(self, source, files, directory):
        self.source = source
        self.directory = directory
        # UBSan ends a mutant that reads past an array; -w: a flipped
        # comparison may well be one the compiler warns of.
        self.compiler = shlex.split(os.environ.get("CC", "cc")) + [
            "-std=c17", "-O0", "-w", "-fsanitize=undefined",
            "-fno-sanitize-recover=undefined"]
        self.cflags = shlex.split(os.environ.get("MUTANT_CFLAGS", "")) + [
            "-I" + os.path.dirname(source)]
        self.libs = shlex.split(os.environ.get("MUTANT_LIBS", "-latf-c"))
        self.tests, self.helpers = [], []
        for i, f in enumerate(files):
            o = os.path.join(directory, "file%d.o" % i)
            self.run(self.compiler + self.cflags + ["-c", "-o", o, f])
            (self.tests if f.endswith("_test.c") else self.helpers).append(o)
        self.cases = []

    @staticmethod
    def run(argv):
        subprocess.run(argv, check=True)

    def build(self, text, name):
        base = os.path.join(self.directory, name)
        with open(base + ".c", "w", encoding="utf-8") as f:
            f.write(text)
        self.run(self.compiler + self.cflags +
                 ["-c", "-o", base + ".o", base + ".c"])
        programs = []
        for i, test in enumerate(self.tests):
            programs.append("%s.%d" % (base, i))
            self.run(self.compiler + ["-o", programs[i], base + ".o", test] +
                     self.helpers + self.libs)
        os.unlink(base + ".c")
        os.unlink(base + ".o")
        return programs

    def list_cases(self, programs):
        for i, program in enumerate(programs):
            out = subprocess.run([program, "-l"], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout
            self.cases += [(i, case) for case in
                           re.findall(r"^ident: (\S+)", out, re.MULTILINE)]

    @staticmethod
    def passes(program, case, work):
        try:
            return subprocess.run(
                [program, "-r", "/dev/null", case], cwd=work,
                timeout=CASE_SECONDS, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                check=False).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def failing_case(self, programs):
        """The first case that fails, None: all pass."""
        for i, case in self.cases:
            with tempfile.TemporaryDirectory(dir=self.directory) as work:
                if not self.passes(programs[i], case, work):
                    return case
        return None


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("-n", type=int, default=0)
    p.add_argument("-s", type=int, default=None)
    p.add_argument("-j", type=int, default=os.cpu_count() or 1)
    p.add_argument("-l", action="store_true")
    p.add_argument("-v", action="store_true")
    p.add_argument("source")
    p.add_argument("files", nargs="+")
    args = p.parse_args()
    with open(args.source, encoding="utf-8") as f:
        text = f.read()
    todo = list(mutants(text))
    if args.n and args.n < len(todo):
        seed = random.randrange(1 << 32) if args.s is None else args.s
        print("seed %d" % seed)
        todo = random.Random(seed).sample(todo, args.n)
    if args.l:
        for m in todo:
            print(describe(args.source, text, m))
        return 0
    with tempfile.TemporaryDirectory(prefix="mutants.") as directory:
        builder = Builder(args.source, args.files, directory)
        whole = builder.build(text, "whole")
        builder.list_cases(whole)
        case = builder.failing_case(whole)
        if case is not None or not builder.cases:
            print("%s: fails without a mutant: %s" % (args.source, case))
            return 1

        def killer(numbered):
            i, (offset, old, new) = numbered
            changed = text[:offset] + new + text[offset + len(old):]
            programs = builder.build(changed, "mutant%d" % i)
            case = builder.failing_case(programs)
            for program in programs:
                os.unlink(program)
            return case

        with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
            killers = list(pool.map(killer, enumerate(todo)))
    for m, case in zip(todo, killers):
        if case is None:
            print("SURVIVED " + describe(args.source, text, m))
        elif args.v:
            print("%s: %s" % (case, describe(args.source, text, m)))
    survived = [m for m, case in zip(todo, killers) if case is None]
    print("%s: %d mutants, %d killed, %d survived" % (
        args.source, len(todo), len(todo) - len(survived), len(survived)))
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
