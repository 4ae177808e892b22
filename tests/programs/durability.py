# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Deliver a hundred messages from ten clients at once, and kill the server
meanwhile.  Each message that got its 250 must be in new/, complete.

    durability.py PORT PID MAILDIR
"""

import os
import pathlib
import signal
import sys
import threading

from rawsmtp import Client

CLIENTS = 10
MESSAGES = 10       # for each client
KILL_AFTER = 40     # messages that got 250 by then


def message(client, number):
    """Some messages fit into the buffer of the server, others do not."""
    line = b"client %d message %d\r\n" % (client, number)
    return b"Subject: durable\r\n\r\n" + line * (1 + number * 700)


class Deliveries:
    def __init__(self, port, pid):
        self.port = port
        self.pid = pid
        self.lock = threading.Lock()
        self.acknowledged = []

    def acknowledge(self, octets):
        with self.lock:
            self.acknowledged.append(octets)
            if len(self.acknowledged) == KILL_AFTER:
                os.kill(self.pid, signal.SIGKILL)

    def run(self, number):
        try:
            client = Client(self.port)
            client.greet()
            for i in range(MESSAGES):
                octets = message(number, i)
                client.deliver(octets)
                self.acknowledge(octets)
        except (OSError, AssertionError):
            pass    # the server is dead


def stored(maildir):
    bodies = set()
    for file in (maildir / "new").iterdir():
        content = file.read_bytes()
        bodies.add(content[content.index(b"Subject: durable"):])
    return bodies


def main():
    port, pid, maildir = sys.argv[1:]
    deliveries = Deliveries(int(port), int(pid))
    threads = [threading.Thread(target=deliveries.run, args=(i,))
               for i in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bodies = stored(pathlib.Path(maildir))
    whole = {message(i, j) for i in range(CLIENTS) for j in range(MESSAGES)}
    lost = [octets for octets in deliveries.acknowledged
            if octets not in bodies]
    count = len(deliveries.acknowledged)
    print(f"{count} acknowledged, {len(bodies)} stored, {len(lost)} lost")
    if count < KILL_AFTER:
        sys.exit("the server has acknowledged too few messages")
    if count == CLIENTS * MESSAGES:
        sys.exit("all was done before the server was killed")
    if lost or not bodies <= whole:
        sys.exit("mail was lost or torn")


main()
