#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Run fuzz targets, and say how many inputs they tried and what these reached.

Run it in the folder of a build with configure --enable-fuzzing CC=clang.  A
target begins with the seeds of the tree, and with the inputs that earlier runs
in this build have kept.  A target that fails leaves its input in fuzz/, and the
exit status is then 1.

For three quarters of its time a target tries short inputs, which are run
quickly and reach most of the code.  Then it tries inputs of up to the maximum
length of the target, so that limits and the ends of windows are reached.
"""
import argparse
import datetime
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BEGIN = "<!-- fuzzing: written by fuzz/campaign.py --page -->"
END = "<!-- end of fuzzing -->"


# The maximum length of short and of long inputs, for each target.
LENGTHS = {
    "address": (80, 600),
    "body": (256, 16386),
    "calls": (256, 4096),
    "client": (400, 8192),
    "codec": (64, 4096),
    "command": (128, 8192),
    "config": (64, 512),
    "proxy": (128, 8192),
    "session": (400, 8192),
}


class Run:
    """A run of a fuzz target, with inputs up to a length."""

    def __init__(self, name, corpora, seconds, is_long):
        self.name = name
        self.log = pathlib.Path(f"fuzz/{name}-long.log" if is_long else
                                f"fuzz/{name}.log")
        corpus = corpora / name
        corpus.mkdir(parents=True, exist_ok=True)
        length = LENGTHS.get(name, (4096, 4096))[is_long]
        # Without -entropic=0 libFuzzer itself takes longer than a small target.
        # len_control=0: do not begin with short inputs.
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [f"fuzz/fuzz_{name}", f"-max_total_time={seconds}",
                 f"-max_len={length}", f"-len_control={0 if is_long else 100}",
                 "-entropic=0", "-timeout=20", f"-dict={ROOT}/fuzz/smtp.dict",
                 "-print_final_stats=1", f"-artifact_prefix=fuzz/{name}-",
                 corpus, ROOT / "fuzz/seeds" / name],
                stdout=log, stderr=subprocess.STDOUT)

    def text(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def failed(self):
        return self.process.returncode != 0 or self.executions() == 0

    def last(self, pattern):
        """Return the last number in the log that the pattern matches, or 0."""
        found = re.findall(pattern, self.text(), re.M)
        return int(found[-1]) if found else 0

    def executions(self):
        return (self.last(r"^stat::number_of_executed_units: *(\d+)") or
                self.last(r"^#(\d+)\t"))

    def report(self):
        if self.process.returncode == 0 and self.executions() == 0:
            print(f"{self.name}: FAILED, no fuzzer in it; does the build have "
                  "configure --enable-fuzzing?")
        elif self.failed():
            print("\n".join(self.text().splitlines()[-40:]))
            print(f"{self.name}: FAILED, see {self.log}")


class Target:
    """A fuzz target, and its runs: with short inputs, then with long ones."""

    def __init__(self, name, seconds, corpora):
        self.name = name
        self.seconds = seconds
        self.corpora = corpora
        self.runs = []

    def start(self):
        is_long = len(self.runs)
        short = max(1, self.seconds * 3 // 4)
        self.runs.append(Run(
            self.name, self.corpora,
            max(1, self.seconds - short) if is_long else short, is_long))

    def ended(self):
        """Return true after the last run.  Start the second after the first."""
        if self.runs[-1].process.poll() is None:
            return False
        self.runs[-1].report()
        if len(self.runs) == 1 and not self.failed():
            self.start()
            return False
        if not self.failed():
            print(f"{self.name}: {self.executions():,} executions", flush=True)
        return True

    def failed(self):
        return any(run.failed() for run in self.runs)

    def executions(self):
        return sum(run.executions() for run in self.runs)

    def row(self):
        last = self.runs[-1]
        edges = last.last(r"^INFO: Loaded .*\((\d+) inline 8-bit counters\)")
        return [self.name, self.seconds, self.executions(),
                last.last(r"cov: (\d+)"), edges, last.last(r"corp: (\d+)/")]


def campaign(targets, jobs):
    """Run the targets, some at a time."""
    waiting, running = list(targets), []
    shown = time.monotonic()
    while waiting or running:
        while waiting and len(running) < jobs:
            running.append(waiting.pop(0))
            running[-1].start()
        time.sleep(0.2)
        running = [target for target in running if not target.ended()]
        if running and time.monotonic() - shown >= 60:
            shown = time.monotonic()
            total = sum(target.executions() for target in targets)
            print(f"    ... {total:,} executions", flush=True)


def table(rows):
    lines = ["| target | seconds | executions | edges reached | of all | "
             "inputs kept |", "|---|--:|--:|--:|--:|--:|"]
    for name, seconds, executions, reached, edges, kept in rows:
        share = f"{100 * reached / edges:.0f} %" if edges else ""
        lines.append(f"| {name} | {seconds:,} | {executions:,} | {reached:,} | "
                     f"{share} | {kept:,} |")
    lines.append(f"| all | {sum(row[1] for row in rows):,} | "
                 f"{sum(row[2] for row in rows):,} | | | |")
    return lines


def write_page(path, lines):
    """Replace the figures of the last campaign in the page."""
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], check=True,
        capture_output=True, text=True).stdout.strip()
    page = path.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    head = f"At {commit}, {datetime.date.today()}; nothing was found:"
    path.write_text("\n".join([before + BEGIN, head, "", *lines, END]) + after,
                    encoding="utf-8")


def target_of(text, options):
    """Return the target that an argument names: NAME, or NAME=SECONDS."""
    name, _, seconds = text.partition("=")
    return Target(pathlib.Path(name).name.removeprefix("fuzz_"),
                  int(seconds or options.seconds), options.corpus)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60,
                        help="how long each target runs (default: 60)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(),
                        help="targets at a time (default: one a processor)")
    parser.add_argument("--corpus", type=pathlib.Path,
                        default=pathlib.Path("fuzz/corpus"),
                        help="the folder of the inputs kept (default: "
                        "fuzz/corpus); a folder in memory is faster")
    parser.add_argument("--page", type=pathlib.Path,
                        help="a page to write the figures into")
    parser.add_argument("targets", nargs="+", metavar="TARGET",
                        help="fuzz/fuzz_NAME, or NAME; NAME=SECONDS runs this "
                        "target for that time")
    options = parser.parse_args()
    try:
        targets = [target_of(text, options) for text in options.targets]
    except ValueError:
        parser.error("TARGET=SECONDS takes a number")
    missing = [target.name for target in targets
               if not os.access(f"fuzz/fuzz_{target.name}", os.X_OK)]
    if missing:
        parser.error("not built here: " + ", ".join(missing))
    if options.jobs < 1 or any(target.seconds < 1 for target in targets):
        parser.error("--seconds and --jobs take a number of 1 or more")
    campaign(targets, options.jobs)
    lines = table([target.row() for target in targets])
    print("\n".join(lines))
    if any(target.failed() for target in targets):
        sys.exit(1)
    if options.page:
        write_page(options.page, lines)


if __name__ == "__main__":
    main()
