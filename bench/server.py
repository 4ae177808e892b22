#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Measure the speed of mailin-server, and compare it with what is promised.

    server.py [--server PROGRAM] [--before PROGRAM] [--mute PROGRAM]
              [--json FILE] [--rounds N] [--seconds N] [--size OCTETS]
              [--directory DIRECTORY] [--only PART,...]

The parts are:

kept, new   --discard, under the load of Postfix's smtp-source on the loopback,
            compared with itself without the sandbox, with an earlier
            mailin-server (--before), and with other servers that discard mail:
            messages a second, and processor time a message.  "kept" keeps its
            connections, "new" opens one for each message.
stored      a Maildir compared with that of --before, and with Postfix's queue:
            all acknowledge a message after it has been synced to the disk that
            holds DIRECTORY.
memory      a Maildir in RAM, with one thread and a log, compared with --before
            and with a server without a log (--mute).
tls         the processor time of full and resumed handshakes.
crowd       5,000 idle clients; 200 slow ones while 50 deliver.
door        messages that are handed on to another server, compared with
            HAProxy in TCP mode and with nginx's mail proxy.

The servers run in turn, and each is started again for each round.  A round that
would end after --seconds is not begun; "tls" and "crowd" take about two minutes
more, and "door" takes two.  A program that is missing is left out.  The user
and system time are estimates of the kernel; their sum is exact, except for
Postfix and Dovecot.
"""

import argparse
import json
import os
import platform
import tempfile
import time

import server_crowd
import server_door
import server_loads
import server_tls
from server_loads import TESTS
from server_measure import CLIENTS, say
from server_promises import print_promises, promises

PARTS = (*TESTS, "tls", "crowd", "door")


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()


def describe(rows, load, arguments):
    return {
        "machine": {
            "processor": processor(), "processors": os.cpu_count(),
            "kernel": platform.release(), "load": load,
            "date": time.strftime("%Y-%m-%d"),
        },
        "message_octets": arguments.size, "clients": CLIENTS,
        "results": rows, "promises": promises(rows),
    }


def show(report):
    loads = [row for row in report["results"]
             if "messages_s_spread" in row]
    if loads:
        print(f"{'medians':30}{'messages/s':>12}{'spread':>8}"
              f"{'CPU us/message':>18}{'spread':>8}{'user':>8}{'system':>8}")
    for row in loads:
        print(f"{row['name']:30}{row['messages_s']:12.0f}"
              f"{row['messages_s_spread']:8.0%}{row['ns'] / 1000:18.1f}"
              f"{row['spread']:8.0%}{row['user_ns'] / 1000:8.1f}"
              f"{row['system_ns'] / 1000:8.1f}")
    print_promises(report["promises"])


def parts(text):
    names = text.split(",")
    for name in names:
        if name not in PARTS:
            raise argparse.ArgumentTypeError(f"the parts are {PARTS}")
    return names


def options():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="./mailin-server")
    parser.add_argument("--before", metavar="PROGRAM")
    parser.add_argument("--mute", metavar="PROGRAM")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--handshakes", type=int, default=2000)
    parser.add_argument("--directory", help="where to store")
    parser.add_argument("--only", metavar="PART,...", type=parts,
                        default=list(PARTS))
    return parser.parse_args()


def main():
    arguments = options()
    arguments.server = os.path.abspath(arguments.server)
    load, rows, begin = os.getloadavg()[0], [], time.monotonic()
    say(f"the load of the machine is {load:.1f}")
    with tempfile.TemporaryDirectory(dir=arguments.directory) as directory:
        os.chmod(directory, 0o755)  # Postfix runs as another user
        if set(arguments.only) & set(TESTS):
            rows += server_loads.measure(arguments, directory)
        if "tls" in arguments.only:
            rows += server_tls.measure(arguments.server, arguments.handshakes)
        if "crowd" in arguments.only:
            rows += server_crowd.measure(arguments.server, directory,
                                         arguments.rounds // 2 + 1)
        if "door" in arguments.only:
            rows += server_door.measure(arguments.server, directory,
                                        arguments.size, arguments.rounds)
        say(f"measured for {time.monotonic() - begin:.0f} seconds")
    report = describe(rows, load, arguments)
    show(report)
    if arguments.json:
        with open(arguments.json, "w", encoding="ascii") as file:
            json.dump(report, file, indent=1)
            file.write("\n")


main()
