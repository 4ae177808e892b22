# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The loads of make bench-server: Postfix's smtp-source sends mail to one
server after the other."""

import statistics
import time

import server_programs as programs
from server_measure import Missing, load, say

TESTS = ("kept", "new", "stored", "memory")
FIGURES = ("messages_s", "cpu_ns", "user_ns", "system_ns")

# Messages in a run: enough for about a second.
MESSAGES = {
    "kept": {"go-smtp": 15000, "smtp-sink": 20000, "aiosmtpd": 1500},
    "new": {"aiosmtpd": 1000},
    "stored": {"postfix": 1000},
    "memory": {},
}
OTHERS = {"kept": 40000, "new": 10000, "stored": 2000, "memory": 15000}


def count_of(test, name):
    return MESSAGES[test].get(name, OTHERS[test])


def present(makers):
    """Return the servers that can be started here."""
    servers = []
    for maker, *arguments in makers:
        try:
            servers.append(maker(*arguments))
        except Missing as missing:
            say(f"left out: {missing}")
    return servers


def plan(arguments, directory, ram):
    """Return the pairs of a test and its servers."""
    own, before = arguments.server, arguments.before
    bare = own if programs.has_sandbox(own) else None
    discarding = present([
        (programs.Discarding, "mailin-server", own),
        (programs.Discarding, "before", before),
        (programs.Discarding, "no-sandbox", bare, *programs.WITHOUT_SANDBOX),
        (programs.GoSmtp, directory), (programs.SmtpSink,),
        (programs.Aiosmtpd,)])
    storing = present([
        (programs.Storing, "mailin-server", own, directory),
        (programs.Storing, "before", before, directory),
        (programs.Postfix, directory)])
    logging = present([
        (programs.Logging, "mailin-server", own, ram),
        (programs.Logging, "before", before, ram),
        (programs.Logging, "mute", arguments.mute, ram)])
    return list(zip(TESTS, (discarding, discarding, storing, logging)))


def run(test, server, size):
    messages = count_of(test, server.name)
    stores = test in ("stored", "memory")
    before = server.stored() if stores else 0
    running = server.start()
    try:
        figures = load(running, messages, size, test != "new")
    finally:
        running.stop()
    if stores and server.stored() - before != messages:
        raise SystemExit(f"{server.name} stored {server.stored() - before} "
                         f"messages of {messages}")
    if stores:
        server.empty()
    return figures


def run_round(chosen, size, number, results):
    """Run each server once.  The order is reversed in every second round, so
    that no server always runs after the same one."""
    for test, servers in chosen:
        for server in servers if number % 2 == 0 else reversed(servers):
            figures = run(test, server, size)
            results[test].setdefault(server.name, []).append(figures)
            say(f"  {test}/{server.name}: {figures['messages_s']:.0f} "
                f"messages/s, {figures['cpu_ns'] / 1000:.1f} us")


def measure(arguments, directory):
    """Return the results of all loads.  No round is begun that would end after
    --seconds."""
    with programs.directory_in_ram(directory) as ram:
        chosen = [(test, servers)
                  for test, servers in plan(arguments, directory, ram)
                  if test in arguments.only]
        results = {test: {} for test, _ in chosen}
        end = time.monotonic() + arguments.seconds
        for number in range(arguments.rounds):
            begin = time.monotonic()
            say(f"loads, round {number + 1} of {arguments.rounds}")
            run_round(chosen, arguments.size, number, results)
            took = time.monotonic() - begin
            if number + 1 < arguments.rounds and time.monotonic() + took > end:
                say(f"{number + 1} rounds in the time")
                break
    return [result(f"server/{test}/{server}", rounds, count_of(test, server))
            for test, servers in results.items()
            for server, rounds in servers.items()]


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
    median = {figure: statistics.median(one[figure] for one in rounds)
              for figure in FIGURES}
    return {
        "name": name, "unit": "message", "ns": median["cpu_ns"],
        "least_ns": min(cpu), "most_ns": max(cpu), "spread": spread(cpu),
        "user_ns": median["user_ns"], "system_ns": median["system_ns"],
        "messages_s": median["messages_s"],
        "messages_s_spread": spread([one["messages_s"] for one in rounds]),
        "messages": messages, "rounds": rounds,
    }
