# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Offer recipients to a server that has a list of them.

    recipients.py NAME SCRATCH PORT PID TLS-PORT
"""

import shutil
import sys

from server import Server

OK, NO_MAILBOX, NOT_OURS = "250 2.1.5", "550 5.1.1", "550 5.7.1"


class Test(Server):
    def client(self):
        client = super().client()
        client.command("MAIL FROM:<alice@example.org> SMTPUTF8", 250)
        return client

    def expect(self, reply, *recipients, client=None):
        client = client or self.client()
        for recipient in recipients:
            try:
                client.command(f"RCPT TO:<{recipient}>", reply)
            except AssertionError as error:
                raise AssertionError(recipient) from error


def listed(test):
    """An address may be written in several forms."""
    test.expect(OK, "bob@example.org", "bob@EXAMPLE.org", "bob@example.org.",
                '"bob"@example.org', r'"b\ob"@example.org', "ann@example.org",
                '"john smith"@example.org', r'"john\ smith"@example.org',
                "carl@example.org", '"a@b"@example.org', '""@empty.example',
                "jürgen@grüße.example", "joe@[192.0.2.1]", "root",
                "root@mx.example.org", ".dots..@dots.example",
                "dos@example.org", "last@example.org",
                "@relay.example:bob@example.org")
    test.expect(NO_MAILBOX, "eve@example.org", "bo@example.org",
                "bobb@example.org", "bob+tag@example.org", "john@example.org",
                "a@empty.example", '"bob "@example.org',
                '"bob@example.org"@example.org', "a@dots.example",
                "jurgen@grüße.example", "eve@[192.0.2.1]", "eve",
                '"example.org"@example.org', '""@example.org',
                '"@"@example.org', '" bob"@example.org')


def case(test):
    """The local part may be case-sensitive (RFC 5321 2.4)."""
    test.expect(NO_MAILBOX, "Bob@example.org", "BOB@example.org",
                '"John Smith"@example.org', "Root", "JÜRGEN@grüße.example")


def ignored_case(test):
    """The case of A-Z is ignored, but the case of other letters is not."""
    test.expect(OK, "Bob@example.org", "BOB@EXAMPLE.ORG", "Root",
                '"JOHN SMITH"@example.org', '"A@B"@example.org',
                "JüRGEN@grüße.example")
    test.expect(NO_MAILBOX, "JÜRGEN@grüße.example", "eve@example.org")


def domains(test):
    """The list names a whole domain; other domains are not in it."""
    test.expect(OK, "eve@all.example", "Eve@ALL.example.", '""@all.example',
                "a@[IPv6:2001:db8::1]", "postmaster@all.example")
    test.expect(NOT_OURS, "bob@other.example", "bob@sub.example.org",
                "eve@sub.all.example", "bob@org", "bob@example.or",
                "bob@example.orgg", "bob@xexample.org", "eve@al.example",
                "bob@[192.0.2.2]", "bob@[192.0.2.10]", "a@empty.exampl",
                "a@[IPv6:2001:db8::2]", '"bob@example.org"@other.example')


def postmaster(test):
    """Each domain of the server has a postmaster, in any case (RFC 5321
    4.5.1)."""
    test.expect(OK, "postmaster@example.org", "PostMaster@EXAMPLE.org",
                '"postmaster"@dots.example', r'"post\master"@[192.0.2.1]',
                "Postmaster", "POSTMASTER")
    test.expect(NOT_OURS, "postmaster@other.example",
                "postmaster@sub.example.org")
    test.expect(NO_MAILBOX, "postmaster+a@example.org",
                "postmasters@example.org", "ostmaster@example.org")


def with_domain(test):
    """Both --domain and the list must accept a recipient."""
    test.expect(OK, "bob@example.org", "postmaster@example.org",
                "postmaster@none.example", "Postmaster")
    test.expect(NO_MAILBOX, "eve@example.org", "eve@none.example")
    test.expect(NOT_OURS, "eve@all.example", "root", "joe@[192.0.2.1]",
                "postmaster@all.example", "bob@other.example")


def changed(test):
    """Clients that come later get the new list."""
    old = test.client()
    test.expect(OK, "bob@example.org", client=old)
    with (test.scratch / "changing").open("a") as out:
        out.write("\nnew@example.org\n@new.example\n")
    test.read_again()
    test.expect(OK, "new@example.org", "a@new.example")
    test.expect(NO_MAILBOX, "new@example.org", client=old)
    test.expect(NOT_OURS, "a@new.example", client=old)
    shutil.copy(test.scratch / "list", test.scratch / "changing")
    test.read_again()
    test.expect(NO_MAILBOX, "new@example.org")
    test.expect(OK, "bob@example.org")


def broken(test):
    """If the new list is wrong, the old one stays, and one line says why."""
    path = test.scratch / "changing"
    for text, fault in ((b"bob@example.org\nann\n", f"{path}:2: neither an"),
                        (b"", f"{path}: no recipient in it")):
        path.write_bytes(text)
        test.refused(fault)
        test.expect(OK, "ann@example.org", "eve@all.example")
    path.unlink()
    test.refused(f"{path}: No such file or directory")
    test.expect(OK, "ann@example.org")
    shutil.copy(test.scratch / "list", path)
    test.read_again()
    test.expect(OK, "ann@example.org")


def many(test):
    test.expect(OK, "user0@example0.org", "user7919@example1.org")
    test.expect(NO_MAILBOX, "user0@example1.org", "user300008@example0.org")
    test.expect(NOT_OURS, "user0@example7.org")


if __name__ == "__main__":
    globals()[sys.argv[1]](Test(*sys.argv[2:]))
