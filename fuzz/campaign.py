#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Run fuzz targets, and say how many inputs they tried and what these reached.

Run it in the folder of a build with configure --enable-fuzzing CC=clang.  A
target begins with the seeds of the tree, and with the inputs that earlier runs
in this build have kept.  A target that fails leaves its input in fuzz/, and the
exit status is then 1.
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


class Run:
    """A fuzz target that runs."""

    def __init__(self, name, seconds):
        self.name = name
        self.log = pathlib.Path(f"fuzz/{name}.log")
        corpus = pathlib.Path(f"fuzz/corpus/{name}")
        corpus.mkdir(parents=True, exist_ok=True)
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [f"fuzz/fuzz_{name}", f"-max_total_time={seconds}",
                 "-timeout=20", f"-dict={ROOT}/fuzz/smtp.dict",
                 "-print_final_stats=1", f"-artifact_prefix=fuzz/{name}-",
                 corpus, ROOT / "fuzz/seeds" / name],
                stdout=log, stderr=subprocess.STDOUT)

    def text(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def ended(self):
        return self.process.poll() is not None

    def failed(self):
        return self.process.returncode != 0 or self.executions() == 0

    def last(self, pattern):
        """Return the last number in the log that the pattern matches, or 0."""
        found = re.findall(pattern, self.text(), re.M)
        return int(found[-1]) if found else 0

    def executions(self):
        return (self.last(r"^stat::number_of_executed_units: *(\d+)") or
                self.last(r"^#(\d+)\t"))

    def row(self):
        edges = self.last(r"^INFO: Loaded .*\((\d+) inline 8-bit counters\)")
        return [self.name, self.executions(), self.last(r"cov: (\d+)"), edges,
                self.last(r"corp: (\d+)/")]

    def report(self):
        if self.process.returncode == 0 and self.executions() == 0:
            print(f"{self.name}: FAILED, no fuzzer in it; does the build have "
                  "configure --enable-fuzzing?")
        elif self.failed():
            print("\n".join(self.text().splitlines()[-40:]))
            print(f"{self.name}: FAILED, see {self.log}")
        else:
            print(f"{self.name}: {self.executions():,} executions", flush=True)


def campaign(names, seconds, jobs):
    """Run the targets, some at a time.  Return the runs."""
    waiting, running, runs = list(names), [], []
    shown = time.monotonic()
    while waiting or running:
        while waiting and len(running) < jobs:
            running.append(Run(waiting.pop(0), seconds))
            runs.append(running[-1])
        time.sleep(0.2)
        for run in [run for run in running if run.ended()]:
            running.remove(run)
            run.report()
        if running and time.monotonic() - shown >= 60:
            shown = time.monotonic()
            total = sum(run.executions() for run in runs)
            print(f"    ... {total:,} executions", flush=True)
    return runs


def table(rows):
    lines = ["| target | executions | edges reached | of all | inputs kept |",
             "|---|--:|--:|--:|--:|"]
    for name, executions, reached, edges, kept in rows:
        share = f"{100 * reached / edges:.0f} %" if edges else ""
        lines.append(f"| {name} | {executions:,} | {reached:,} | {share} | "
                     f"{kept:,} |")
    lines.append(f"| all | {sum(row[1] for row in rows):,} | | | |")
    return lines


def write_page(path, lines, seconds):
    """Replace the figures of the last campaign in the page."""
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], check=True,
        capture_output=True, text=True).stdout.strip()
    page = path.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    head = (f"At {commit}, {datetime.date.today()}, {seconds} seconds for each "
            "target; nothing was found:")
    path.write_text("\n".join([before + BEGIN, head, "", *lines, END]) + after,
                    encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60,
                        help="how long each target runs (default: 60)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(),
                        help="targets at a time (default: one a processor)")
    parser.add_argument("--page", type=pathlib.Path,
                        help="a page to write the figures into")
    parser.add_argument("targets", nargs="+", metavar="TARGET",
                        help="fuzz/fuzz_NAME, or NAME")
    options = parser.parse_args()
    names = [pathlib.Path(target).name.removeprefix("fuzz_")
             for target in options.targets]
    missing = [name for name in names
               if not os.access(f"fuzz/fuzz_{name}", os.X_OK)]
    if missing:
        parser.error("not built here: " + ", ".join(missing))
    if options.seconds < 1 or options.jobs < 1:
        parser.error("--seconds and --jobs take a number of 1 or more")
    runs = campaign(names, options.seconds, options.jobs)
    lines = table([run.row() for run in runs])
    print("\n".join(lines))
    if any(run.failed() for run in runs):
        sys.exit(1)
    if options.page:
        write_page(options.page, lines, options.seconds)


if __name__ == "__main__":
    main()
