# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Deliver to a server whose disk is slow (each sync takes 0.7 seconds), or whose
disk fails at the fourth sync.

    disks.py slow PORT PID
    disks.py failing PORT
"""

import os
import signal
import sys
import time

from rawsmtp import Client

MESSAGE = b"Subject: disk\r\n\r\ntext\r\n"


def sent(port):
    """Return a client whose message is being stored."""
    client = Client(port)
    client.greet()
    client.begin()
    client.send(MESSAGE + b".\r\n")
    return client


def slow(port, pid):
    begin = time.monotonic()
    waiting = sent(port)
    gone = sent(port)
    gone.reset()
    # Commands that arrive while the message is being stored are not lost.
    eager = sent(port)
    eager.send(b"RSET\r\nQUIT\r\n")

    other = Client(port)
    other.greet()
    if time.monotonic() - begin > 0.7:
        raise AssertionError("a slow disk delays other clients")
    other.close()

    waiting.expect(250)
    if time.monotonic() - begin < 1.4:
        raise AssertionError("acknowledged before it was synced")
    for code in 250, 250, 221:
        eager.expect(code)
    last = sent(port)
    os.kill(pid, signal.SIGTERM)
    last.expect(250)
    last.expect("421 4.3.2")


def failing(port):
    """The first three syncs succeed.  They are for the file and the directory
    of the first message, and for the file of the second message."""
    client = Client(port)
    client.greet()
    client.deliver(MESSAGE, 250)
    client.deliver(MESSAGE, 451)
    client.deliver(MESSAGE, 451)
    client.command("QUIT", 221)


def main():
    name, *numbers = sys.argv[1:]
    {"slow": slow, "failing": failing}[name](*map(int, numbers))


main()
