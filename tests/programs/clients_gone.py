# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Disconnect at every point of a session, with FIN and with RST.  The server must
serve the next client and leave nothing in tmp/.

    clients_gone.py PORT MAILDIR
"""

import pathlib
import socket
import sys

from rawsmtp import Client
from server import wait

LONG = b"Subject: gone\r\n\r\n" + b"a line of text\r\n" * 8192
LATER = b"Subject: later\r\n\r\ntext\r\n"


def nothing(client):
    pass


def greeted(client):
    client.greet()


def in_a_line(client):
    client.greet()
    client.send(b"MAIL FROM:<alice@")


def in_a_transaction(client):
    client.greet()
    client.envelope()


def before_data(client):
    client.greet()
    client.begin()


def in_data(client):
    client.greet()
    client.begin()
    client.send(LONG)


def in_a_chunk(client):
    client.greet()
    client.envelope()
    client.send(b"BDAT %d LAST\r\n" % (2 * len(LONG)) + LONG)


def after_the_end(client):
    client.greet()
    client.begin()
    client.send(LONG + b".\r\n")


POINTS = (nothing, greeted, in_a_line, in_a_transaction, before_data, in_data,
          in_a_chunk, after_the_end)


def half_closed(port):
    """A client that has shut down only its sending side still reads all
    replies."""
    client = Client(port)
    client.greet()
    client.send(b"MAIL FROM:<alice@example.org>\r\n"
                b"RCPT TO:<bob@example.org>\r\n"
                b"BDAT %d LAST\r\n" % len(LATER) + LATER + b"QUIT\r\n")
    client.socket.shutdown(socket.SHUT_WR)
    for code in 250, 250, 250, 221:
        client.expect(code)
    if not client.closed():
        sys.exit("open after QUIT")
    client.close()


def main():
    port, maildir = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    for point in POINTS:
        for end in Client.close, Client.reset:
            client = Client(port)
            point(client)
            end(client)
    # The server needs some time to notice that a client has gone.
    wait(lambda: not list((maildir / "tmp").iterdir()), "files in tmp/")
    client = Client(port)
    client.greet()
    client.deliver(LATER)
    client.command("QUIT", 221)
    half_closed(port)
    for file in (maildir / "new").iterdir():
        if not file.read_bytes().endswith((LONG, LATER)):
            sys.exit(f"{file.name} is torn")


main()
