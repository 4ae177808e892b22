#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Measure crowds of clients that do little: the memory that mailin-server needs
for idle clients, and how much slow clients delay others who send mail.

    server_crowd.py MAILIN-SERVER
"""

import os
import resource
import shutil
import socket
import ssl
import statistics
import sys
import tempfile
import threading
import time

import server_programs as programs
from server_measure import find, load, resident, say
from server_tls import make_certificate

IDLE = 5000
STEP = 1000
SLOW = 200
BUSY = 50
SLOW_OPENING = (b"EHLO slow.example.net\r\nMAIL FROM:<slow@example.net>\r\n"
                b"RCPT TO:<bob@example.org>\r\nDATA\r\n")


def raise_limit():
    """Raise the limit of descriptors to the hard limit.  Return this limit."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def talk(client, command):
    """Send a command, and read its reply, which comes in one packet."""
    client.sendall(command)
    reply = client.recv(4096)
    if reply[:1] not in (b"2", b"3"):
        sys.exit(f"refused: {reply!r}")


def connect(port, context):
    client = socket.create_connection(("127.0.0.1", port), 30)
    if context is not None:
        client = context.wrap_socket(client)
    if client.recv(512)[:3] != b"220":
        sys.exit("no greeting")
    return client


# ---- Memory ----

def idle(program, count, certificate=None):
    """Return {number of clients: memory of the server}.  The clients have sent
    EHLO, and are then silent."""
    options = ["--max-connections", str(count + 10), "--discard"]
    context = None
    if certificate is not None:
        options += ["--tls-certificate", certificate, "--tls-key",
                    certificate + ".key"]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    server = programs.MailinServer("mailin-server", program, *options).start(
        "--listen-tls" if context else "--listen")
    clients = []
    try:
        octets = {0: resident(server.process.pid)}
        while len(clients) < count:
            clients.append(connect(server.port, context))
            talk(clients[-1], b"EHLO idle.example.net\r\n")
            if len(clients) % STEP == 0 or len(clients) == count:
                octets[len(clients)] = resident(server.process.pid)
        return octets
    finally:
        for client in clients:
            client.close()
        server.stop()


def measure_idle(program, directory):
    count = min(IDLE, raise_limit() - 100)
    say(f"{count} idle clients")
    rows = [{"name": f"idle/clear/{number}", "unit": "server", "octets": octets}
            for number, octets in idle(program, count).items()]
    if shutil.which("openssl") is None:
        return rows
    kind = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    certificate = make_certificate(directory, kind)
    return rows + [
        {"name": f"idle/tls/{number}", "unit": "server", "octets": octets}
        for number, octets in idle(program, count, certificate).items()]


# ---- Slow clients ----

class Slow:
    """Clients that send an octet of a message, or of a command, each second."""

    def __init__(self, port, count):
        self.ending = threading.Event()
        self.clients = [self.open(port, i % 2 == 0) for i in range(count)]
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    @staticmethod
    def open(port, in_message):
        client = connect(port, None)
        for command in SLOW_OPENING.splitlines(True)[:4 if in_message else 1]:
            talk(client, command)
        if not in_message:
            client.sendall(b"NOOP ")
        return client

    def run(self):
        while not self.ending.is_set():
            for client in self.clients:
                client.sendall(b"x")
                self.ending.wait(1 / len(self.clients))

    def end(self):
        self.ending.set()
        self.thread.join()
        for client in self.clients:
            client.close()


def busy(maker, slow, messages):
    server = maker.start()
    crowd = Slow(server.port, slow) if slow else None
    try:
        return load(server, messages, 4096, True, BUSY)
    finally:
        if crowd is not None:
            crowd.end()
        server.stop()


def measure_slow(program, directory, rounds):
    """Return rows: clients that deliver without slow clients, and together with
    slow clients."""
    with programs.directory_in_ram(directory) as ram:
        return measure_slow_in(program, ram, rounds)


def measure_slow_in(program, ram, rounds):
    """Like measure_slow; mail is stored in the directory "ram"."""
    stored = programs.Storing("slow", program, ram)
    makers = {"discard": (programs.Discarding("slow", program), 40000),
              "maildir": (stored, 4000)}
    found = {}
    for number in range(rounds):
        say(f"{BUSY} clients deliver among {SLOW} slow ones, round "
            f"{number + 1} of {rounds}")
        for name, (maker, messages) in makers.items():
            for slow in (0, SLOW) if number % 2 == 0 else (SLOW, 0):
                figures = busy(maker, slow, messages)
                found.setdefault(f"slow/{name}/{slow}", []).append(figures)
            stored.empty()
    return [{"name": name, "unit": "message",
             "ns": statistics.median(one["cpu_ns"] for one in figures),
             "messages_s": statistics.median(one["messages_s"]
                                             for one in figures),
             "rounds": figures} for name, figures in found.items()]


def measure(program, directory, rounds):
    find("smtp-source")
    return (measure_idle(program, directory) +
            measure_slow(program, directory, rounds))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        os.chmod(scratch, 0o755)
        begin = time.monotonic()
        for row in measure(sys.argv[1], scratch, 3):
            row.pop("rounds", None)
            print(row)
        say(f"{time.monotonic() - begin:.0f} seconds")
