# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Users log in, and send mail with their own or with other senders.

    senders.py NAME SCRATCH PORT PID TLS-PORT
"""

import shutil
import sys

from server import Server

OK, REFUSED = "250 2.1.0", "553 5.7.1"


class Test(Server):
    def client(self, user=None):
        client = super().client()
        if user is not None:
            client.log_in(user)
        return client

    def expect(self, reply, user, *senders, client=None):
        client = client or self.client(user)
        for sender in senders:
            try:
                client.command(f"MAIL FROM:<{sender}> SMTPUTF8", reply)
            except AssertionError as error:
                raise AssertionError(user, sender) from error
            client.command("RSET", 250)


def any_sender(test):
    """A user without a third field may use any sender."""
    test.expect(OK, "any", "any@example.org", "one@example.org", "",
                "a@other.example", "root")


def listed(test):
    test.expect(OK, "one", "one@example.org", "one@EXAMPLE.ORG", "",
                '"one"@example.org', r'"o\ne"@example.org', "one@example.org.",
                "@relay.example:one@example.org")
    test.expect(OK, "several", "several@example.org", "a@example.net", "",
                '"john smith"@example.org', "B@EXAMPLE.NET",
                "jürgen@example.net")
    test.expect(OK, "fields", "fields@example.org", "")
    # A sender without a domain gets the server's own domain.
    test.expect(OK, "host", "root@mx.example.org", "root")


def nobody_else(test):
    test.expect(REFUSED, "one", "several@example.org", "one@example.net",
                "one@sub.example.org", "onee@example.org", "on@example.org",
                "one", "one+a@example.org", '"one "@example.org',
                '"one@example.org"@example.net', "postmaster@example.org",
                "öne@example.org")
    test.expect(REFUSED, "several", "one@example.org", "a@sub.example.net",
                "john@example.org", "smith@example.org", "a@example.org",
                '"example.net"@example.org', '"@example.net"@example.org')
    test.expect(REFUSED, "fields", "one@example.org", "a@example.net")
    test.expect(REFUSED, "host", "root@example.org")
    # An empty list allows only the null sender.
    for user in "nobody", "dovecot":
        test.expect(REFUSED, user, user + "@example.org", "root")
        test.expect(OK, user, "")


def case(test):
    test.expect(REFUSED, "one", "One@example.org")
    test.expect(REFUSED, "several", "SEVERAL@example.org",
                '"John Smith"@example.org')


def ignored_case(test):
    test.expect(OK, "one", "One@example.org", "ONE@EXAMPLE.ORG")
    test.expect(OK, "several", '"John Smith"@example.org')


def without_a_user(test):
    """The lists do not apply to a client that has not logged in, or whose login
    was refused."""
    client = test.client()
    test.expect(OK, None, "one@example.org", "a@example.net", client=client)
    client.log_in("one", "wrong", 535)
    test.expect(OK, None, "several@example.org", client=client)


def xclient(test):
    """A user whom a proxy names may use the same senders as after a login.  If
    the file does not have this user, no sender is allowed."""
    for user, reply in ("one", OK), ("any", OK), ("several", REFUSED), \
            ("stranger", REFUSED), ("On", REFUSED), ("onee", REFUSED):
        client = test.client()
        client.command(f"XCLIENT ADDR=192.0.2.1 LOGIN={user}", 220)
        client.command("EHLO client.example.org", 250)
        test.expect(reply, user, "one@example.org", client=client)
        test.expect(OK, user, "", client=client)


def elsewhere(test):
    """The server does not relay mail, not even for a user."""
    client = test.client("one")
    client.command("MAIL FROM:<one@example.org>", 250)
    client.command("RCPT TO:<bob@example.org>", 250)
    client.command("RCPT TO:<bob@elsewhere.example>", "550 5.7.1")


def changed(test):
    """Present sessions keep the old list."""
    path = test.scratch / "passwd"
    old = test.client("one")
    path.write_text(path.read_text().replace("one@example.org",
                                             "one@new.example"))
    test.read_again()
    test.expect(OK, "one", "one@example.org", client=old)
    test.expect(OK, "one", "one@new.example")
    test.expect(REFUSED, "one", "one@example.org")
    shutil.copy(test.scratch / "old.passwd", path)
    test.read_again()
    test.expect(OK, "one", "one@example.org")


def many(test):
    for user in "user0", "user7919", "user100000", "user1", "user50000":
        test.expect(OK, user, user + "@example.org")
        test.expect(REFUSED, user, user + "1@example.org")


if __name__ == "__main__":
    globals()[sys.argv[1]](Test(*sys.argv[2:]))
