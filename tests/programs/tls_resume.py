# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Clients that resume a TLS session, and clients that may not.

    tls_resume.py NAME PORT TLS-PORT CERTIFICATE MAILDIR
"""

import ssl
import sys

from tls import MESSAGE, PLAIN, Test, check
from tls_client import TlsClient

VERSIONS = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


def offered(client):
    """Return a client that can be resumed: it has read what the server sent
    after the handshake."""
    check(not client.resumed() and client.socket.tls.session.has_ticket,
          "no ticket")
    return client


def resumption(test):
    """A client resumes its session, again and again, and its new connection
    begins like every other one: who logged in is not known any longer."""
    for version in VERSIONS:
        for connect in test.started, test.inside:
            client = offered(connect(version=version))
            client.command(PLAIN, 235)
            for _ in range(3):
                test.quit(client)
                client = connect(resumes=client)
                check(client.resumed(), version, "is not resumed")
                client.command("RCPT TO:<bob@example.org>", 503)
                client.command(PLAIN, 235)
                client.deliver(MESSAGE)
                header = test.stored()
                check(" with ESMTPSA id " in header and
                      client.socket.tls.cipher()[0] in header, header)


def started_fresh(test):
    """What a client said before STARTTLS is forgotten, also if it resumes."""
    for version in VERSIONS:
        client = offered(test.started(version=version))
        client = test.clear(resumes=client)
        client.greet()
        client.envelope()
        client.command("STARTTLS", "220 2.0.0")
        client.handshake()
        check(client.resumed(), "not resumed")
        client.command("RCPT TO:<bob@example.org>", 503)
        client.command("MAIL FROM:<alice@example.org>", 503)
        test.quit(client)


def elsewhere(test):
    """V56: a session is resumed neither at another listener nor under another name
    of the server."""
    for version in VERSIONS:
        client = offered(test.inside(version=version))
        client.context.check_hostname = False
        for other in (test.clear(resumes=client),
                      test.clear(resumes=client, name="other.example.org")):
            other.start_tls()
            check(not other.resumed(), "resumed at another listener")
            test.quit(other)
        for name in "other.example.org", "mx.example.org.", None:
            other = test.inside(resumes=client, name=name)
            check(not other.resumed(), "resumed as", name)
            test.quit(other)
        other = test.inside(resumes=client, name="MX.example.ORG")
        check(other.resumed(), "the case of the name matters")


def order(test):
    """The server chooses the cipher, and each has forward secrecy."""
    weak, strong = (f"ECDHE-ECDSA-{name}" for name in (
        "AES128-GCM-SHA256", "AES256-GCM-SHA384"))
    client = test.inside(version=ssl.TLSVersion.TLSv1_2,
                         ciphers=f"{weak}:{strong}")
    check(client.socket.tls.cipher()[0] == strong, client.socket.tls.cipher())


def no_secrecy(test):
    """The certificate has an RSA key, so only the server's choice of ciphers
    refuses these."""
    for ciphers in "kRSA", "kDHE", "aNULL:@SECLEVEL=0":
        try:
            TlsClient(test.tls_port, test.certificate, ciphers=ciphers,
                      version=ssl.TLSVersion.TLSv1_2)
        except ssl.SSLError:
            continue
        raise AssertionError(ciphers)
    test.quit(test.inside(version=ssl.TLSVersion.TLSv1_2))


def main():
    name, *arguments = sys.argv[1:]
    globals()[name](Test(*arguments))


if __name__ == "__main__":
    main()
