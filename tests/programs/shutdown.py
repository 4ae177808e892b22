# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send SIGTERM to a server that has clients.

    shutdown.py gentle|grace|twice|often|logins PORT PID
"""

import contextlib
import os
import signal
import sys
import time

from rawsmtp import Client, auth_plain
from server import wait

FIRST = b"Subject: under way\r\n\r\nfirst half, "
SECOND = b"second half\r\n"


def in_message(port):
    client = Client(port)
    client.greet()
    client.begin()
    client.send(FIRST)
    return client


def says_421_and_closes(client):
    client.expect("421 4.3.2")
    if not client.closed():
        raise AssertionError("more after 421")


def gentle(port, pid):
    """Idle clients get 421 at once; a client that is sending a message gets it
    afterwards."""
    idle = Client(port)
    idle.greet()
    in_transaction = Client(port)
    in_transaction.greet()
    in_transaction.envelope()
    sender = in_message(port)
    os.kill(pid, signal.SIGTERM)
    says_421_and_closes(idle)
    sender.send(SECOND + b".\r\n")
    sender.expect(250)
    says_421_and_closes(sender)
    in_transaction.command("DATA", 354)
    in_transaction.send(FIRST + SECOND + b".\r\n")
    in_transaction.expect(250)
    says_421_and_closes(in_transaction)


def elapsed(begin):
    return time.monotonic() - begin


def grace(port, pid):
    """A client that does not end its message gets 421 after the grace time,
    which is two seconds here.  If it does not close then, it is cut off."""
    sender = in_message(port)
    begin = time.monotonic()
    os.kill(pid, signal.SIGTERM)
    sender.expect("421 4.4.2")
    if not 1.5 < elapsed(begin) < 4:
        raise AssertionError(f"421 after {elapsed(begin)} seconds")
    if not sender.closed():
        raise AssertionError("more after 421")
    sender.send(SECOND)  # The client keeps sending; the server does not wait.


def twice(port, pid):
    """A second SIGTERM ends everything at once."""
    idle = Client(port)
    idle.greet()
    sender = in_message(port)
    begin = time.monotonic()
    os.kill(pid, signal.SIGTERM)
    says_421_and_closes(idle)
    os.kill(pid, signal.SIGTERM)
    try:
        closed = sender.closed()
    except ConnectionResetError:
        closed = True
    if not closed or elapsed(begin) > 6:
        raise AssertionError(f"ended after {elapsed(begin)} seconds")


def is_zombie(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return "State:\tZ" in status.read()


def often(port, pid):
    """Signals that come while the server ends do not change its exit status."""
    Client(port).greet()
    begin = time.monotonic()
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        while not is_zombie(pid):
            os.kill(pid, signal.SIGTERM)
            if elapsed(begin) > 60:
                raise AssertionError("the server does not end")


def logins(port, pid):
    """The second SIGTERM does not wait for logins that have not begun."""
    login = auth_plain("bob", "wrong").encode() + b"\r\n"
    clients = [Client(port) for _ in range(30)]
    for client in clients:
        client.greet()
    begin = time.monotonic()
    clients[0].send(login)
    clients[0].expect(535)
    one = elapsed(begin)
    for client in clients[1:]:
        client.send(login)
    time.sleep(one / 2)
    begin = time.monotonic()
    os.kill(pid, signal.SIGTERM)
    time.sleep(0.1)
    os.kill(pid, signal.SIGTERM)
    with contextlib.suppress(FileNotFoundError):
        wait(lambda: is_zombie(pid))
    if elapsed(begin) > 0.5 + 6 * one:
        raise AssertionError(f"ended after {elapsed(begin)} seconds; "
                             f"a login takes {one}")


def main():
    how, port, pid = sys.argv[1:]
    {"gentle": gentle, "grace": grace, "twice": twice,
     "often": often, "logins": logins}[how](int(port), int(pid))


if __name__ == "__main__":
    main()
