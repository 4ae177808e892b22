# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Clients that go beyond the small limits of a server.

    limits.py connections|descriptors|timeout|deaf PORT
    limits.py full PORT CODE
"""

import sys
import time

from rawsmtp import Client

BIG = b"Subject: big\r\n\r\n" + b"a line of text\r\n" * 65536
SMALL = b"Subject: small\r\n\r\ntext\r\n"


def connections(port):
    """Only two clients are served at the same time.  A third client gets 421.
    When a client leaves, another client is served."""
    clients = [Client(port), Client(port)]
    for client in clients:
        client.greet()
    third = Client(port)
    third.expect(421)
    if not third.closed():
        raise AssertionError("more after 421")
    clients[0].command("QUIT", 221)
    clients[0].close()
    for _ in range(50):
        late = Client(port)
        if late.reply().startswith("220"):
            return
        time.sleep(0.1)
    raise AssertionError("no third client was served after one left")


def descriptors(port):
    """There are more clients than the server has descriptors.  Some wait in
    the kernel's queue, and are served when others have left."""
    # Connect this client alone: among many at once, it could be one of those
    # that must wait.
    first = Client(port)
    first.greet()
    clients = [first] + [Client(port) for _ in range(59)]
    time.sleep(1.5)
    for client in clients[:50]:
        client.close()
    for client in clients[50:]:
        client.greet()
    clients[-1].deliver(SMALL)


def timeout(port):
    """A client that is silent, or sends single octets, gets 421 after a second.
    Whenever a client makes progress, it gets another second."""
    silent = Client(port)
    silent.greet()
    busy = Client(port)
    busy.greet()
    for _ in range(8):
        time.sleep(0.3)
        busy.command("NOOP", 250)
    stopped = time.monotonic()
    busy.expect("421 4.4.2")
    if not 0.9 < time.monotonic() - stopped < 10:
        raise AssertionError("421 less than a second after the last command")
    slow = Client(port)
    slow.greet()
    begin = time.monotonic()
    try:
        for octet in b"NOOP" * 10:
            slow.send(bytes([octet]))
            time.sleep(0.2)
    except OSError:
        pass
    silent.expect("421 4.4.2")
    slow.expect("421 4.4.2")
    if time.monotonic() - begin > 15:
        raise AssertionError("too late")


def full(port, code):
    """The disk has room for the message SMALL, but not for BIG."""
    client = Client(port)
    client.greet()
    client.deliver(BIG, code)
    client.deliver(SMALL)
    client.command("QUIT", 221)


def deaf(port):
    """A client reads no replies, so the server stops reading from it.  The
    client then cannot send more, the server does not grow, and other clients
    are served."""
    client = Client(port, timeout=2)
    client.greet()
    try:
        for _ in range(4000):
            client.send(b"HELP\r\n" * 1000)
    except TimeoutError:
        pass
    else:
        raise AssertionError("the server took 24 MB of commands")
    other = Client(port)
    other.greet()
    other.deliver(SMALL)


def main():
    name, *numbers = sys.argv[1:]
    {"connections": connections, "descriptors": descriptors,
     "timeout": timeout, "full": full, "deaf": deaf}[name](
         *map(int, numbers))


main()
