# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""A mail server that does what a test tells it to do, even if this breaks the
protocol."""

import os
import pathlib
import re
import socket
import ssl
import threading

# How a well-behaved server replies to each step.
GOOD = {
    "GREETING": b"220 back.example.org ESMTP\r\n",
    "EHLO": b"250-back.example.org\r\n250-PIPELINING\r\n250-8BITMIME\r\n"
            b"250-ENHANCEDSTATUSCODES\r\n250-SIZE 9000000\r\n250 DSN\r\n",
    "STARTTLS": b"220 2.0.0 Begin\r\n",
    "AUTH": b"235 2.7.0 Welcome\r\n",
    "XCLIENT": b"220 back.example.org ESMTP\r\n",
    "XFORWARD": b"250 2.0.0 Told\r\n",
    "MAIL": b"250 2.1.0 Back end takes the sender\r\n",
    "RCPT": b"250 2.1.5 Back end takes the recipient\r\n",
    "DATA": b"354 Go on\r\n",
    "BDAT": b"250 2.0.0 Back end has the chunk\r\n",
    "END": b"250 2.0.0 Back end has it\r\n",
    "RSET": b"250 2.0.0 Forgotten\r\n",
    "QUIT": b"221 2.0.0 Bye\r\n",
}

CLOSE = None     # close the connection instead of a reply
SILENCE = b""    # send no reply


class BackEnd:
    """Listens at a UNIX socket, or at a port if path is a number. tls is a
    function that returns a TLS context.  If it is given, TLS begins at once if
    implicit is true, otherwise after STARTTLS. script replaces replies of GOOD.
    In place of a reply it may have a function, which gets the session and the
    line, and returns the reply."""

    def __init__(self, path, lmtp=False, tls=None, implicit=False, **script):
        self.path, self.lmtp = path, lmtp
        self.tls, self.implicit = tls, implicit
        self.script = dict(GOOD, **script)
        self.commands = []      # all command lines, in order
        self.messages = []      # (sender, recipients, octets), if complete
        self.envelopes = []     # their lines of MAIL and of RCPT
        self.in_clear = []      # command lines outside TLS
        self.broken = []        # octets of messages that were not ended
        self.connections = 0
        self.sockets = []
        if isinstance(path, int):
            self.listener = socket.create_server(("127.0.0.1", path))
        else:
            pathlib.Path(path).unlink(missing_ok=True)
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(str(path))
        self.listener.listen(128)
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        """Do what the end of a process does: stop listening, and close all
        connections."""
        if not isinstance(self.path, int):
            pathlib.Path(self.path).unlink(missing_ok=True)
        if self.listener.fileno() >= 0:
            # shutdown() also ends a call of accept() that waits; close() alone
            # does not.
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.hang_up()

    def hang_up(self):
        """Close all connections."""
        for connection in self.sockets:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self.sockets.append(connection)
            threading.Thread(target=self.serve, args=[connection],
                             daemon=True).start()

    def serve(self, connection):
        session = Session(self, connection)
        try:
            if self.implicit:
                session.start_tls()
            session.run()
        except OSError:
            pass
        finally:
            session.connection.close()

    def clear(self):
        """Forget the messages and the commands."""
        for past in self.messages, self.envelopes, self.commands:
            past.clear()

    def starting(self, verb):
        """Return the arguments of the commands that begin with verb."""
        return [line[len(verb) + 1:] for line in self.commands
                if line.startswith(verb)]


class Session:
    def __init__(self, server, connection):
        self.server, self.connection = server, connection
        self.sender, self.recipients, self.envelope = None, [], []
        self.received = self.chunks = b""

    def start_tls(self):
        self.connection = self.server.tls().wrap_socket(self.connection,
                                                        server_side=True)
        self.server.sockets.append(self.connection)

    def is_in_clear(self):
        return not isinstance(self.connection, ssl.SSLSocket)

    def line(self):
        while b"\r\n" not in self.received:
            octets = self.connection.recv(65536)
            if not octets:
                return None
            self.received += octets
        line, self.received = self.received.split(b"\r\n", 1)
        return line.decode("utf-8", "replace")

    def say(self, step, line=""):
        """Send the reply of a step.  Return its code, or None after CLOSE."""
        reply = self.server.script.get(step, b"500 5.5.2 What?\r\n")
        if callable(reply):
            reply = reply(self, line)
        if reply is CLOSE:
            return None
        self.connection.sendall(reply)
        return reply[:3]

    def run(self):
        if self.say("GREETING") is None:
            return
        while (line := self.line()) is not None:
            self.server.commands.append(line)
            if self.is_in_clear():
                self.server.in_clear.append(line)
            step = line.split(" ")[0].upper()
            step = "EHLO" if step == "LHLO" else step
            if step == "BDAT":
                if not self.chunk(line):
                    return
                continue
            code = self.say(step, line)
            if code is None or step == "QUIT":
                return
            if step == "MAIL" and code == b"250":
                self.sender = re.search("<.*?>", line).group()
                self.recipients, self.envelope = [], [line]
            elif step == "RCPT" and code == b"250":
                self.recipients.append(re.search("<.*?>", line).group())
                self.envelope.append(line)
            elif step == "RSET":
                self.sender, self.chunks = None, b""
            elif step == "STARTTLS" and code == b"220":
                self.start_tls()
            elif step == "DATA" and code == b"354" and not self.message():
                return

    def message(self):
        """Read a message.  Return False to end the connection."""
        step = self.server.script.get("BODY")
        while (end := (b"\r\n" + self.received).find(b"\r\n.\r\n")) < 0:
            if step is not None and step(self) is CLOSE:
                self.server.broken.append(self.received)
                return False
            octets = self.connection.recv(65536)
            if not octets:
                self.server.broken.append(self.received)
                return False
            self.received += octets
        octets = re.sub(rb"(\A|\r\n)\.", rb"\1", self.received[:end])
        self.received = self.received[end + 3:]
        return self.end(octets)

    def chunk(self, line):
        """Read a chunk (RFC 3030 2).  Return False to end the connection."""
        size = int(line.split(" ")[1])
        while len(self.received) < size:
            octets = self.connection.recv(65536)
            if not octets:
                self.server.broken.append(self.chunks + self.received)
                return False
            self.received += octets
        self.chunks += self.received[:size]
        self.received = self.received[size:]
        if not line.upper().endswith(" LAST"):
            return self.say("BDAT", line) is not None
        octets, self.chunks = self.chunks, b""
        return self.end(octets)

    def end(self, octets):
        """Take a message.  Return False to end the connection."""
        self.server.envelopes.append(self.envelope)
        self.server.messages.append((self.sender, self.recipients, octets))
        for _ in self.recipients if self.server.lmtp else [None]:
            if self.say("END") is None:
                return False
        return True


def path_in(scratch, name="back"):
    """Return a path that is short enough for a UNIX socket."""
    return os.path.join(scratch, name)
