# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""An SMTP client that sends exactly the octets that a test gives it."""

import base64
import select
import socket
import struct


def check(condition, *what):
    if not condition:
        raise AssertionError(what)


def auth_plain(user, password):
    """Return the command by which a user logs in."""
    text = f"\0{user}\0{password}".encode()
    return "AUTH PLAIN " + base64.b64encode(text).decode()


class Client:
    def __init__(self, port, timeout=20, source="127.0.0.1",
                 host="127.0.0.1"):
        self.socket = socket.create_connection((host, port), timeout,
                                               (source, 0))
        self.received = b""

    def send(self, octets):
        self.socket.sendall(octets)

    def line(self):
        """Return the next line without its CR LF, or b"" at the end of
        input."""
        while b"\r\n" not in self.received:
            octets = self.socket.recv(65536)
            if not octets:
                return b""
            self.received += octets
        line, self.received = self.received.split(b"\r\n", 1)
        return line

    def reply(self):
        """Return the last line of the next reply; its first three octets are
        the code."""
        while True:
            line = self.line()
            if line[3:4] != b"-":
                return line.decode()

    def expect(self, code):
        """Return the reply, which must begin with code, or with one of several
        codes."""
        reply = self.reply()
        if not reply.startswith(code if isinstance(code, tuple)
                                else str(code)):
            raise AssertionError(f"expected {code}, got {reply!r}")
        return reply

    def command(self, line, code):
        self.send(line.encode() + b"\r\n")
        return self.expect(code)

    def greet(self):
        self.expect(220)
        self.command("EHLO client.example.org", 250)

    def log_in(self, user, password="secret", code=235):
        self.command(auth_plain(user, password), code)

    def envelope(self, sender="alice@example.org",
                 recipients=("bob@example.org",), parameters=""):
        self.command(f"MAIL FROM:<{sender}>{parameters}", 250)
        for recipient in recipients:
            self.command(f"RCPT TO:<{recipient}>", 250)

    def begin(self, **envelope):
        self.envelope(**envelope)
        self.command("DATA", 354)

    def deliver(self, octets, code=250, **envelope):
        """Send a message: octets, with dots stuffed, and then CR LF .  CR
        LF."""
        self.begin(**envelope)
        self.send(octets + b".\r\n")
        return self.expect(code)

    def unasked(self):
        """Return the octets that have come without a command."""
        if select.select([self.socket], [], [], 0)[0]:
            self.received += self.socket.recv(65536)
        return self.received

    def closed(self):
        """Return True if the server has closed and said nothing more."""
        return self.line() == b""

    def close(self):
        self.socket.close()

    def reset(self):
        """Close with a RST, as the host of a crashed client does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                               struct.pack("ii", 1, 0))
        self.socket.close()
