# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Tests of the limits for each address: clients of one address do too much, and
clients of other addresses are not affected.

    addresses.py NAME PORT
"""

import sys
import time

from rawsmtp import Client, auth_plain, check

OTHER = "127.0.0.2"
PROXY = "127.0.0.9"


def greeted(port, source="127.0.0.1"):
    client = Client(port, source=source)
    client.greet()
    return client


def refused(port, source="127.0.0.1"):
    client = Client(port, source=source)
    client.expect("421 4.7.0 Too many connections")
    check(client.line() == b"", "not closed")
    client.close()


def at_once(port):
    clients = [greeted(port) for _ in range(3)]
    refused(port)
    refused(port)
    others = [greeted(port, OTHER) for _ in range(3)]
    others[0].deliver(b"a\r\n")
    clients[0].close()
    time.sleep(0.5)
    greeted(port)


def hammer(port):
    """An address that connects again and again gets only 421; another address
    can send mail."""
    begin = time.monotonic()
    other = greeted(port, OTHER)
    for _ in range(5):
        greeted(port).close()
    for _ in range(100):
        refused(port)
    check(time.monotonic() - begin < 2.5, "too slow to tell")
    other.deliver(b"a\r\n")
    greeted(port, OTHER).deliver(b"a\r\n")
    time.sleep(3.1)
    greeted(port).deliver(b"a\r\n")


def proxied(port, network, host):
    """Connect as an IPv6 client of a proxy."""
    client = Client(port, source=PROXY)
    client.send(f"PROXY TCP6 {network}::{host:x} 2001:db8::25 1025 25\r\n"
                .encode())
    return client


def hammer_from_a_network(port):
    """A client that uses another address of its /64 each time is refused as one
    address.  A client in another /64 can send mail."""
    begin = time.monotonic()
    for host in range(1, 106):
        client = proxied(port, "2001:db8:0:1", host)
        client.expect(220 if host <= 5 else "421 Too much from your address")
        client.close()
    check(time.monotonic() - begin < 10, "too slow to tell")
    other = proxied(port, "2001:db8:0:2", 1)
    other.greet()
    other.deliver(b"a\r\n")


def ends(client, line):
    client.command(line, "421 4.7.0")
    check(client.line() == b"", "not closed")


def messages(port):
    client = greeted(port)
    for _ in range(3):
        client.deliver(b"a\r\n")
    ends(client, "MAIL FROM:<>")
    greeted(port, OTHER).deliver(b"a\r\n")


def recipients(port):
    for _ in range(2):
        client = greeted(port)
        client.command("MAIL FROM:<>", 250)
        client.command("RCPT TO:<a@example.com>", 550)
        client.command("RCPT TO:<a@example.org>", 250)
        client.command("RCPT TO:<b@example.com>", 550)
    ends(client, "RCPT TO:<a@example.org>")
    client = greeted(port, OTHER)
    client.deliver(b"a\r\n")
    client.command("MAIL FROM:<>", 250)
    client.command("RCPT TO:<a@example.com>", 550)


def passwords(port):
    for _ in range(3):
        greeted(port).log_in("joe")
    for _ in range(2):
        greeted(port).log_in("joe", "wrong", 535)
    ends(greeted(port), auth_plain("joe", "secret"))
    greeted(port, OTHER).log_in("joe")


def exempt(port):
    clients = [greeted(port) for _ in range(5)]
    for client in clients:
        client.deliver(b"a\r\n")


def slow(port):
    """Single octets do not keep a session alive, because the timeout is for the
    whole command."""
    client = greeted(port)
    begin = time.monotonic()
    try:
        for octet in b"NOOP" + b"x" * 40:
            client.send(bytes([octet]))
            time.sleep(0.25)
    except OSError:
        pass
    client.socket.settimeout(5)
    try:
        client.expect("421 4.4.2")
    except ConnectionResetError:
        pass
    check(time.monotonic() - begin < 14, "still there")


def main():
    name, port = sys.argv[1:]
    globals()[name](int(port))


if __name__ == "__main__":
    main()
