#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Compare mailin-server with other servers on the loopback.  Postfix's
smtp-source sends the messages.  The results are messages a second, and
processor time a message.

    server.py [--server PROGRAM] [--json FILE] [--rounds N] [--size OCTETS]
              [--seconds N] [--directory DIRECTORY]

The tests "kept" and "new" compare --discard with programs that discard mail:
in "kept" a client keeps its connections, in "new" it opens one for each
message.  The test "stored" compares a Maildir with Postfix's queue: both
acknowledge a message after it has been synced to the disk that holds
DIRECTORY.

The servers run in turn, A B A B, and each is started again for each round.  A
round is not begun if it would end after --seconds.  A program that is missing
is left out.  The kernel reports processor time in hundredths of a second, and
only estimates how much of it was user time.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time

import server_programs as programs
from server_measure import CLIENTS, Missing, load

TESTS = ("kept", "new", "stored")
FIGURES = ("messages_s", "cpu_ns", "user_ns", "system_ns")

# Messages in a run: enough for about a second of processor time, since the
# kernel reports only hundredths.
MESSAGES = {
    ("kept", "mailin-server"): 40000, ("kept", "smtp-sink"): 20000,
    ("kept", "aiosmtpd"): 1500,
    ("new", "mailin-server"): 10000, ("new", "smtp-sink"): 10000,
    ("new", "aiosmtpd"): 1000,
    ("stored", "mailin-server"): 2000, ("stored", "postfix"): 1000,
}


def present(*makers):
    """Return the servers that can be started here."""
    servers = []
    for maker, *arguments in makers:
        try:
            servers.append(maker(*arguments))
        except Missing as missing:
            print(f"left out: {missing}", file=sys.stderr)
    return servers


def run(test, server, size):
    messages = MESSAGES[test, server.name]
    before = server.stored() if test == "stored" else 0
    running = server.start()
    try:
        figures = load(running, messages, size, test != "new")
    finally:
        running.stop()
    if test == "stored" and server.stored() - before != messages:
        raise SystemExit(f"{server.name} stored {server.stored() - before} "
                         f"messages of {messages}")
    return figures


def measure(plan, arguments):
    """Return the figures of each round as {test: {server: [figures]}}."""
    results = {test: {} for test, _ in plan}
    end = time.monotonic() + arguments.seconds
    for number in range(arguments.rounds):
        begin = time.monotonic()
        for test, servers in plan:
            for server in servers:
                results[test].setdefault(server.name, []).append(
                    run(test, server, arguments.size))
        took = time.monotonic() - begin
        if number + 1 < arguments.rounds and time.monotonic() + took > end:
            print(f"{number + 1} rounds in the time", file=sys.stderr)
            break
    return results


def spread(values):
    """Return the distance between the quartiles, relative to the median."""
    if len(values) < 2:
        return 0.0
    first, median, third = statistics.quantiles(values, method="inclusive")
    return (third - first) / median


def result(name, rounds, messages):
    """Return one result as bench/README.md describes it; ns is processor time,
    user and system."""
    cpu = [one["cpu_ns"] for one in rounds]
    median = {name: statistics.median(one[name] for one in rounds)
              for name in FIGURES}
    return {
        "name": name, "unit": "message", "ns": median["cpu_ns"],
        "least_ns": min(cpu), "most_ns": max(cpu), "spread": spread(cpu),
        "user_ns": median["user_ns"], "system_ns": median["system_ns"],
        "messages_s": median["messages_s"],
        "messages_s_spread": spread([one["messages_s"] for one in rounds]),
        "messages": messages, "rounds": rounds,
    }


def describe(results, arguments):
    return {
        "machine": {
            "processor": processor(), "processors": os.cpu_count(),
            "kernel": platform.release(), "load": os.getloadavg()[0],
        },
        "message_octets": arguments.size, "clients": CLIENTS,
        "results": [
            result(f"server/{test}/{server}", rounds, MESSAGES[test, server])
            for test, servers in results.items()
            for server, rounds in servers.items()],
    }


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()


def show(report):
    print(f"{'medians':30}{'messages/s':>12}{'spread':>8}"
          f"{'CPU us/message':>18}{'spread':>8}{'user':>8}{'system':>8}")
    for one in report["results"]:
        print(f"{one['name']:30}{one['messages_s']:12.0f}"
              f"{one['messages_s_spread']:8.0%}{one['ns'] / 1000:18.1f}"
              f"{one['spread']:8.0%}{one['user_ns'] / 1000:8.1f}"
              f"{one['system_ns'] / 1000:8.1f}")
    median = {one["name"]: one["ns"] for one in report["results"]}
    for test in TESTS:
        own = median.get(f"server/{test}/mailin-server")
        for name, other in median.items():
            if own and name.startswith(f"server/{test}/") and other != own:
                print(f"{test}: {own / other:.2f} of the processor time of "
                      f"{name.rpartition('/')[2]}")


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", default="./mailin-server")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=150)
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--directory", help="where to store")
    parser.add_argument("--only", metavar="TEST", choices=TESTS)
    parser.add_argument("--servers", metavar="NAMES", type=lambda names:
                        names.split(","), help="these alone")
    return parser.parse_args()


def main():
    arguments = options()
    with tempfile.TemporaryDirectory(dir=arguments.directory) as directory:
        os.chmod(directory, 0o755)  # Postfix runs as another user
        discarding = present(
            (programs.Discarding, arguments.server, directory),
            (programs.SmtpSink,), (programs.Aiosmtpd,))
        storing = present((programs.Storing, arguments.server, directory),
                          (programs.Postfix, directory))
        plan = zip(TESTS, (discarding, discarding, storing))
        plan = [(test, [one for one in servers if arguments.servers is None
                        or one.name in arguments.servers])
                for test, servers in plan if arguments.only in (None, test)]
        report = describe(measure(plan, arguments), arguments)
    show(report)
    if arguments.json:
        with open(arguments.json, "w", encoding="ascii") as file:
            json.dump(report, file, indent=1)
            file.write("\n")


main()
