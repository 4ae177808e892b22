# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Store messages in a Maildir, and compare the ends of their lines.

    maildir.py NAME MAILDIR PORT
"""

import pathlib
import sys

from rawsmtp import Client, check

HEADER = (b"From: Alice <alice@example.org>\r\nTo: bob@example.org\r\n"
          b"Subject: line ends\r\n"
          b"Date: Sun, 1 Nov 2026 10:00:00 +0000\r\n\r\n")
BODY = b"first line\r\n\r\n.dot\r\n" + b"x" * 900 + b"\r\nlast line\r\n"


def take(maildir):
    """Return the header and the body of the only message, and remove it.  The
    header ends before the first octet that the client sent."""
    file, = (maildir / "new").iterdir()
    octets = file.read_bytes()
    file.unlink()
    end = octets.index(b"From: Alice")
    return octets[:end], octets[end:]


def send(port, octets, **envelope):
    client = Client(port)
    client.greet()
    client.deliver(octets.replace(b"\r\n.", b"\r\n.."), **envelope)
    client.command("QUIT", 221)


def send_binary(port, octets):
    client = Client(port)
    client.greet()
    client.envelope(parameters=" BODY=BINARYMIME")
    client.send(b"BDAT %d LAST\r\n" % len(octets) + octets)
    client.expect(250)
    client.command("QUIT", 221)


def lf(port, maildir):
    send(port, HEADER + BODY)
    trace, message = take(maildir)
    check(b"\r" not in trace and trace.count(b"\n") >= 3, trace)
    check(message == (HEADER + BODY).replace(b"\r\n", b"\n"), message)


def crlf(port, maildir):
    send(port, HEADER + BODY)
    trace, message = take(maildir)
    check(trace.count(b"\n") == trace.count(b"\r\n") >= 3, trace)
    check(message == HEADER + BODY, message)


def binary(port, maildir):
    """A message of BODY=BINARYMIME keeps its octets, and its trace header has
    the same line ends."""
    octets = HEADER + b"\0\r\n\n\r\r\n" + bytes(range(256)) + b"\r\n"
    send_binary(port, octets)
    trace, message = take(maildir)
    check(trace.count(b"\n") == trace.count(b"\r\n") >= 3, trace)
    check(message == octets, message)


def bare(port, maildir):
    """With --bare-newline preserve, a bare CR or LF is not changed.  A line end
    may come in two pieces."""
    client = Client(port)
    client.greet()
    client.begin()
    octets = HEADER + b"a\rb\nc\r\r\nd\n\r\n\r.\r\n"
    for i in range(len(octets)):
        client.send(octets[i:i + 1])
    client.send(b".\r\n")
    client.expect(250)
    client.command("QUIT", 221)
    check(take(maildir)[1] == octets.replace(b"\r\n", b"\n"), "bare newlines")


def leave(port, maildir):
    """Leave a message for a mail reader."""
    send(port, HEADER + BODY)
    check(len(list((maildir / "new").iterdir())) == 1, "not one message")


def main():
    name, maildir, port = sys.argv[1:]
    {"lf": lf, "crlf": crlf, "binary": binary, "bare": bare,
     "leave": leave}[name](int(port), pathlib.Path(maildir))


main()
