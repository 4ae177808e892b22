# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send mail to a server that discards it.  The replies must be the usual ones.

    discarded.py smtp|lmtp|refused PORT
"""

import sys

import messages
from rawsmtp import Client

BODIES = (b"", b"text\r\n", b"..\r\n...\r\n", messages.EIGHT_BIT.replace(
    b"\r\n.", b"\r\n.."), b"0123456789\r\n" * 200000)
TWO = ("bob@example.org", "carol@example.org")


def smtp(client):
    client.greet()
    for body in BODIES:
        reply = client.deliver(body, recipients=TWO)
        if reply != "250 2.0.0 OK":
            raise AssertionError(f"{reply!r} says that it is stored")
    client.envelope()
    client.send(b"BDAT 4\r\ntextBDAT 2 LAST\r\n\r\n")
    client.expect(250)
    client.expect(250)
    # Give up one message by RSET, and then send a message in a single piece.
    client.envelope()
    client.command("RSET", 250)
    client.send(b"MAIL FROM:<>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n")
    for code in 250, 250, 354:
        client.expect(code)
    client.send(b"text\r\n.\r\nMAIL FROM:<>\r\nQUIT\r\n")
    for code in 250, 250, 221:
        client.expect(code)


def lmtp(client):
    client.expect(220)
    client.command("LHLO client.example.org", 250)
    client.deliver(b"text\r\n", recipients=TWO)
    client.expect(250)
    client.command("QUIT", 221)


def refused(client):
    """--domain and --message-size refuse mail as they do without --discard."""
    client.greet()
    client.command("MAIL FROM:<alice@example.org>", 250)
    client.command("RCPT TO:<bob@example.net>", 550)
    client.command("RSET", 250)
    client.deliver(b"0123456789\r\n" * 1000, 552)
    client.deliver(b"text\r\n")
    client.command("QUIT", 221)


def main():
    name, port = sys.argv[1:]
    client = Client(int(port))
    {"smtp": smtp, "lmtp": lmtp, "refused": refused}[name](client)
    if not client.closed():
        raise AssertionError("unexpected octets")


main()
