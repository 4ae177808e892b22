#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Show the results of make bench-server.

server_report.py --table RESULTS           print the tables
server_report.py --page PAGE RESULTS       put them into a page
server_report.py --columns NAME RESULTS    columns for plot.sh
"""

import json
import sys

from report import number, percent, show, table, write_page
from server_promises import (DOOR_MEBIBYTES, DOORS, LOADS,
                             show as show_value)

BEGIN = "<!-- figures of servers: written by make bench-server-doc -->"
END = "<!-- end of figures of servers -->"
DOOR_BEGIN = ("<!-- figures of the front door: "
              "written by make bench-server-doc -->")
DOOR_END = "<!-- end of figures of the front door -->"
PEERS = ["mailin-server", "go-smtp", "smtp-sink", "aiosmtpd"]
TITLES = {"before": "before", "no-sandbox": "without the sandbox",
          "mute": "without a log"}
KINDS = [(kind, version) for kind in ("RSA-2048", "ECDSA P-256")
         for version in ("TLS 1.2", "TLS 1.3")]


class Results:
    def __init__(self, path):
        with open(path, encoding="ascii") as file:
            read = json.load(file)
        self.machine = read["machine"]
        self.promises = read["promises"]
        self.rows = {row["name"]: row for row in read["results"]}

    def get(self, name, key, unit=1):
        value = self.rows.get(name, {}).get(key)
        return None if value is None else value / unit

    def median_change(self, test, text):
        name = f"{LOADS[test]}, since the server before: {text}"
        for row in self.promises:
            if row["text"] == name and row["value"] is not None:
                return 100 * row["value"]
        return None


# ---- Tables ----

def loads(results, part):
    texts = {"server": LOADS, "door": DOORS}[part]

    def row(name, one):
        _, test, server = name.split("/")
        return [f"{texts[test]}: {TITLES.get(server, server)}",
                number(one["messages_s"]), percent(one["messages_s_spread"]),
                number(one["ns"] / 1000, 1), percent(one["spread"]),
                number(one["user_ns"] / 1000, 1)]
    return table(["a message of 4 KiB", "messages/s", "spread",
                  "us, processor", "spread", "us, user"],
                 [row(name, one) for name, one in results.rows.items()
                  if name.startswith(part + "/") and "messages_s" in one])


def promised(results, part):
    verdicts = {True: "yes", False: "no", None: None}
    return table(["", "measured", "asked", "met"],
                 [[row["text"], show_value(row["value"], row["unit"]),
                   row["asked"], verdicts[row["met"]]]
                  for row in results.promises if row["value"] is not None and
                  row.get("part", "server") == part])


def tables(results, part):
    machine = results.machine
    head = (f"{machine['processor']}, {machine['processors']} processors, "
            f"Linux {machine['kernel']}; {machine['date']}; the load of the\n"
            f"machine before was {machine['load']:.1f}.")
    return "\n\n".join("\n".join(rows) for rows in (
        [head], promised(results, part), loads(results, part)) if rows)


# ---- Columns ----

def by_peer(results, key, unit):
    show("way", PEERS)
    for way in ("kept", "new"):
        show(way, [results.get(f"server/{way}/{peer}", key, unit)
                   for peer in PEERS])


def handshakes(results):
    show("kind", ["full", "resumed"])
    for kind, version in KINDS:
        show(f'"{kind.split()[0]}, {version}"',
             [results.get(f"tls/{kind}/{version}/{how}", "ns", 1000)
              for how in ("full", "resumed")])


def idle(results):
    show("clients", ["clear", "TLS"])
    counts = sorted({int(name.split("/")[2]) for name in results.rows
                     if name.startswith("idle/")})
    for count in counts:
        show(count, [results.get(f"idle/{how}/{count}", "octets", 1e6)
                     for how in ("clear", "tls")])


def changes(results):
    show("load", ["messages/s", "processor-time"])
    for test in LOADS:
        show(test, [results.median_change(test, text)
                    for text in ("messages/s", "processor time")])


def doors(results):
    middles = ["mailin-server", "haproxy", "nginx"]
    show("to", middles)
    for to, title in DOORS.items():
        show(f'"{title}"', [results.get(f"door/{to}/{middle}", "ns", 1000)
                            for middle in middles])


def under_way(results):
    show("MiB", ["mailin-server"])
    for mebibytes in DOOR_MEBIBYTES:
        show(mebibytes, [results.get(f"door/memory/{mebibytes}", "octets",
                                     1024)])


def columns(results, name):
    {"server": lambda: by_peer(results, "ns", 1000),
     "server-rate": lambda: by_peer(results, "messages_s", 1),
     "server-tls": lambda: handshakes(results),
     "server-idle": lambda: idle(results),
     "server-change": lambda: changes(results),
     "server-door": lambda: doors(results),
     "server-door-memory": lambda: under_way(results)}[name]()


def write(page, results):
    """Write the parts of the page that were measured."""
    for part, first, last in (("server", BEGIN, END),
                              ("door", DOOR_BEGIN, DOOR_END)):
        if loads(results, part):
            write_page(page, tables(results, part), first, last)


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--table":
        results = Results(arguments[1])
        print(*[tables(results, part) for part in ("server", "door")
                if loads(results, part)], sep="\n\n")
    elif len(arguments) == 3 and arguments[0] == "--page":
        write(arguments[1], Results(arguments[2]))
    elif len(arguments) == 3 and arguments[0] == "--columns":
        columns(Results(arguments[2]), arguments[1])
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
