# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send mail to a server that hands it on to Postfix or Dovecot.

    neighbours.py NAME PORT SCRATCH FOLDER
"""

import os
import pathlib
import sys
import time

from neighbours_load import files, unix
from rawsmtp import Client, check

BOB = "<bob@example.org>"


class Test:
    def __init__(self, port, scratch, folder):
        self.port, self.scratch = int(port), scratch
        self.folder = pathlib.Path(folder)

    def client(self, hello="EHLO client.example.org", source="127.0.0.1"):
        """Return a client, and what the server offers."""
        client = Client(self.port, 20, source)
        client.expect(220)
        client.send(hello.encode() + b"\r\n")
        offers = []
        while (line := client.line().decode())[3:4] == "-":
            offers.append(line[4:])
        check(line.startswith("250 "), line)
        return client, offers + [line[4:]]

    def wait_for_log(self, *words, log=None):
        """The log, by default that of the back end, must have a line with all
        these words."""
        for _ in range(100):
            for line in (log or self.folder / "log").read_text().splitlines():
                if all(word in line for word in words):
                    return
            time.sleep(0.1)
        raise AssertionError(f"the log has no {words}")

    def one(self, user):
        """Return the one new message of a user, and remove it."""
        for _ in range(200):
            found = files(self.folder / "mail" / user)
            if found:
                break
            time.sleep(0.1)
        file, = found
        octets = file.read_bytes()
        file.unlink()
        return unix(octets)


def postfix(test):
    client, offers = test.client(source="127.0.0.5")
    for offer in "SIZE 2000000", "8BITMIME", "SMTPUTF8", "DSN", "CHUNKING":
        check(offer in offers, offer, offers)
    client.command("MAIL FROM:<a@example.org> SIZE=2000001", "552 5.3.4")
    client.command("MAIL FROM:<carol@example.org> BODY=8BITMIME SIZE=2000000 "
                   "RET=HDRS ENVID=an+2Bid", "250 2.1.0 Ok")
    client.command("RCPT TO:<nobody@example.org>",
                   "550 5.1.1 <nobody@example.org>: Recipient address "
                   "rejected: User unknown in virtual mailbox table")
    client.command("RCPT TO:<later@example.org>", "450 4.2.1 "
                   "<later@example.org>: Recipient address rejected: "
                   "Come back later")
    client.command("RCPT TO:<x@elsewhere.example>", "554 5.7.1 "
                   "<x@elsewhere.example>: Relay access denied")
    client.command("DATA", "554 5.5.1 ")
    client.command("RCPT TO:<bob@example.org> NOTIFY=SUCCESS,FAILURE "
                   "ORCPT=rfc822;Old+2BBob@example.com", "250 2.1.5 Ok")
    client.command("DATA", 354)
    text = "Subject: 8\r\n\r\n.\u00e9\r\n".encode()
    client.send(text.replace(b"\r\n.", b"\r\n..") + b".\r\n")
    client.expect("250 2.0.0 Ok: queued as ")
    octets = test.one("bob")
    check(octets.endswith(b"\n" + unix(text)), octets)
    report = test.one("carol")
    for line in ("Original-Envelope-Id: an+id",
                 "Original-Recipient: rfc822;Old+Bob@example.com",
                 "Action: delivered", "Content-Type: text/rfc822-headers"):
        check(line.encode() in report, line, report)
    test.wait_for_log("client=unknown[127.0.0.5]")

    client.command("MAIL FROM:<\u00e4lice@example.org> SMTPUTF8", 250)
    client.command("RCPT TO:<b\u00f8b@example.org>", 250)
    client.send(b"BDAT 14\r\nSubject: x\r\n\r\nBDAT 3 LAST\r\n.\r\n")
    client.expect(250)
    client.expect("250 2.0.0 Ok: queued as ")
    check(test.one("boeb").endswith(b"\nSubject: x\n\n.\n"), "BDAT")

    # The message is too big, but MAIL had no SIZE, so only its end is refused.
    client.envelope()
    client.command("DATA", 354)
    client.send((b"x" * 70 + b"\r\n") * 29000 + b".\r\n")
    client.expect("552 5.3.4")
    client.command("RSET", 250)


def innocent(test):
    """A client who is refused often must not harm the next one."""
    for _ in range(8):
        client, _ = test.client()
        client.command("MAIL FROM:<a@example.org>", 250)
        for _ in range(5):
            client.command("RCPT TO:<nobody@example.org>", "550 5.1.1")
        client.command("QUIT", 221)
        client.close()
        begin = time.monotonic()
        client, _ = test.client()
        client.command("MAIL FROM:<a@example.org>", 250)
        client.command("RCPT TO:<nobody@example.org>", "550 5.1.1")
        client.command("RSET", 250)
        check(time.monotonic() - begin < 0.9, "Postfix is slow on purpose")
        client.close()


def guide(test):
    """Set up as doc/server.md says, Postfix relays for nobody who comes through
    this server, is told who the client is, and takes many connections."""
    client, _ = test.client(source="127.0.0.5")
    client.deliver(b"Subject: x\r\n\r\n", "250 2.0.0 Ok: queued as")
    test.one("bob")
    test.wait_for_log("client=unknown[127.0.0.5]")
    client.command("MAIL FROM:<a@example.org>", 250)
    client.command("RCPT TO:<x@elsewhere.example>", "550 5.7.1")
    _, port = (test.folder / "place").read_text().split(":")
    others = [Client(int(port)) for _ in range(55)]
    for other in others:
        other.greet()
        other.command("MAIL FROM:<a@example.org>", 250)
        other.command("RCPT TO:<x@elsewhere.example>", "554 5.7.1 "
                      "<x@elsewhere.example>: Relay access denied")


def xclient(test):
    """Postfix sees each client, by the name that the client gave."""
    client, _ = test.client("EHLO hello.example", source="127.0.0.5")
    client.command("MAIL FROM:<a@example.org>", "250 2.1.0 Ok")
    client.command("RCPT TO:<nobody@example.org>", "550 5.1.1")
    test.wait_for_log("reject: RCPT from unknown[127.0.0.5]",
                      "proto=ESMTP helo=<hello.example>")
    client.command("RSET", 250)
    client.deliver(b"Subject: x\r\n\r\n", "250 2.0.0 Ok: queued as")
    check(b"from hello.example (unknown [127.0.0.5])" in test.one("bob"))
    proxy, _ = test.client(source="127.0.0.4")
    proxy.command("XCLIENT ADDR=192.0.2.7 NAME=a.example PORT=9", 220)
    proxy.command("HELO b.example", 250)
    proxy.deliver(b"Subject: x\r\n\r\n", "250 2.0.0 Ok: queued as")
    check(b"from b.example (a.example [192.0.2.7])" in test.one("bob"))
    test.wait_for_log("client=a.example[192.0.2.7]")

    # Postfix refuses the client because of its address, or of its name in EHLO.
    for source, name, words in (
            ("127.0.0.6", "x.example", "554 5.7.1 <unknown[127.0.0.6]>: "
             "Client host rejected: Not you"),
            ("127.0.0.7", "x.example", "450 4.7.1 <unknown[127.0.0.7]>: "
             "Client host rejected: Not now"),
            ("127.0.0.5", "worse.example", "504 5.5.2 <worse.example>: "
             "Helo command rejected: Not this name")):
        other, _ = test.client(f"EHLO {name}", source=source)
        other.command("MAIL FROM:<a@example.org>", words)
        client.deliver(b"Subject: x\r\n\r\n", "250 2.0.0 Ok: queued as")
        test.one("bob")


def mechanism():
    """Return the strongest mechanism of the back end."""
    return os.environ["MECHANISM"].split()[-1].upper()


def login(test):
    """Postfix takes mail from this server only after AUTH inside TLS."""
    client, _ = test.client()
    client.deliver(b"Subject: x\r\n\r\n", "250 2.0.0 Ok: queued as")
    check(b"with ESMTPSA" in test.one("bob"))
    test.wait_for_log(f"sasl_method={mechanism()}, sasl_username=door")


def no_login(test):
    Client(test.port).expect("421 The mail server behind this one cannot")
    test.wait_for_log(f"SASL {mechanism()} authentication failed")
    test.wait_for_log("event=back-end", r"it\x20refuses\x20the\x20user",
                      log=pathlib.Path(test.scratch) / "log")


def spam(test):
    """The client hears the milter of the back end refuse a message."""
    client, _ = test.client()
    client.deliver(b"Subject: x\r\n\r\nx\r\n", "250 2.0.0 Ok: queued")
    test.one("bob")
    # GTUBE: every filter takes this for spam.
    for _ in range(2):
        client.deliver(b"Subject: x\r\n\r\nXJS*C4JDBQADN1.NSBN3*2IDNEN*"
                       b"GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n",
                       "554 5.7.1 Gtube pattern")
        client.deliver(b"Subject: y\r\n\r\ny\r\n", "250 2.0.0 Ok: queued")
        check(test.one("bob").endswith(b"\ny\n"), "text")


def dovecot_smtp(test):
    """Each transaction has one recipient, and the client gets its verdict on
    the message."""
    client, offers = test.client()
    check("8BITMIME" in offers and "CHUNKING" in offers, offers)
    client.command("MAIL FROM:<a@example.org> BODY=8BITMIME", "250 2.1.0 OK")
    client.command("RCPT TO:<nobody@example.org>", "550 5.1.1 "
                   "<nobody@example.org> User doesn't exist: "
                   "nobody@example.org")
    client.command(f"RCPT TO:{BOB}", "250 2.1.5 OK")
    client.command("RCPT TO:<full@example.org>", "452 4.5.3")
    client.command("DATA", 354)
    client.send(b"Subject: x\r\n\r\n..\r\n.\r\n")
    client.expect(f"250 2.0.0 {BOB} ")
    check(test.one("bob").endswith(b"\nSubject: x\n\n.\n"), "text")
    client.deliver(b"x\r\n" * 100, "552 5.2.2 <full@example.org> Quota "
                   "exceeded", recipients=["full@example.org"])
    client.deliver(b"x\r\n", "451 4.", recipients=["late@example.org"])
    client.deliver(b"x\r\n")
    test.one("bob")


def dovecot_lmtp(test):
    """The client gets a verdict for each recipient."""
    client, _ = test.client("LHLO client.example.org")
    for names in ("bob", "full", "late"), ("late", "bob"), ("full", "bob"):
        client.command("MAIL FROM:<a@example.org>", 250)
        client.command("RCPT TO:<nobody@example.org>", "550 5.1.1")
        for name in names:
            client.command(f"RCPT TO:<{name}@example.org>", 250)
        client.command("DATA", 354)
        client.send(b"Subject: x\r\n\r\n" + b"x\r\n" * 100 + b".\r\n")
        for name in names:
            client.expect({"bob": f"250 2.0.0 {BOB} ",
                           "full": "552 5.2.2 <full@example.org> Quota",
                           "late": "451 4."}[name])
        check(test.one("bob").endswith(b"\n\n" + b"x\n" * 100), "text")


if __name__ == "__main__":
    globals()[sys.argv[1]](Test(*sys.argv[2:]))
