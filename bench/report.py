#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Show the results of make bench: as tables, or as columns for a plot.

report.py --table RESULTS INSTRUCTIONS         print the tables
report.py --page PAGE RESULTS INSTRUCTIONS     put them into a page
report.py --columns NAME RESULTS               columns for plot.sh

server_report.py does the same for make bench-server.
"""

import json
import sys

BEGIN = "<!-- figures: written by make bench-doc -->"
END = "<!-- end of figures -->"
CORPORA = ["6", "17", "30", "33", "senders"]
ENGINES = ["strict", "relaxed", "yardstick"]
KINDS = ["text", "long", "short", "dots", "base64"]
MESSAGES = ["text", "bare-lf", "random", "lf", "cr", "lf-x", "dots", "dot-x",
            "nul"]
MESSAGE_WAYS = ["octet", "data/512", "data/4Ki", "data/64Ki", "reject/4Ki",
                "preserve/4Ki", "bdat/4Ki", "refused/4Ki"]
FEEDS = ["64", "78", "1Ki", "4Ki", "64Ki", "1Mi"]
WIDTHS = ["words", "sse2", "neon", "avx2"]


class Results:
    """Rows of results.json, found by name."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            read = json.load(file)
        self.machine = read["machine"]
        self.growth = read.get("growth", [])
        self.rows = {row["name"]: row for row in read["results"]}

    def get(self, name, key):
        return self.rows.get(name, {}).get(key)

    def widths(self):
        return [width for width in WIDTHS
                if f"body/text/hot/{width}/4Ki" in self.rows]


def read_instructions(path):
    with open(path, encoding="utf-8") as file:
        words = [line.split() for line in file if "/" in line.split(" ")[0]]
    return {word[0]: float(word[1]) for word in words if len(word) == 2}


def table(head, rows):
    """Return a Markdown table.  A row without figures is left out."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" *
             (len(head) - 1) + "|"]
    for row in rows:
        if any(cell is not None for cell in row[1:]):
            lines.append("| " + " | ".join(
                "" if cell is None else str(cell) for cell in row) + " |")
    return lines if len(lines) > 2 else []


def number(value, digits=0):
    return None if value is None else f"{value:,.{digits}f}"


def percent(value):
    return None if value is None else f"{100 * value:.0f} %"


def ratio(results, name, base):
    """Return how many times faster this result is than base.  Compares the
    least times of both."""
    least, other = results.get(name, "least_ns"), results.get(
        base, "least_ns")
    return None if least is None or other is None else f"{other / least:.2f}"


def lines(results, instructions):
    def row(corpus, engine):
        name = f"line/{engine}/{corpus}"
        cyclic = results.get(f"{name}/cyclic", "ns")
        shuffled = results.get(f"{name}/shuffled", "ns")
        return ["40 lines of large senders, " + engine
                if corpus == "senders" else f"{corpus} lines, {engine}",
                number(instructions.get(name)), number(cyclic, 1),
                number(shuffled, 1),
                ratio(results, f"line/yardstick/{corpus}/cyclic",
                      f"{name}/cyclic"),
                percent(results.get(f"{name}/cyclic", "spread"))]
    return table(["a command line", "instructions", "ns, cyclic",
                  "ns, shuffled", "of the yardstick", "spread"],
                 [row(c, e) for c in CORPORA for e in ENGINES])


def bodies(results, place):
    """Return GB/s, and in brackets the ratio to the work "memchr for each
    LF"."""
    def cell(kind, how):
        name = f"body/{kind}/{place}/{how}"
        speed = results.get(name, "gb_s")
        times = ratio(results, name, f"body/{kind}/{place}/memchr")
        return None if speed is None else f"{speed:.2f} ({times})"
    how = ["memcpy", "memchr", "lf-dot"] + [
        f"{width}/{feed}" for width in results.widths() for feed in FEEDS]
    return table([f"GB/s, {place}"] + KINDS,
                 [[h] + [cell(kind, h) for kind in KINDS] for h in how])


def messages(results):
    """Return GB/s, and in brackets the ratio to the loop over octets."""
    def cell(kind, how):
        name = f"message/{kind}/{how}"
        speed = results.get(name, "gb_s")
        times = ratio(results, name, f"message/{kind}/octet")
        return None if speed is None else f"{speed:.2f} ({times})"
    return table(["GB/s, a session"] + MESSAGES,
                 [[h] + [cell(kind, h) for kind in MESSAGES]
                  for h in MESSAGE_WAYS])


def sessions(results, instructions):
    def rate(name):
        ns = results.get(name, "ns")
        return number(1e9 / ns if ns else None)

    def row(name):
        return [name, number(instructions.get(name)),
                number(results.get(name, "ns")),
                percent(results.get(name, "spread")), rate(name),
                number(results.get(name, "allocations")),
                number(results.get(name, "octets"))]
    names = [name for name in results.rows
             if name.startswith(("session/", "memory/", "message/text/line"))]
    return table(["a session", "instructions", "ns", "spread", "a second",
                  "allocations", "octets held"], map(row, names))


def octet_cost(results, instructions, name):
    """Return ns and instructions for each octet that a series grows by."""
    rows = [row for row in results.rows.values()
            if row["name"].startswith(name + "/") and "gb_s" in row]
    octets = [row["gb_s"] * row["ns"] for row in rows]
    count = instructions.get(name + "/octet")
    if not rows or max(octets) - min(octets) < 1:
        return [None, number(count, 2)]
    ns = [row["least_ns"] for row in rows]
    return [f"{(max(ns) - min(ns)) / (max(octets) - min(octets)):.3g}",
            number(count, 2)]


def growth(results, instructions):
    return table(["what grows", "exponent", "R²", "ns for each",
                  "ns an octet", "instructions an octet"],
                 [[fit["name"].split("/")[1], f"{fit['exponent']:.2f}",
                   f"{fit['r2']:.4f}", f"{fit['slope']:.3g}"] +
                  octet_cost(results, instructions, fit["name"])
                  for fit in results.growth])


def tables(results, instructions):
    machine = results.machine
    parts = [[f"{machine['processor']}, {machine['processors']} processors; "
              f"{machine['compiler']}."],
             lines(results, instructions), bodies(results, "hot"),
             bodies(results, "cold"), messages(results),
             sessions(results, instructions), growth(results, instructions)]
    return "\n\n".join("\n".join(part) for part in parts if part)


def write_page(path, text, begin, end):
    with open(path, encoding="utf-8") as file:
        head, rest = file.read().split(begin)
    tail = rest.split(end)[1]
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{head}{begin}\n\n{text}\n\n{end}{tail}")


def show(label, values):
    """Print a line for gnuplot; "-" if there is no figure."""
    print(label, *("-" if value is None else value for value in values))


def columns(results, name):
    """Print one line for each row."""
    if name == "lines":
        show("corpus", [f"{e},{o}" for e in ENGINES
                        for o in ("cyclic", "shuffled")])
        for corpus in CORPORA:
            show(corpus, [results.get(f"line/{e}/{corpus}/{o}", "ns")
                          for e in ENGINES for o in ("cyclic", "shuffled")])
    elif name in ("hot", "cold"):
        how = ["memcpy", "memchr", "lf-dot"] + [
            f"{width}/64Ki" for width in results.widths()]
        show("kind", how)
        for kind in KINDS:
            show(kind, [results.get(f"body/{kind}/{name}/{h}", "gb_s")
                        for h in how])
    elif name == "feeds":
        show("feed", results.widths())
        for feed in FEEDS:
            show(feed, [results.get(f"body/text/cold/{w}/{feed}", "gb_s")
                        for w in results.widths()])
    elif name == "growth":
        for fit in results.growth:
            rows = [row for row in results.rows.values()
                    if row["name"].startswith(fit["name"] + "/")]
            print(f'"{fit["name"].split("/")[1]}"')
            for row in rows:
                show(row["size"] / rows[0]["size"],
                     [row["least_ns"] / rows[0]["least_ns"]])
            print("\n")


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "--table":
        print(tables(Results(arguments[1]), read_instructions(arguments[2])))
    elif len(arguments) == 4 and arguments[0] == "--page":
        write_page(arguments[1], tables(Results(arguments[2]),
                                        read_instructions(arguments[3])),
                   BEGIN, END)
    elif len(arguments) == 3 and arguments[0] == "--columns":
        columns(Results(arguments[2]), arguments[1])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
