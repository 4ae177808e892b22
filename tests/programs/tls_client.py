# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""An SMTP client inside TLS.  A test decides which octets form a record and a
segment, and learns how the connection ends."""

import socket
import ssl

from rawsmtp import Client

NAME = "mx.example.org"


def context(certificate, version=None, ciphers=None, protocols=None,
            own=None):
    """own: a file with the client's own certificate and key."""
    made = ssl.create_default_context(cafile=certificate)
    if own is not None:
        made.load_cert_chain(own)
    if version is not None:
        made.minimum_version = made.maximum_version = version
    if ciphers is not None:
        made.set_ciphers(ciphers)
    if protocols is not None:
        made.set_alpn_protocols(protocols)
    return made


class Tls:
    """The methods of a socket that Client needs, over TLS on a socket."""

    def __init__(self, clear, made, name=NAME, session=None):
        self.clear = clear
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = made.wrap_bio(self.incoming, self.outgoing,
                                 server_hostname=name, session=session)
        self.segment = 0  # the most octets in a segment; 0: any number

    def flush(self):
        octets = self.outgoing.read()
        for at in range(0, len(octets), self.segment or len(octets) or 1):
            self.clear.sendall(octets[at:at + self.segment]
                               if self.segment else octets)

    def fill(self):
        octets = self.clear.recv(65536)
        if octets:
            self.incoming.write(octets)
        else:
            self.incoming.write_eof()

    def until_done(self, step):
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                self.flush()
                self.fill()
            finally:
                self.flush()

    def handshake(self):
        self.until_done(self.tls.do_handshake)

    def sendall(self, octets):
        """Send octets in records of 16384 octets, and one for the rest."""
        if octets:
            self.tls.write(octets)
            self.flush()

    def recv(self, size):
        """Return octets, or b"" at a close_notify.  An end without it raises
        SSLEOFError."""
        try:
            return self.until_done(lambda: self.tls.read(size))
        except ssl.SSLZeroReturnError:
            return b""

    def end(self):
        """Send close_notify.  Reading can go on."""
        try:
            self.tls.unwrap()
        except ssl.SSLError:
            pass
        self.flush()

    def settimeout(self, timeout):
        self.clear.settimeout(timeout)

    def setsockopt(self, *option):
        self.clear.setsockopt(*option)

    def close(self):
        self.clear.close()


class TlsClient(Client):
    """tls: use TLS from the first octet on; otherwise in clear until
    start_tls.  resumes: another client, whose TLS session this one resumes."""

    def __init__(self, port, certificate, tls=True, name=NAME,
                 before=b"", source="127.0.0.1", resumes=None, **rules):
        super().__init__(port, source=source)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if resumes is None:
            self.context, self.session = context(certificate, **rules), None
        else:
            self.context = resumes.context
            self.session = resumes.socket.tls.session
        self.name = name
        if before:
            self.socket.sendall(before)
        if tls:
            self.handshake()

    def handshake(self):
        self.socket = Tls(self.socket, self.context, self.name, self.session)
        self.socket.handshake()

    def resumed(self):
        """Return True if the handshake has resumed a session."""
        return self.socket.tls.session_reused

    def start_tls(self):
        self.greet()
        self.command("STARTTLS", "220 2.0.0")
        assert self.received == b"", self.received
        self.handshake()

    def hello(self):
        """Return what EHLO offers."""
        self.send(b"EHLO client.example.org\r\n")
        offered = []
        while True:
            line = self.line().decode()
            assert line.startswith("250"), line
            offered.append(line[4:])
            if line[3:4] != "-":
                return offered[1:]
