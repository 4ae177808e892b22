# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Clients that resume a TLS session, and clients that may not.

    tls_resume.py NAME PORT TLS-PORT CERTIFICATE MAILDIR
"""

import ssl
import sys

from rawsmtp import Client, check
from tls import MESSAGE, PLAIN, Test
from tls_client import Tls, TlsClient, context

VERSIONS = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


def offered(client):
    """Return a client whose session can be resumed: it has read what the
    server sent after the handshake."""
    check(not client.resumed() and client.socket.tls.session.has_ticket,
          "no ticket")
    return client


def resumption(test):
    """A client resumes its session again and again.  Each new connection
    begins as usual: an earlier login does not count."""
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
    """What a client said before STARTTLS is forgotten, even if the client
    resumes a session."""
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
    """A session cannot be resumed at another listener, nor under another name
    of the server (threat V56)."""
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
    """The server chooses the cipher, and every cipher has forward secrecy."""
    weak, strong = (f"ECDHE-ECDSA-{name}" for name in (
        "AES128-GCM-SHA256", "AES256-GCM-SHA384"))
    client = test.inside(version=ssl.TLSVersion.TLSv1_2,
                         ciphers=f"{weak}:{strong}")
    check(client.socket.tls.cipher()[0] == strong, client.socket.tls.cipher())


def no_secrecy(test):
    """The certificate has an RSA key, so the server could use ciphers without
    forward secrecy.  It refuses them."""
    for ciphers in "kRSA", "kDHE", "aNULL:@SECLEVEL=0":
        try:
            TlsClient(test.tls_port, test.certificate, ciphers=ciphers,
                      version=ssl.TLSVersion.TLSv1_2)
        except ssl.SSLError:
            continue
        raise AssertionError(ciphers)
    test.quit(test.inside(version=ssl.TLSVersion.TLSv1_2))


def certificate(test, name, **rules):
    """Return the names and the kind of key of the certificate that a client
    gets if it asks for a name."""
    made = context(test.certificate, **rules)
    made.check_hostname = False
    client = Client(test.tls_port)
    client.socket = Tls(client.socket, made, name)
    client.socket.handshake()
    names = [name for _, name in
             client.socket.tls.getpeercert()["subjectAltName"]]
    der = client.socket.tls.getpeercert(True)
    # The octets are the identifier of id-ecPublicKey.
    kind = "ec" if b"\x2a\x86\x48\xce\x3d\x02\x01" in der else "rsa"
    client.close()
    return names[0], kind


def several(test):
    """The name chooses the certificate, and the client chooses the kind of its
    key.  The certificates are, in order: one.example (RSA), two.example (RSA),
    one.example (ECDSA)."""
    rsa = {"version": ssl.TLSVersion.TLSv1_2, "ciphers": "aRSA"}
    ecdsa = {"version": ssl.TLSVersion.TLSv1_2, "ciphers": "aECDSA"}
    for name in ("one.example", "ONE.example", "a.w.one.example", None,
                 "unknown.example", "w.two.example", "a.b.w.two.example",
                 "127.0.0.1"):
        check(certificate(test, name) == ("one.example", "ec"), name)
        check(certificate(test, name, **rsa) == ("one.example", "rsa"), name)
        check(certificate(test, name, **ecdsa) == ("one.example", "ec"), name)
    for name in "two.example", "Two.Example", "a.w.two.example":
        for rules in {}, rsa:
            check(certificate(test, name, **rules) == ("two.example", "rsa"),
                  name)
        # If no certificate fits, the server does not use another one instead.
        try:
            raise AssertionError(certificate(test, name, **ecdsa))
        except ssl.SSLError:
            pass
    for version in VERSIONS:
        one = offered(test.inside(version=version, name="one.example"))
        one.context.check_hostname = False
        two = test.inside(resumes=one, name="two.example")
        check(not two.resumed() and
              ("DNS", "two.example") in
              two.socket.tls.getpeercert()["subjectAltName"], "resumed")
        check(test.inside(resumes=two, name="two.example").resumed(),
              "not resumed")


def self_signed(test):
    """The self-signed certificate is for the server's name."""
    for client in test.both():
        client.deliver(MESSAGE)
        test.stored()
        test.quit(client)


def main():
    name, *arguments = sys.argv[1:]
    globals()[name](Test(*arguments))


if __name__ == "__main__":
    main()
