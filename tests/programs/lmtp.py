# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
LMTP (RFC 2033): each accepted recipient gets its own reply, in order.

    lmtp.py PORT MAILDIR    a server that accepts mail only for example.org
    lmtp.py PORT full       a server whose files may not grow
"""

import pathlib
import sys

from rawsmtp import Client, check

MESSAGE = b"Subject: test\r\n\r\ntext\r\n"
ACCEPTED = ["bob@example.org", "Postmaster", "bob@example.org",
            "carol@example.org"]


def stored(maildir):
    """Return the fields X-Envelope-To of the only message, and remove it."""
    file, = (maildir / "new").iterdir()
    content = file.read_bytes()
    file.unlink()
    check(content.endswith(MESSAGE), content)
    check(b" with LMTP id " in content, content)
    return [line[len("X-Envelope-To: <"):-1]
            for line in content.decode().split("\r\n")
            if line.startswith("X-Envelope-To: ")]


def greeted(port):
    client = Client(port)
    client.expect(220)
    client.command("LHLO client.example.org", 250)
    return client


def address(client):
    """Send MAIL, and several RCPT, one of which is refused."""
    client.command("MAIL FROM:<alice@example.org>", 250)
    for recipient in ACCEPTED[:2]:
        client.command(f"RCPT TO:<{recipient}>", 250)
    client.command("RCPT TO:<dave@example.com>", "550 5.7.1")
    for recipient in ACCEPTED[2:]:
        client.command(f"RCPT TO:<{recipient}>", 250)


def replies(client, maildir):
    """Each reply names the same stored message."""
    texts = {client.expect("250 2.0.0 Stored as ") for _ in ACCEPTED}
    check(len(texts) == 1, texts)
    client.command("NOOP", "250 2.0.0")
    recipients = stored(maildir)
    check(recipients == ACCEPTED, recipients)


def by_data(client, maildir):
    address(client)
    client.command("DATA", 354)
    client.send(MESSAGE + b".\r\n")
    replies(client, maildir)


def by_bdat(client, maildir):
    """Each chunk but the last gets one reply (RFC 3030 2)."""
    address(client)
    client.send(b"BDAT 9\r\n" + MESSAGE[:9])
    client.expect(250)
    client.send(b"BDAT %d LAST\r\n" % len(MESSAGE[9:]) + MESSAGE[9:])
    replies(client, maildir)


def in_one_piece(port, maildir):
    client = greeted(port)
    client.send(b"MAIL FROM:<>\r\n" +
                b"".join(b"RCPT TO:<%s>\r\n" % recipient.encode()
                         for recipient in ACCEPTED) + b"DATA\r\n")
    for code in [250] + [250] * len(ACCEPTED) + [354]:
        client.expect(code)
    client.send(MESSAGE + b".\r\nQUIT\r\n")
    for _ in ACCEPTED:
        client.expect(250)
    client.expect(221)
    check(client.closed() and stored(maildir) == ACCEPTED, "in one piece")


def refused(client):
    """DATA without a valid recipient gets 503 (RFC 2033 4.2)."""
    client.command("MAIL FROM:<alice@example.org>", 250)
    client.command("RCPT TO:<dave@example.com>", 550)
    client.command("DATA", 503)
    client.command("RSET", 250)


def foreign(port):
    """LHLO replaces HELO and EHLO (RFC 2033 4.1)."""
    client = Client(port)
    client.expect(220)
    for line in "HELO client.example.org", "EHLO client.example.org":
        client.command(line, "5")
    client.command("LHLO client.example.org", 250)


def full(port):
    """If a message cannot be stored, each recipient gets a refusal."""
    client = greeted(port)
    client.begin(recipients=ACCEPTED)
    client.send(b"text " * 12 + b"\r\n")
    client.send((b"0123456789" * 7 + b"\r\n") * 8192 + b".\r\n")
    for _ in ACCEPTED:
        client.expect(451)
    client.command("QUIT", 221)


def main():
    port, what = int(sys.argv[1]), sys.argv[2]
    if what == "full":
        full(port)
        return
    client = greeted(port)
    maildir = pathlib.Path(what)
    by_data(client, maildir)
    refused(client)
    by_bdat(client, maildir)
    by_data(client, maildir)
    in_one_piece(port, maildir)
    foreign(port)


main()
