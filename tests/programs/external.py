# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Clients that log in by their certificates (AUTH EXTERNAL).  The users are alice,
bob, carol (who has no password) and dave (who is locked); names of files say
what a certificate has.

    external.py NAME SCRATCH PORT PID TLS-PORT
"""

import base64
import ssl
import sys

from rawsmtp import check
from reload import Test
from tls_client import TlsClient

VERSIONS = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
# Certificates from which the server takes no name of a user, and how the reason
# in its log begins.
FAULTS = {
    "stranger": "unable to get local issuer",
    "self": "self-signed certificate",
    "without-issuer": "unable to get local issuer",
    "forged": "certificate signature failure",
    "expired": "certificate has expired",
    "server": "unsuitable certificate purpose",
    "two": "it has several common names",
    "none": "it has no common name",
    "nul": "its common name is no name of a user",
    "tab": "its common name is no name of a user",
    "del": "its common name is no name of a user",
}
MESSAGE = b"Subject: test\r\n\r\ntext\r\n"


class External(Test):
    def clear(self, own=None, **rules):
        if own is not None:
            own = self.scratch / f"{own}.pem"
        return TlsClient(self.port, self.scratch / "mx.pem", tls=False,
                         own=own, **rules)

    def started(self, own=None, **rules):
        client = self.clear(own, **rules)
        client.start_tls()
        return client

    def inside(self, own=None, **rules):
        if own is not None:
            own = self.scratch / f"{own}.pem"
        client = TlsClient(self.tls_port, self.scratch / "mx.pem", own=own,
                           **rules)
        client.expect(220)
        return client

    def each(self, own=None):
        """Connect in each way."""
        for version in VERSIONS:
            yield self.started(own, version=version)
            yield self.inside(own, version=version)


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def mechanisms(client):
    """Return the mechanisms that EHLO offers."""
    return [name for line in client.hello() if line.startswith("AUTH ")
            for name in line.split()[1:]]


def quit(client):
    client.command("QUIT", 221)
    check(client.closed(), "more after QUIT")


def unnamed(client):
    """The certificate gives the client no name.  So EXTERNAL is not offered,
    and is refused, whether the client sends a name or not.  Passwords work."""
    check("EXTERNAL" not in mechanisms(client), "EXTERNAL is offered")
    for response in "=", encoded("alice"):
        client.command(f"AUTH EXTERNAL {response}", 504)
    client.command("AUTH EXTERNAL", 504)
    client.log_in("alice")
    quit(client)


def logs_in(test):
    """The name in the certificate is the user.  The client may also send this
    name itself."""
    for own in "alice", "with-issuer", "any-purpose":
        for client in test.each(own):
            check("EXTERNAL" in mechanisms(client), "EXTERNAL is not offered")
            client.command("AUTH EXTERNAL", 334)
            client.command("", 235)
            client.deliver(MESSAGE)
            quit(client)
    for response in "=", encoded("alice"):
        for client in test.each("alice"):
            client.hello()
            client.command(f"AUTH EXTERNAL {response}", 235)
            client.command("AUTH EXTERNAL =", 503)
            quit(client)
    test.logged("event=message", " user=alice ")


def acts_as_another(test):
    """A user may not act as another user, or as a user who does not exist."""
    for name in "bob", "Alice", "alice ", "alic", "alice@example.org", "eve":
        for client in test.each("alice"):
            client.hello()
            client.command(f"AUTH EXTERNAL {encoded(name)}", 535)
            quit(client)
    test.logged("event=auth-failed", "mechanism=EXTERNAL login=alice ")
    client = test.inside("alice")
    client.hello()
    for octets in b"alice\0", b"\0", b"alice\n", b"\xff":
        client.command("AUTH EXTERNAL " + base64.b64encode(octets).decode(),
                       501)
    quit(client)


def without_password(test):
    """A user who has no password logs in by a certificate, and by nothing
    else."""
    for client in test.each("carol"):
        client.hello()
        for password in "", "secret", "{EXTERNAL}", "{External}":
            client.log_in("carol", password, 535 if password else 501)
        client.command("AUTH EXTERNAL =", 235)
        client.command("MAIL FROM:<alice@example.org>", 553)
        client.command("MAIL FROM:<carol@example.org>", 250)
        quit(client)


def unknown_users(test):
    """A certificate has no effect if there is no user of its name, or if the
    user is locked."""
    for own in "dave", "eve", "capital":
        for client in test.each(own):
            check("EXTERNAL" in mechanisms(client), "EXTERNAL is not offered")
            for response in "=", encoded("alice"):
                client.command(f"AUTH EXTERNAL {response}", 535)
            client.command("MAIL FROM:<alice@example.org>", 250)
            quit(client)


def senders(test):
    """The senders of the user are those of the password file."""
    client = test.inside("bob")
    client.hello()
    client.command("AUTH EXTERNAL =", 235)
    client.command("MAIL FROM:<alice@example.org>", 553)
    client.command("MAIL FROM:<bob@example.org>", 250)
    quit(client)


def without_name(test):
    """A certificate that is not accepted has the same effect as none, and the
    log has the reason."""
    for client in test.each():
        unnamed(client)
    check(not test.count("event=certificate"), "a line without a certificate")
    for own in FAULTS:
        for client in test.each(own):
            unnamed(client)
    test.logged("event=closed ", f" session={4 * (1 + len(FAULTS))} ")
    for reason in set(FAULTS.values()):
        expected = 4 * list(FAULTS.values()).count(reason)
        found = test.logged("event=certificate ", " client=127.0.0.1 ",
                            "reason=" + reason.replace(" ", "\\x20"))
        check(len(found) == expected, reason, found)


def in_clear(test):
    client = test.clear("alice")
    client.expect(220)
    check("EXTERNAL" not in mechanisms(client), "offered in clear")
    client.command("AUTH EXTERNAL =", 538)
    client.command(f"AUTH EXTERNAL {encoded('alice')}", 538)
    quit(client)


def resumed(test):
    """A client with a certificate gets no ticket, so that its certificate is
    verified each time.  A ticket from a session without a certificate gives the
    client no name."""
    for version in VERSIONS:
        for connect in test.started, test.inside:
            for own in "alice", "expired":
                client = connect(own, version=version)
                offered = "EXTERNAL" in mechanisms(client)
                check(offered == (own == "alice"), own)
                check(not client.socket.tls.session.has_ticket, "a ticket")
                again = connect(resumes=client)
                check(not again.resumed(), "resumed")
                check(offered == ("EXTERNAL" in mechanisms(again)), own)
                quit(again)
                quit(client)
            client = connect(version=version)
            client.hello()
            client.context.load_cert_chain(test.scratch / "alice.pem")
            again = connect(resumes=client)
            check(again.resumed(), "not resumed")
            unnamed(again)
            quit(client)


def replaced(test):
    """SIGHUP reads other authorities, and then a file that cannot be used.
    Sessions go on as they are."""
    def offers(own):
        client = test.inside(own)
        offered = "EXTERNAL" in mechanisms(client)
        quit(client)
        return offered

    before = test.inside("alice")
    check("EXTERNAL" in mechanisms(before), "EXTERNAL is not offered")
    ticket = test.inside()
    ticket.hello()
    check(offers("alice") and not offers("stranger"), "before")
    test.write("ca.pem", (test.scratch / "other-ca.pem").read_text())
    test.read_again()
    check(not offers("alice") and offers("stranger"), "after")
    check(not test.inside(resumes=ticket).resumed(), "resumed")
    for text in "", "-----BEGIN CERTIFICATE-----\n", \
            (test.scratch / "crl.pem").read_text():
        test.write("ca.pem", text)
        test.refused("ca.pem: ")
        check(not offers("alice") and offers("stranger"), "broken")
    test.write("ca.pem", (test.scratch / "good-ca.pem").read_text())
    test.read_again()
    check(offers("alice") and not offers("stranger"), "again")
    before.command("AUTH EXTERNAL =", 235)
    quit(before)


def closed_account(test):
    """After SIGHUP, a user is locked."""
    client = test.inside("alice")
    client.hello()
    client.command("AUTH EXTERNAL =", 235)
    text = (test.scratch / "passwd").read_text()
    test.write("passwd", text.replace("alice:", "alice:!"))
    test.read_again()
    client = test.inside("alice")
    client.hello()
    client.command("AUTH EXTERNAL =", 535)
    test.write("passwd", text)
    test.read_again()


def proxied(test):
    """The proxy at 127.0.0.9 sends a PROXY header, and has a certificate of its
    own.  This certificate does not name the proxy's client, whatever the header
    says about TLS."""
    for header in b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", \
            b"PROXY UNKNOWN\r\n":
        client = TlsClient(test.tls_port, test.scratch / "mx.pem",
                           own=test.scratch / "alice.pem", before=header,
                           source="127.0.0.9")
        client.expect(220)
        unnamed(client)
    client = test.inside("alice")
    check("EXTERNAL" in mechanisms(client), "not proxied, but not offered")
    client.command("AUTH EXTERNAL =", 235)
    quit(client)


def tlv(kind, value):
    return bytes([kind]) + len(value).to_bytes(2, "big") + value


def by_proxy(test):
    """A proxy says whose certificate it has verified (PROXY version 2)."""
    for name, verified, code in ((b"alice", 0, 235), (b"alice", 1, 504),
                                 (b"dave", 0, 535), (b"eve", 0, 535)):
        tls = tlv(0x20, bytes([7]) + verified.to_bytes(4, "big") +
                  tlv(0x21, b"TLSv1.3") + tlv(0x22, name))
        addresses = bytes([192, 0, 2, 1, 192, 0, 2, 2, 0, 1, 0, 2]) + tls
        client = test.clear(source="127.0.0.9")
        client.send(b"\r\n\r\n\0\r\nQUIT\n\x21\x11" +
                    len(addresses).to_bytes(2, "big") + addresses)
        client.expect(220)
        client.hello()
        client.command("AUTH EXTERNAL =", code)
        quit(client)


if __name__ == "__main__":
    globals()[sys.argv[1]](External(*sys.argv[2:]))
