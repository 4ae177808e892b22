# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Scan the ports of a server, as people do who look for machines to attack: speak
other protocols, or nothing, and break off.  Meanwhile a client delivers mail.
Each acknowledged message must be stored once, and the server must have no more
descriptors and no more memory afterwards.

    port_scan.py PORT TLS-PORT PID MAILDIR

TLS-PORT is 0 if the server has no TLS.
"""

import os
import pathlib
import re
import sys
import threading

from memory import check_growth, resident
from rawsmtp import Client, check
from server import wait

ROUNDS = 8
PROBES = (
    b"",
    b"\r\n\r\n",
    b"\0" * 64,
    b"\xff" * 300,
    b"A" * 5000,
    b"HELP\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"OPTIONS / RTSP/1.0\r\n\r\n",
    b"SSH-2.0-scan\r\n",
    # The beginnings of a hello of TLS, of SMB, of RDP and of SOCKS.
    b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"\x5a" * 30,
    b"\0\0\0\x2f\xffSMB\x72" + b"\0" * 42,
    b"\x03\0\0\x13\x0e\xe0\0\0\0\0\0\x01\0\x08\0\x03\0\0\0",
    b"\x05\x01\0",
)


class Sender(threading.Thread):
    """A client that delivers numbered messages until it is stopped."""

    def __init__(self, port):
        super().__init__()
        self.client = Client(port)
        self.client.greet()
        self.acknowledged = 0
        self.scanned = self.finished = False

    def run(self):
        while not self.scanned:
            number = self.acknowledged + 1
            self.client.deliver(b"Scan: %d\r\n\r\ntext\r\n" % number)
            self.acknowledged = number
        self.client.command("QUIT", 221)
        self.client.close()
        self.finished = True


def probe(port, octets, end):
    client = Client(port)
    try:
        client.send(octets)
        if end is Client.close:
            client.socket.settimeout(0.01)
            while client.socket.recv(65536):
                pass
    except (TimeoutError, ConnectionError):
        pass
    end(client)


def scan(ports, rounds):
    """Return how many probes were made."""
    probes = [(port, octets, end) for port in ports for octets in PROBES
              for end in (Client.close, Client.reset)]
    for _ in range(rounds):
        for one in probes:
            probe(*one)
    return rounds * len(probes)


def main():
    port, tls_port, pid = map(int, sys.argv[1:4])
    new = pathlib.Path(sys.argv[4]) / "new"
    ports = [number for number in (port, tls_port) if number]

    def descriptors():
        return len(os.listdir(f"/proc/{pid}/fd"))

    Client(port).greet()
    open_before = descriptors()
    sender = Sender(port)
    sender.start()
    try:
        scan(ports, 2)
        before = resident(pid)
        probes = scan(ports, ROUNDS)
        check_growth(pid, before, 400)
        grown = resident(pid) - before
    finally:
        sender.scanned = True
        sender.join()
    wait(lambda: descriptors() <= open_before, "descriptors")
    stored = sorted(int(found[1]) for file in new.iterdir()
                    if (found := re.search(rb"^Scan: (\d+)\r?$",
                                           file.read_bytes(), re.M)))
    check(stored == list(range(1, sender.acknowledged + 1)),
          "stored", len(stored), "acknowledged", sender.acknowledged)
    check(sender.finished, "the client that delivers was cut off")
    check(sender.acknowledged > 0, "no message was acknowledged")
    print(f"a port scan: {probes} probes, {sender.acknowledged} messages "
          f"acknowledged and stored, {grown} KiB more")


main()
