# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Clients that use TLS.  The server has a user "joe" whose password is "secret".

    tls.py NAME PORT TLS-PORT CERTIFICATE MAILDIR
"""

import pathlib
import re
import ssl
import sys
import threading
import time

from rawsmtp import Client, auth_plain, check
from server import wait
from tls_client import TlsClient

MESSAGE = b"Subject: test\r\n\r\ntext\r\n"
LINE = b"0123456789abcdefghijklmnopqrstuvwxyz" * 2 + b"\r\n"
BIG = b"Subject: big\r\n\r\n" + LINE * (2 ** 20 // len(LINE) + 1)
PLAIN = auth_plain("joe", "secret")


class Test:
    def __init__(self, port, tls_port, certificate, maildir):
        self.port, self.tls_port = int(port), int(tls_port)
        self.certificate = certificate
        self.maildir = pathlib.Path(maildir)

    def clear(self, **rules):
        return TlsClient(self.port, self.certificate, tls=False, **rules)

    def started(self, **rules):
        """Connect, and use STARTTLS.  EHLO is sent before and after the
        handshake."""
        client = self.clear(**rules)
        client.start_tls()
        client.command("EHLO client.example.org", 250)
        return client

    def inside(self, **rules):
        """Connect with TLS from the first octet."""
        client = TlsClient(self.tls_port, self.certificate, **rules)
        client.greet()
        return client

    def both(self, **rules):
        yield self.started(**rules)
        yield self.inside(**rules)

    def quit(self, client):
        client.command("QUIT", 221)
        check(client.closed(), "more after QUIT")

    def stored(self, body=MESSAGE):
        """Return the header of the only message, and remove the message."""
        file, = (self.maildir / "new").iterdir()
        octets = file.read_bytes()
        file.unlink()
        check(octets.endswith(b"\r\n" + body), "another message", file)
        return re.sub(r"\r\n\s+", " ", octets[:-len(body)].decode())

    def nothing_stored(self):
        for name in "new", "tmp":
            wait(lambda: not list((self.maildir / name).iterdir()), name)


def starttls(test):
    """Inside TLS, STARTTLS is not offered, and everything that was said in
    clear is forgotten."""
    for version in "TLSv1_2", "TLSv1_3":
        client = test.clear(version=ssl.TLSVersion[version])
        client.expect(220)
        offered = client.hello()
        check("STARTTLS" in offered and "REQUIRETLS" not in offered, offered)
        client.envelope()
        client.command("STARTTLS", "220 2.0.0")
        client.handshake()
        client.command("MAIL FROM:<alice@example.org>", 503)
        client.command("RCPT TO:<bob@example.org>", 503)
        offered = client.hello()
        check("STARTTLS" not in offered and "REQUIRETLS" in offered, offered)
        client.command("STARTTLS", 503)
        client.deliver(MESSAGE)
        test.quit(client)
        cipher = client.socket.tls.cipher()[0]
        header = test.stored()
        check(f" (using {version.replace('_', '.')} with cipher {cipher}) "
              in header and " with ESMTPS id " in header, header)


def implicit(test):
    for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
        client = TlsClient(test.tls_port, test.certificate, version=version)
        client.expect(220)
        offered = client.hello()
        check("STARTTLS" not in offered and "REQUIRETLS" in offered, offered)
        client.command("STARTTLS", 503)
        client.envelope(parameters=" REQUIRETLS")
        client.command("DATA", 354)
        client.send(MESSAGE + b".\r\n")
        client.expect(250)
        test.quit(client)
        check(" with ESMTPS id " in test.stored(), "no ESMTPS")


def login(test):
    client = test.clear()
    client.expect(220)
    offered = client.hello()
    check(not any(line.startswith("AUTH") for line in offered), offered)
    client.command(PLAIN, 538)
    for client in test.both():
        check("AUTH PLAIN LOGIN" in client.hello(), "no AUTH")
        client.command(PLAIN.replace("A", "a", 1), 235)
        client.deliver(MESSAGE)
        test.quit(client)
        check(" with ESMTPSA id " in test.stored(), "no ESMTPSA")


def records(test):
    """Sends many commands in one record, records of all sizes, several records
    in one segment, and one record in many segments."""
    for client in test.both():
        client.send(b"RSET\r\n" * (16384 // 6))
        for _ in range(16384 // 6):
            client.expect(250)
        body = BIG[:16384 - len(b"BDAT 10000 LAST\r\n") - 6]
        client.send(b"MAIL FROM:<alice@example.org>\r\n"
                    b"RCPT TO:<bob@example.org>\r\n" +
                    b"BDAT %d LAST\r\n" % len(body) + body + b"RSET\r\n")
        for _ in range(4):
            client.expect(250)
        test.stored(body)
        for size in 1, 100, 16383, 16384, 16385, 40000, len(BIG):
            octets = MESSAGE if size == 1 else BIG
            client.begin()
            for at in range(0, len(octets), size):
                client.send(octets[at:at + size])
            client.send(b".\r\n")
            client.expect(250)
            test.stored(octets)
        client.socket.segment = 1000
        client.deliver(BIG)
        test.stored(BIG)
        client.socket.segment = 1
        client.deliver(MESSAGE)
        test.stored()
        test.quit(client)


def deaf(test):
    """The server reads nothing from a client that reads no replies.  When the
    client finally reads, no reply is missing."""
    count = 1000000
    for client in test.both():
        client.socket.tls.write(b"RSET\r\n" * count)
        octets = client.socket.outgoing.read()
        sender = threading.Thread(target=client.socket.clear.sendall,
                                  args=(octets,))
        sender.start()
        time.sleep(1)
        other = test.inside()
        other.deliver(MESSAGE)
        test.stored()
        for _ in range(count):
            client.expect(250)
        sender.join()
        test.quit(client)


def half_closed(test):
    """Commands that came before the end of input get their replies, with or
    without a close_notify."""
    for end in "tls", "tcp":
        for client in test.both():
            client.send(b"MAIL FROM:<alice@example.org>\r\n"
                        b"RCPT TO:<bob@example.org>\r\n" +
                        b"BDAT %d LAST\r\n" % len(MESSAGE) + MESSAGE)
            if end == "tls":
                client.socket.end()
            else:
                client.socket.clear.shutdown(1)
            for _ in range(3):
                client.expect(250)
            if end == "tcp":
                check(client.closed(), "more")
            client.close()
            test.stored()


def truncated(test):
    """An end of TLS or of TCP does not end a message (threat V7)."""
    for end in "tls", "tcp", "both":
        for last in b"", b".", b".\r", b"\r\n.\r":
            for client in test.both():
                client.begin()
                client.send(MESSAGE + last)
                if end != "tcp":
                    client.socket.end()
                if end != "tls":
                    client.socket.clear.shutdown(1)
                check(client.socket.clear.recv(1) != b"", "no close_notify")
                client.close()
    for client in test.both():
        client.envelope()
        client.send(b"BDAT %d LAST\r\n" % (len(MESSAGE) + 1) + MESSAGE)
        client.socket.end()
        client.socket.clear.sendall(b"\n")  # octets in clear, CVE-2026-45185
        client.close()
    test.nothing_stored()


def names(test):
    """The server reads the name that a client asks for, and writes it to the
    trace.  A client that asks for HTTP is not served (threat V40)."""
    test.quit(test.inside(protocols=["x", "smtp"]))
    test.quit(test.started(protocols=["esmtp"]))
    test.quit(test.started())
    for protocols in ["h2", "http/1.1"], ["ftp"]:
        try:
            test.inside(protocols=protocols)
        except ssl.SSLError:
            continue
        raise AssertionError(protocols)


def places(test):
    """Only two clients are served at the same time.  A third one gets no reply
    in clear at the port for TLS."""
    clients = [test.inside(), test.started()]
    third = Client(test.tls_port)
    check(third.closed() and third.received == b"", third.received)
    for client in clients:
        test.quit(client)


def unoffered(test):
    client = test.clear()
    client.expect(220)
    check(client.hello() == ["SIZE"], "EHLO offers more than SIZE")
    client.command("STARTTLS", 502)
    test.quit(client)


def main():
    name, *arguments = sys.argv[1:]
    globals()[name](Test(*arguments))


if __name__ == "__main__":
    main()
